import CatalogueModel
import Core
import Planning
import Resolution

/// A plan's own parts in a form that is written. Entries stand once, as records; everything else
/// refers to them by what they are.
struct SavedContents: Codable {
  struct Key: Codable, Hashable {
    var model: Int64
    var version: Int64
    var file: Int64
    var sha256: String

    init(_ identity: EntryIdentity) {
      model = identity.key.model.rawValue
      version = identity.key.version.rawValue
      file = identity.key.file.rawValue
      sha256 = identity.digest.hex
    }
  }

  struct Spot: Codable {
    var tree: String
    var path: String

    init(_ place: Place) {
      tree = place.tree.name
      path = place.path.string
    }
  }

  struct Step: Codable {
    var kind: String
    var place: Spot
    var from: Spot?
    var entry: Key?
    var former: Key?
    var source: String
    var aside: Bool
    var requires: Key?
    var reason: String?
  }

  struct Block: Codable {
    var model: Int64?
    var version: Int64?
    var file: Int64?
    var title: String
    var collections: [String]
    var reason: SavedReason
  }

  struct Replaced: Codable {
    var model: Int64
    var version: Int64
    var file: Int64
    var title: String
    var kept: String
    var offered: String
  }

  struct Mark: Codable {
    var entry: Key
    var was: String
  }

  struct Note: Codable {
    var code: String
    var model: Int64?
    var text: String
  }

  struct Unanswered: Codable {
    var selector: String
    var reason: String
  }

  /// The records as they are when every action succeeds, a text for each model.
  var result: [String]
  /// The records that actions take away or move, likewise.
  var former: [String]
  var actions: [Step]
  var blocked: [Block]
  var replaced: [Replaced]
  var marks: [Mark]
  var notes: [Note]
  var unanswered: [Unanswered]
  var kept: Int
  var fetchBytes: Int64
  var inStoreBytes: Int64
  var neededBytes: Int64
}

// MARK: Writing

extension SavedContents {
  init(_ plan: Plan) {
    result = Self.texts(plan.result)
    var seen: Set<EntryIdentity> = []
    former = Self.texts(
      plan.actions.compactMap(\.former).filter { seen.insert($0.identity).inserted })
    actions = plan.actions.map { action in
      Step(
        kind: action.kind.rawValue, place: Spot(action.place), from: action.from.map(Spot.init),
        entry: action.entry.map { Key($0.identity) },
        former: action.former.map { Key($0.identity) }, source: action.source.rawValue,
        aside: action.movesAside, requires: action.requires.map(Key.init), reason: action.reason)
    }
    blocked = plan.blocked.map { entry in
      Block(
        model: entry.model?.rawValue, version: entry.version?.rawValue, file: entry.file?.rawValue,
        title: entry.title, collections: entry.collections, reason: SavedReason(entry.reason))
    }
    replaced = plan.replaced.map { file in
      Replaced(
        model: file.key.model.rawValue, version: file.key.version.rawValue,
        file: file.key.file.rawValue, title: file.title, kept: file.kept.hex,
        offered: file.offered.hex)
    }
    marks = plan.marks.map { Mark(entry: Key($0.entry.identity), was: $0.was.rawValue) }
    notes = plan.notes.map { note in
      let (code, model) = note.coded
      return Note(code: code, model: model?.rawValue, text: note.text)
    }
    unanswered = plan.unanswered.map { Unanswered(selector: $0.selector, reason: $0.reason) }
    kept = plan.kept
    fetchBytes = plan.space.fetch.bytes
    inStoreBytes = plan.space.inStore.bytes
    neededBytes = plan.space.needed.bytes
  }

  private static func texts(_ entries: [Entry]) -> [String] {
    Entry.models(of: entries).map { model in
      String(decoding: RecordFormat.encode(model, for: .snapshot), as: UTF8.self)
    }
  }
}

// MARK: Reading

extension SavedContents {
  func plan() throws(EngineError) -> Plan {
    do {
      return try decoded()
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError(
        "C171", "the saved plan is damaged: \(error)", help: "make it anew with `civsync plan -o`",
        exit: .usage)
    }
  }

  private func decoded() throws -> Plan {
    let result = try Self.entries(self.result)
    let before = Self.byIdentity(try Self.entries(former))
    let after = Self.byIdentity(result)
    var plan = Plan(kept: kept, result: result)
    plan.actions = try actions.map { step in
      let entry = try step.entry.map { try Self.find($0, after) }
      // A replaced entry may stand in the result as well, at another place.
      let former = try step.former.map { try before[$0] ?? Self.find($0, after) }
      return Action(
        kind: try Self.word(step.kind), place: try step.place.place(),
        from: try step.from?.place(), entry: entry, former: former,
        source: try Self.word(step.source), movesAside: step.aside,
        requires: try step.requires?.identity(), reason: step.reason)
    }
    plan.blocked = try blocked.map { block in
      BlockedEntry(
        model: block.model.map { ModelID($0) }, version: block.version.map { VersionID($0) },
        file: block.file.map { FileID($0) }, title: block.title,
        reason: try block.reason.reason(), collections: block.collections)
    }
    plan.replaced = try replaced.map { file in
      ReplacedFile(
        key: FileKey(
          model: ModelID(file.model), version: VersionID(file.version), file: FileID(file.file)),
        title: file.title, kept: try Self.digest(file.kept),
        offered: try Self.digest(file.offered))
    }
    plan.marks = try marks.map { mark in
      Planning.Mark(entry: try Self.find(mark.entry, after), was: try Self.word(mark.was))
    }
    plan.notes = notes.map { .told(code: $0.code, $0.model.map { ModelID($0) }, text: $0.text) }
    plan.unanswered = unanswered.map {
      UnansweredSelector(selector: $0.selector, reason: $0.reason)
    }
    plan.space = SpaceNeed(
      fetch: ByteCount(fetchBytes), inStore: ByteCount(inStoreBytes),
      needed: ByteCount(neededBytes))
    return plan
  }

  private static func entries(_ texts: [String]) throws(RecordError) -> [Entry] {
    var models: [RecordedModel] = []
    for text in texts { models.append(try RecordFormat.decode(Array(text.utf8))) }
    return Entry.entries(of: models)
  }

  private static func byIdentity(_ entries: [Entry]) -> [Key: Entry] {
    Dictionary(entries.map { (Key($0.identity), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func find(_ key: Key, _ entries: [Key: Entry]) throws(SavedPlanProblem) -> Entry {
    guard let entry = entries[key] else {
      throw SavedPlanProblem(what: "the record of \(key.model)@\(key.version)+\(key.file)")
    }
    return entry
  }

  static func word<Word: RawRepresentable>(
    _ text: String
  ) throws(SavedPlanProblem) -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
      throw SavedPlanProblem(what: "a word that is known in the place of `\(text)`")
    }
    return word
  }

  static func digest(_ hex: String) throws(SavedPlanProblem) -> Digest {
    guard let digest = Digest(hex: hex) else { throw SavedPlanProblem(what: "a SHA-256") }
    return digest
  }
}

/// Something that a saved plan should have and has not.
struct SavedPlanProblem: Error, CustomStringConvertible {
  var what: String
  var description: String { "it lacks \(what)" }
}

extension SavedContents.Spot {
  func place() throws(SavedPlanProblem) -> Place {
    guard let path = TreePath(path) else { throw SavedPlanProblem(what: "a path in a tree") }
    return Place(tree: TreeName(tree), path: path)
  }
}

extension SavedContents.Key {
  func identity() throws(SavedPlanProblem) -> EntryIdentity {
    EntryIdentity(
      key: FileKey(model: ModelID(model), version: VersionID(version), file: FileID(file)),
      digest: try SavedContents.digest(sha256))
  }
}
