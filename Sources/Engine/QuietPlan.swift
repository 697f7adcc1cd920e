import CatalogueModel
import ContentStore
import Core
import GitStore
import History
import Index
import ManifestModel
import Planning
import Resolution
import SystemIO
import Tree

/// What a plan without a network came to that had nothing to do: everything in it but the looks at the
/// trees. As long as all that it was made from is the same, only those have to be taken again.
struct QuietMemo: Equatable {
  /// Of all that the plan was made from.
  var origin: Digest
  var kept: Int
  var blocked: [BlockedEntry]
  var notes: [ResolutionNote]
}

extension QuietMemo {
  /// - Returns: `nil` for a plan that says more than a memo can.
  init?(_ plan: Plan, origin: Digest) {
    guard !plan.hasChanges, plan.replaced.isEmpty, plan.marks.isEmpty, plan.unanswered.isEmpty,
      plan.blocked.allSatisfy({ $0.reason == .offline })
    else { return nil }
    let notes = plan.notes.compactMap(\.kept)
    guard notes.count == plan.notes.count else { return nil }
    self.init(origin: origin, kept: plan.kept, blocked: plan.blocked, notes: notes)
  }

  private static let header = Array("civsync-quiet 1\n".utf8)

  var bytes: [UInt8] {
    var bytes = Self.header
    bytes.append(digest: origin)
    bytes.append(number: kept)
    bytes.append(number: blocked.count)
    for entry in blocked {
      for id in [entry.model?.rawValue, entry.version?.rawValue, entry.file?.rawValue] {
        bytes.append(text: id.map { "\($0)" } ?? "")
      }
      bytes.append(text: entry.title)
      bytes.append(number: entry.collections.count)
      for name in entry.collections { bytes.append(text: name) }
    }
    bytes.append(number: notes.count)
    for note in notes {
      bytes.append(text: note.coded.code)
      bytes.append(text: note.coded.model.map { "\($0)" } ?? "")
      bytes.append(text: note.text)
    }
    return bytes
  }

  /// - Returns: `nil` for anything but what ``bytes`` wrote.
  init?(bytes: [UInt8]) {
    guard bytes.starts(with: Self.header) else { return nil }
    var reader = ByteReader(bytes, at: Self.header.count)
    guard let origin = reader.digest(), let kept = reader.number(), let blocks = reader.number()
    else { return nil }
    self.init(origin: origin, kept: kept, blocked: [], notes: [])
    for _ in 0..<blocks {
      guard let model = reader.text(), let version = reader.text(), let file = reader.text(),
        let title = reader.text(), let count = reader.number()
      else { return nil }
      var names: [String] = []
      for _ in 0..<count {
        guard let name = reader.text() else { return nil }
        names.append(name)
      }
      blocked.append(
        BlockedEntry(
          model: Int64(model).map { ModelID($0) }, version: Int64(version).map { VersionID($0) },
          file: Int64(file).map { FileID($0) }, title: title, reason: .offline, collections: names))
    }
    guard let count = reader.number() else { return nil }
    for _ in 0..<count {
      guard let code = reader.text(), let model = reader.text(), let text = reader.text()
      else { return nil }
      notes.append(.told(code: code, Int64(model).map { ModelID($0) }, text: text))
    }
    guard reader.isAtEnd else { return nil }
  }
}

extension [UInt8] {
  fileprivate mutating func append(stampOf status: FileStatus) {
    let time = status.modified
    append(
      text: "\(status.device) \(status.inode) \(status.size) \(time.seconds) \(time.nanoseconds)")
  }
}

extension ResolutionNote {
  /// In words, where it follows from manifest, records and lock alone.
  fileprivate var kept: ResolutionNote? {
    switch self {
    case .unknownFolder, .filteredOut, .policyUnmet, .protectedStay:
      .told(code: coded.code, coded.model, text: text)
    case .renamed, .fallbackAnswered, .olderOffered, .unknownUser, .gateTried, .lengthUnknown,
      .protectedKept, .editedStay, .linkedOtherwise, .storeOfAnother, .storeReadOnly,
      .told:
      nil
    }
  }
}

extension Engine {
  private static var quietMemo: String { "quiet" }

  /// The plan without a network, where it is known to have nothing to do if only all files are as
  /// they were placed, and they are.
  /// - Returns: `nil` when it has to be made: then nothing was said or written.
  func quietPlan() async throws(EngineError) -> PlannedRun? {
    let (manifest, warnings) = try loadManifest()
    guard try pendingText() == nil else { return nil }
    let known = try await disk.run { () throws(EngineError) in try self.knownQuiet(manifest) }
    guard let (memo, placed) = known else { return nil }
    let workspace = try workspace(trees: placed.trees, store: manifest.store)
    try checkRoots(workspace, claimed: workspace.roots)
    try await disk.run { () throws(EngineError) in try self.requireStore(workspace.store) }
    let world = await worldObserver(workspace, verifies: false)
    let view = try await world.view(of: placed.spots, ObjectsToSee(placed.spots))
    guard memo.kept == placed.spots.count, view.isIntact, let free = try? world.freeSpace()
    else { return nil }
    var run = PlannedRun(
      plan: Plan(
        blocked: memo.blocked, notes: memo.notes, kept: memo.kept, space: SpaceNeed(free: free)),
      warnings: warnings,
      knownBlocks: BlockMemory(project, fileSystem).known(among: memo.blocked))
    run.estimatedSeconds = runRecords.seconds(for: .zero)
    return run
  }

  private func knownQuiet(
    _ manifest: Manifest
  ) throws(EngineError) -> (QuietMemo, PlacedList)? {
    guard let index = openIndex(), let bytes = index.memo(Self.quietMemo),
      let memo = QuietMemo(bytes: bytes), let head = try headID(),
      memo.origin == origin(manifest, head), let placed = knownPlacedList(head, index)
    else { return nil }
    return placed.trees == manifest.treeRoots.sorted { $0.name < $1.name } ? (memo, placed) : nil
  }

  /// Keeps what a plan without a network came to, for the next one.
  func rememberQuiet(_ survey: Survey) async {
    let (plan, manifest) = (survey.plan, survey.manifest)
    guard let head = survey.head, let commit = head.id else { return }
    // What companions are wanted shows only with all of the records at hand.
    let wantsCompanions = manifest.collections.contains { !$0.sidecars.isEmpty || $0.previews > 0 }
    if wantsCompanions || survey.former.contains(where: { !$0.file.companions.isEmpty }) { return }
    await disk.run {
      guard let origin = self.origin(manifest, commit), let memo = QuietMemo(plan, origin: origin)
      else { return }
      let index = self.openIndex()
      index?.keep(memo.bytes, as: Self.quietMemo)
      if self.knownPlacedList(commit, index) == nil {
        self.rememberPlaced(survey.former, head.treeRoots, commit)
      }
    }
  }

  /// A digest of everything that a plan without a network is made from, but for the trees, the store
  /// and what time it is: such a plan knows of no time.
  /// - Returns: `nil` when something of it cannot be read.
  private func origin(_ manifest: Manifest, _ head: CommitID) -> Digest? {
    var parts: [UInt8] = []
    parts.append(text: context.userAgent)
    parts.append(text: head.hex)
    parts.append(number: token == nil ? 0 : 1)
    for source in manifest.sources {
      parts.append(text: source.role.rawValue)
      parts.append(text: source.name)
      parts.append(number: source.bytes.count)
      parts += source.bytes
    }
    // Variables are expanded in paths: the same bytes may mean others.
    for tree in manifest.trees {
      parts.append(text: tree.name.name)
      parts.append(text: tree.root.string)
    }
    parts.append(text: manifest.store?.string ?? "")
    do throws(SystemError) {
      // All that the state folder remembers beside the history counts, what it is for or not.
      for entry in try fileSystem.list(project.state) where entry.kind != .folder {
        let name = entry.displayName
        if name.hasPrefix("index.sqlite") || name == project.processLock.name { continue }
        guard let status = try fileSystem.status(project.state.appending(name)) else { return nil }
        parts.append(text: name)
        parts.append(stampOf: status)
      }
      let lock = try fileSystem.status(project.lockFile)
      guard let lock else { return nil }
      parts.append(stampOf: lock)
    } catch {
      return nil
    }
    return ContentHasher.digest(of: parts)
  }
}
