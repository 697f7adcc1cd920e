package import CatalogueModel
import ContentStore
package import Core
package import GitStore
import History
import ManifestModel
import Planning
package import Resolution
import SystemIO

/// What is known of the things that a user names: why they are there, or are not.
package struct WhyReport: Sendable {
  package var entries: [KnownEntry] = []
  /// What the manifest asks for, and what kept it from being placed.
  package var kept: [KeptOut] = []
  /// What earlier snapshots had.
  package var removed: [RemovedFile] = []
  /// Why the manifest could not be asked; `nil` when it could.
  package var manifestProblem: String?
  /// What an interrupted run left to be brought to its end, in words.
  package var pending: String?

  package var isEmpty: Bool { entries.isEmpty && kept.isEmpty && removed.isEmpty }

  package struct KnownEntry: Sendable {
    package var entry: Entry
    /// `false`: only the lock has it, nothing is placed here.
    package var isPlaced: Bool
    package var selectedBy: [SelectedBy]
    package var standing: [Standing]
    package var isStored: Bool
    /// Where a person finds it.
    package var page: String?
    /// Where its bytes come from; `nil` for an object without a URL.
    package var download: String?
  }

  package struct Standing: Sendable {
    package var place: Place
    package var path: AbsolutePath?
    package var origin: PathOrigin
    /// The first snapshot of the unbroken run that has it there.
    package var since: SnapshotInfo?
  }

  package struct KeptOut: Sendable {
    package var title: String
    package var selectedBy: [SelectedBy]
    package var collections: [String]
    /// A stable word; `nil` when it just was not applied yet.
    package var code: String?
    package var text: String
  }

  package struct RemovedFile: Sendable {
    package var entry: Entry
    package var by: SnapshotInfo
    package var last: CommitID
    package var isStored: Bool
  }
}

/// A question, and what is looked at to answer it.
struct Inquiry {
  var selector: EntrySelector
  /// A path on disk below a root, as a place.
  var place: Place?
  /// What stands at that path.
  var onDisk: FileKind?
  var manifest: Manifest?
  var head: Snapshot?
  var known: [(entry: Entry, isPlaced: Bool)]
  /// The snapshots, newest first.
  var line: [CommitID]
  var report: WhyReport

  func means(_ entry: Entry) -> Bool {
    if let place {
      let below = place.path.string + "/"
      let isMeant = entry.file.places.contains {
        $0 == place
          || onDisk == .folder && $0.tree == place.tree && $0.path.string.hasPrefix(below)
      }
      if isMeant { return true }
    }
    return selector.matches(entry)
  }
}

extension Engine {
  /// Everything that is known of what a text names, from history, lock, manifest and store alone.
  /// - Parameters:
  ///   - text: a path as printed or on disk, a digest or its beginning, a model, or a collection.
  ///   - folder: where relative paths on disk begin.
  /// - Throws: `C142` when nothing is known of it.
  package func why(_ text: String, in folder: AbsolutePath) async throws -> WhyReport {
    try await disk.run { () throws(EngineError) in
      self.noteKnownStore()
      var inquiry = try self.inquiry(text, in: folder)
      inquiry.report.entries = try inquiry.known.filter { inquiry.means($0.entry) }
        .map { known throws(EngineError) in try self.explain(known, inquiry) }
      inquiry.report.kept = self.keptOut(inquiry)
      if inquiry.report.entries.isEmpty {
        inquiry.report.removed = try self.removed(inquiry)
      }
      if inquiry.report.isEmpty { throw self.unknown(text, inquiry) }
      return inquiry.report
    }
  }

  private func inquiry(
    _ text: String, in folder: AbsolutePath
  ) throws(EngineError) -> Inquiry {
    var report = WhyReport()
    var manifest: Manifest?
    do throws(EngineError) {
      manifest = try loadManifest().manifest
    } catch {
      report.manifestProblem = "`civsync validate` tells what is wrong with it"
    }
    report.pending = try pendingText()
    let head = try headSnapshot()
    let placed = head?.entries ?? []
    let identities = Set(placed.map(\.identity))
    let locked = try lockFile.read()
    let known =
      placed.map { (entry: $0, isPlaced: true) }
      + locked.filter { !identities.contains($0.identity) }.map { (entry: $0, isPlaced: false) }
    var collections = Set(manifest?.collections.map(\.name) ?? [])
    for (entry, _) in known { collections.formUnion(entry.file.collections) }
    guard
      let selector = EntrySelector(
        parsing: text, collections: collections,
        hosts: Set((manifest?.endpoints ?? []).map(\.host)))
    else {
      throw EngineError(
        "C143", "`\(text)` names nothing that can be looked for",
        help: "name a path, a digest, a model or a collection", exit: .usage)
    }
    let place = onDisk(text, folder, manifest, head)
    let path = folder.resolving(text)
    return Inquiry(
      selector: selector, place: place,
      onDisk: place == nil ? nil : path.flatMap { try? fileSystem.status($0) }?.kind,
      manifest: manifest, head: head, known: known,
      line: try reading { history throws(HistoryError) in try history.line() }, report: report)
  }

  /// The place that a path on disk is, in one of the trees.
  private func onDisk(
    _ text: String, _ folder: AbsolutePath, _ manifest: Manifest?, _ head: Snapshot?
  ) -> Place? {
    var roots = head?.roots ?? [:]
    for tree in manifest?.trees ?? [] where roots[tree.name] == nil { roots[tree.name] = tree.root }
    guard let path = folder.resolving(text) else { return nil }
    for (tree, root) in roots.sorted(by: { $0.key < $1.key }) where root.contains(path) {
      let rest = String(path.string.dropFirst(root.string.count + 1))
      if let inside = TreePath(rest) { return Place(tree: tree, path: inside) }
    }
    return nil
  }

  private func explain(
    _ known: (entry: Entry, isPlaced: Bool), _ inquiry: Inquiry
  ) throws(EngineError) -> WhyReport.KnownEntry {
    let entry = known.entry
    let roots = inquiry.head?.roots ?? [:]
    var standing: [WhyReport.Standing] = []
    for place in entry.file.places {
      standing.append(
        WhyReport.Standing(
          place: place, path: roots[place.tree]?.appending(place.path),
          origin: inquiry.manifest.map { Provenance.origin(of: place, entry, in: $0) } ?? .unknown,
          since: known.isPlaced ? try since(entry.identity, at: place, inquiry.line) : nil))
    }
    let endpoint = inquiry.manifest?.endpoints.first ?? Manifest.defaultEndpoints.first
    return WhyReport.KnownEntry(
      entry: entry, isPlaced: known.isPlaced,
      selectedBy: inquiry.manifest.map { Provenance.selecting(entry, in: $0) } ?? [],
      standing: standing, isStored: isStored(entry.digest), page: page(entry, endpoint),
      download: download(entry, endpoint))
  }

  func isStored(_ digest: Digest) -> Bool {
    guard let workspace = try? workspace(trees: [], store: nil) else { return false }
    return (try? workspace.store.stat(digest))?.isSealed ?? false
  }
}
