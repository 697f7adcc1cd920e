import CatalogueModel
package import Core
import Diagnostics
import FoundationEssentials
package import Planning
import Resolution
package import SystemIO

/// A plan on disk: everything that carrying it out needs, and what it is bound to. `Docs/Formats.md`
/// describes the file.
package struct SavedPlan: Codable, Sendable {
  static let format = "civsync-plan"
  static let version = 1

  struct Text: Codable, Equatable {
    var path: String
    var role: String
    var sha256: String
  }

  struct Root: Codable, Equatable {
    var name: String
    var root: String
  }

  /// How the world was when the plan was made; a plan is good for that world only.
  struct Bounds: Codable {
    var manifests: [Text]
    /// Of the lock's bytes; `nil` when there was none.
    var lock: String?
    /// The last snapshot; `nil` on an empty history.
    var head: String?
    var store: String
    var trees: [Root]
    /// What stood at each place that the plan touches.
    var places: [SavedPlace]
    /// Objects that the plan takes from the store.
    var stored: [String]
  }

  var format = Self.format
  var version = Self.version
  /// Tells this plan from all others: it is carried out once.
  var id: String
  var created: String
  var civsync: String
  var bounds: Bounds
  var isPart: Bool
  var contents: SavedContents
}

struct SavedPlace: Codable, Hashable {
  var tree: String
  var path: String
  var seen: String

  init(_ place: Place, _ seen: Observed) {
    tree = place.tree.name
    path = place.path.string
    self.seen = seen.saved
  }
}

extension Observed {
  /// A word for what was seen, and the content where it was read.
  var saved: String {
    switch self {
    case .absent: "nothing"
    case .intact: "the placed file"
    case .modified: "a changed file"
    case .foreignFile(_, let digest?): "a file with SHA-256 \(digest.short)"
    case .foreignFile(let bytes, nil): "another file of \(bytes)"
    case .foreignOther: "something that is no file"
    case .unsafe, .behind: "a way that leads out of the tree"
    }
  }
}

// MARK: Reading

extension SavedPlan {
  /// How large a file may be that is read as a plan.
  static let limit = 1 << 30

  /// Reads a saved plan, whatever has become of the world since.
  package static func load(
    _ path: AbsolutePath, _ fileSystem: FileSystem
  ) throws(EngineError) -> SavedPlan {
    let bytes: [UInt8]?
    do {
      bytes = try fileSystem.read(path, limit: limit)
    } catch {
      throw EngineError("C170", "cannot read the plan `\(path)`: \(error)", exit: .usage)
    }
    guard let bytes else {
      throw EngineError(
        "C170", "there is no plan `\(path)`", help: "`civsync plan -o \(path.name)` makes one",
        exit: .usage)
    }
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(bytes)),
      header.format == format
    else {
      throw EngineError(
        "C171", "`\(path)` is not a saved plan", help: "`civsync plan -o FILE` makes one",
        exit: .usage)
    }
    guard header.version == version else {
      throw EngineError(
        "C172",
        "the plan `\(path)` is of version \(header.version), this civsync knows version \(version)",
        help: "make it anew with `civsync plan -o \(path.name)`", exit: .stale)
    }
    do {
      return try JSONDecoder().decode(SavedPlan.self, from: Data(bytes))
    } catch {
      throw EngineError(
        "C171", "the plan `\(path)` is damaged", notes: ["\(error)".prefix(200).description],
        help: "make it anew with `civsync plan -o \(path.name)`", exit: .usage)
    }
  }

  private struct Header: Decodable {
    var format: String
    var version: Int
  }

  /// Whether a file begins as a saved plan does, without reading all of it.
  package static func isSavedPlan(_ path: AbsolutePath, _ fileSystem: FileSystem) -> Bool {
    guard
      let bytes = try? fileSystem.read(path, limit: limit),
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes))
    else { return false }
    return header.format == format
  }

  /// Which plan these bytes are; `nil` for anything else.
  static func planID(of bytes: [UInt8]) -> String? {
    struct Named: Decodable {
      var format: String
      var id: String
    }
    guard let plan = try? JSONDecoder().decode(Named.self, from: Data(bytes)),
      plan.format == format
    else { return nil }
    return plan.id
  }

  func encoded() throws(EngineError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(self)) + [0x0A]
    } catch {
      throw EngineError("C173", "the plan cannot be written as JSON: \(error)")
    }
  }

  /// The plan as it was made.
  package func plan() throws(EngineError) -> Plan { try contents.plan() }
}
