import CatalogueModel
import Civitai
import Core
import GitStore
import History
import ManifestModel
import Planning
import Resolution
import SystemIO

extension Engine {
  /// Where the catalogue shows it; an object has no page.
  func page(_ entry: Entry, _ endpoint: SafeURL?) -> String? {
    guard entry.model.id.rawValue > 0, let endpoint else { return nil }
    return "\(endpoint.appending(path: "/models/\(entry.model.id)", query: []))"
      + "?modelVersionId=\(entry.version.id)"
  }

  func download(_ entry: Entry, _ endpoint: SafeURL?) -> String? {
    // Without its query, in which a signature may travel.
    if let url = entry.file.url { return SafeURL(url)?.description ?? url }
    guard entry.model.id.rawValue > 0, let endpoint else { return nil }
    return downloadURL(endpoint: endpoint, version: entry.version.id, file: entry.file).wire
  }

  func since(
    _ identity: EntryIdentity, at place: Place, _ line: [CommitID]
  ) throws(EngineError) -> SnapshotInfo? {
    let entry = try reading { history throws(HistoryError) in
      try history.since(identity.key.model, along: line) { model in
        Entry.entries(of: [model]).contains {
          $0.identity == identity && $0.file.places.contains(place)
        }
      }
    }
    return entry.map { SnapshotInfo($0) }
  }

  /// What the manifest asks for and no record has, with what keeps it.
  func keptOut(_ inquiry: Inquiry) -> [WhyReport.KeptOut] {
    var (model, version): (ModelID?, VersionID?)
    switch inquiry.selector.meaning {
    case .model(let id, let asked, _): (model, version) = (id, asked)
    case .version(let asked): version = asked
    case .collection, .digest, .path: break
    }
    let lines = inquiry.manifest.map {
      Provenance.naming(model: model, version: version, in: $0)
    }
    var found = BlockMemory(project, fileSystem).all().filter { isMeant($0, inquiry) }.map {
      block in
      WhyReport.KeptOut(
        title: block.title,
        selectedBy: (lines ?? []).filter { block.collections.contains($0.collection) },
        collections: block.collections, code: block.code,
        text: block.text ?? "blocked: \(block.code)")
    }
    found += refused(inquiry, model, version, told: Set(found.compactMap(\.code)))
    let isKnown = inquiry.known.contains { inquiry.means($0.entry) }
    if found.isEmpty, !isKnown, let lines, !lines.isEmpty {
      found.append(
        WhyReport.KeptOut(
          title: model.map { "model \($0)" } ?? version.map { "version \($0)" } ?? "",
          selectedBy: lines, collections: lines.map(\.collection),
          text: "the manifest asks for it, and it is not placed yet; `civsync plan` shows what "
            + "becomes of it"))
    }
    return found
  }

  private func isMeant(_ block: RememberedBlock, _ inquiry: Inquiry) -> Bool {
    switch inquiry.selector.meaning {
    case .collection(let name): block.collections.contains(name)
    case .model(let model, let version, let file):
      block.model == model && (version == nil || block.version == version)
        && (file == nil || block.file == file)
    case .version(let version): block.version == version
    case .path: inquiry.place.map { block.text?.contains("`\($0)`") ?? false } ?? false
    case .digest: false
    }
  }

  /// Refusals that downloads met and that no remembered block tells already.
  private func refused(
    _ inquiry: Inquiry, _ model: ModelID?, _ version: VersionID?, told: Set<String>
  ) -> [WhyReport.KeptOut] {
    let refusals = Refusals(path: project.refusals, fileSystem: fileSystem)
      .current(now: context.unixTime, hasToken: token != nil)
    return refusals.sorted { $0.key < $1.key }.compactMap { identity, reason in
      var isMeant = model.map { $0 == identity.key.model } ?? (version != nil)
      if let version, version != identity.key.version { isMeant = false }
      if case .digest(let digits) = inquiry.selector.meaning {
        isMeant = identity.digest.hex.hasPrefix(digits)
      }
      guard isMeant, !told.contains(reason.code) else { return nil }
      return WhyReport.KeptOut(
        title: "\(identity.key)", selectedBy: [], collections: [], code: reason.code,
        text: reason.text)
    }
  }

  /// What earlier snapshots had of it.
  func removed(_ inquiry: Inquiry) throws(EngineError) -> [WhyReport.RemovedFile] {
    let found = try reading { history throws(HistoryError) in
      try history.removed(limit: 20) { inquiry.means($0) }
    }
    return found.map { removed in
      WhyReport.RemovedFile(
        entry: removed.entry, by: SnapshotInfo(removed.by), last: removed.last,
        isStored: isStored(removed.entry.digest))
    }
  }

  func unknown(_ text: String, _ inquiry: Inquiry) -> EngineError {
    let near = EntrySelector.near(
      text, collections: Set(inquiry.manifest?.collections.map(\.name) ?? []),
      entries: inquiry.known.map(\.entry))
    var notes = near.map { "perhaps you mean \($0)" }
    switch inquiry.onDisk {
    case nil: break
    case .folder: notes.insert("the folder is there, and civsync placed nothing in it", at: 0)
    default: notes.insert("a file stands there that civsync did not place: it is yours", at: 0)
    }
    return EngineError(
      "C142", "nothing is known of `\(text)`: no snapshot, no lock and no manifest has it",
      notes: notes,
      help: "name a path as `civsync plan` prints it, eight digits or more of a SHA-256, a model's "
        + "id or address, or a collection")
  }
}
