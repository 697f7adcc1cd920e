import CatalogueModel
import ContentStore
import Core
import Planning
import Sidecars
import SystemIO
import Tree

/// The companions that a run places and takes away, their content in the store.
struct CompanionRun: Sendable {
  /// Each with its digest by now.
  var actions: [CompanionAction] = []
  /// What was made or fetched, pinned.
  var made: [CompanionSlot: RecordedCompanion] = [:]

  /// The entries with what was made for them.
  func recorded(in entries: [Entry]) -> [Entry] {
    var byEntry: [EntryIdentity: [RecordedCompanion]] = [:]
    for (slot, companion) in made { byEntry[slot.entry, default: []].append(companion) }
    return entries.map { entry in
      guard let new = byEntry[entry.identity] else { return entry }
      var entry = entry
      entry.file.companions.removeAll { old in
        new.contains { $0.kind == old.kind && $0.number == old.number }
      }
      entry.file.companions = (entry.file.companions + new).sorted {
        ($0.kind.rawValue, $0.number) < ($1.kind.rawValue, $1.number)
      }
      return entry
    }
  }

  var steps: [SwitchStep] { actions.compactMap { SwitchStep($0) } }
}

extension RunLedger {
  /// The companions' part of the plan, without what goes along with a file that could not be had,
  /// or with one that therefore stays.
  func companions(of plan: Plan) -> [CompanionAction] {
    guard !plan.companions.isEmpty else { return [] }
    var standing: [EntryIdentity: Set<Place>] = [:]
    for entry in result { standing[entry.identity, default: []].formUnion(entry.file.places) }
    let staying = Set(plan.result.map(\.identity))
    return plan.companions.filter { action in
      let stands = standing[action.slot.entry]?.contains(action.beside) ?? false
      // A companion goes away from a file that stays only when the manifest says so.
      return action.kind == .remove
        ? !stands || staying.contains(action.slot.entry) : stands
    }
  }
}

extension Engine {
  /// Makes and fetches what the plan says, into the store. What cannot be had is left out and told
  /// of: a picture is no reason for an apply to fail.
  func makeCompanions(
    _ actions: [CompanionAction], _ material: CompanionMaterial, _ store: ContentStore,
    _ fetcher: CompanionFetcher
  ) async throws -> CompanionRun {
    var run = CompanionRun()
    let toMake = actions.filter(\.isMade)
    if !toMake.isEmpty {
      let slots = Dictionary(toMake.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
      let pictures = try await fetchPictures(Array(slots.values), fetcher)
      for (slot, action) in slots.sorted(by: { $0.key < $1.key }) {
        guard let bytes = try await content(of: action, material, pictures, store) else { continue }
        run.made[slot] = try await keep(bytes, slot, store)
      }
      try await publish(store)
    }
    run.actions = actions.compactMap { action in
      guard action.isMade else { return action }
      guard let made = run.made[action.slot] else { return nil }
      var action = action
      action.digest = made.digest
      return action
    }
    return run
  }

  private func content(
    of action: CompanionAction, _ material: CompanionMaterial, _ pictures: [SafeURL: [UInt8]],
    _ store: ContentStore
  ) async throws -> [UInt8]? {
    switch action.source {
    case .network(let url): return pictures[url]
    case .generated:
      guard var subject = material.subjects[action.slot.entry] else { return nil }
      let digest = action.slot.entry.digest
      // The catalogue's size is advisory; what stands in the store is exact.
      if let size = try await disk.run({ () throws(EngineError) in
        try self.exactSize(of: digest, store)
      }) {
        subject.file.bytes = size
      }
      return sidecar(action.slot.kind, of: subject)
    case .store, .none: return nil
    }
  }

  private func fetchPictures(
    _ actions: [CompanionAction], _ fetcher: CompanionFetcher
  ) async throws -> [SafeURL: [UInt8]] {
    var titles: [SafeURL: String] = [:]
    for action in actions {
      if case .network(let url) = action.source { titles[url] = action.title }
    }
    guard !titles.isEmpty else { return [:] }
    let urls = Set(titles.keys)
    let (results, stopped) = await watched(fetcher.pacer) { await fetcher.fetch(urls) }
    if let stopped { throw stopped }
    if Task.isCancelled { throw EngineError.interrupted }
    var found: [SafeURL: [UInt8]] = [:]
    var failed: [SafeURL: String] = [:]
    for (url, picture) in results ?? [:] {
      switch picture {
      case .found(let bytes): found[url] = bytes
      case .failed(let why): failed[url] = why
      case .interrupted: break
      }
    }
    CompanionMemory(project, fileSystem).remember(
      tried: Set(titles.keys.map(\.wire)),
      failed: Dictionary(
        failed.map { ($0.key.wire, $0.value) }, uniquingKeysWith: { first, _ in first }))
    tell(failed, titles)
    return found
  }

  private func tell(_ failed: [SafeURL: String], _ titles: [SafeURL: String]) {
    let lines = failed.map { "\(titles[$0.key] ?? ""): \($0.value) (`\($0.key)`)" }.sorted()
    for line in lines.prefix(3) {
      observer.handle(.notice("a preview could not be had: \(line)"))
    }
    if lines.count > 3 {
      let more = lines.count - 3
      let previews = more == 1 ? "1 more preview" : "\(more) more previews"
      observer.handle(.notice("and \(previews) could not be had"))
    }
  }

  /// Puts bytes into the store and says what they are from now on.
  private func keep(
    _ bytes: [UInt8], _ slot: CompanionSlot, _ store: ContentStore
  ) async throws -> RecordedCompanion {
    let digest = ContentHasher.digest(of: bytes)
    do {
      try await disk.run { () throws(StoreError) in
        let writer = try store.writer(for: digest, length: Int64(bytes.count))
        if !writer.isComplete {
          try writer.start(keeping: false, validator: nil, total: Int64(bytes.count))
          try writer.append(bytes[...])
        }
        try writer.finish()
      }
    } catch {
      throw EngineError(
        "C120", "a sidecar or preview could not be kept in the store: \(error)",
        notes: ["nothing was changed; what was fetched is kept"],
        exit: error.isFull ? .noSpace : .failed)
    }
    return RecordedCompanion(
      kind: slot.kind, number: slot.number, digest: digest, bytes: ByteCount(Int64(bytes.count)))
  }
}

extension SwitchStep {
  /// - Returns: `nil` for what has no content to place.
  fileprivate init?(_ action: CompanionAction) {
    let beside = action.beside.path
    switch action.kind {
    case .create, .repair:
      guard let digest = action.digest else { return nil }
      self.init(.place, action.place, digest: digest, beside: beside)
    case .replace:
      guard let digest = action.digest else { return nil }
      self.init(
        .replace, action.place, digest: digest, previous: action.previous,
        knownModified: action.movesAside, beside: beside)
    case .move:
      self.init(
        .move, action.place, from: action.from, previous: action.digest, knownModified: true,
        beside: beside)
    case .remove:
      self.init(
        .remove, action.place, previous: action.previous, knownModified: action.movesAside,
        beside: beside)
    }
  }
}
