package import Core
internal import FoundationEssentials

/// What somebody needs of a store: a file of `roots/`. A project has one, named by its id; each plan that
/// was saved has one.
///
/// ```
/// civsync-roots 1
/// {"folder":"/home/me/comfy","project":"07c5…","state":"/home/me/comfy/.civsync"}
/// 9f86d081884c7d65…
/// ```
///
/// A line for each object. Lines are added and synced before anything relies on them.
package struct StoreRoot: Hashable, Sendable {
  /// A plan on disk, which counts as long as the file is there and was not carried out.
  package struct Plan: Hashable, Sendable, Codable {
    package var id: String
    package var file: String

    package init(id: String, file: AbsolutePath) {
      self.id = id
      self.file = file.string
    }
  }

  /// Whose it is.
  package struct Owner: Hashable, Sendable, Codable {
    package var project: String
    /// The folder of the project, for people.
    package var folder: String
    /// The state folder: as long as it is there the project is.
    package var state: String
    /// Of a saved plan.
    package var plan: Plan?

    package init(project: String, folder: AbsolutePath, state: AbsolutePath, plan: Plan? = nil) {
      self.project = project
      self.folder = folder.string
      self.state = state.string
      self.plan = plan
    }

    /// What its file is called.
    package var name: String { plan.map { Self.planPrefix + $0.id } ?? project }

    static let planPrefix = "plan-"
  }

  package var owner: Owner
  package var digests: [Digest]

  package init(_ owner: Owner, _ digests: [Digest]) {
    self.owner = owner
    self.digests = digests
  }
}

/// Why a file of `roots/` cannot be used.
package enum RootProblem: Hashable, Sendable {
  /// What its first line says instead.
  case unknownVersion(String)
  case damaged
}

extension StoreRoot {
  static let heading = "civsync-roots 1"
  private static let lineEnd = UInt8(ascii: "\n")

  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(owner)) ?? Data()
    return Array((Self.heading + "\n").utf8) + data + [Self.lineEnd] + Self.lines(digests)
  }

  static func lines(_ digests: some Sequence<Digest>) -> [UInt8] {
    var bytes: [UInt8] = []
    for digest in digests {
      bytes += digest.hex.utf8
      bytes.append(lineEnd)
    }
    return bytes
  }

  /// Reads what ``bytes`` wrote. A line that was torn when the machine stopped is passed over: nothing
  /// relied on it yet.
  static func reading(_ bytes: [UInt8]) -> Result<StoreRoot, RootProblem> {
    switch owner(bytes) {
    case .failure(let problem): return .failure(problem)
    case .success((let owner, let start)):
      var root = StoreRoot(owner, [])
      root.digests.reserveCapacity((bytes.count - start) / 65)
      var index = start
      while index < bytes.count {
        let end = bytes[index...].firstIndex(of: lineEnd) ?? bytes.count
        let line = bytes[index..<end]
        if let digest = Digest(hexDigits: line) {
          root.digests.append(digest)
        } else if line.count >= 64 || !line.allSatisfy(isHex) {
          return .failure(.damaged)
        }
        index = end + 1
      }
      return .success(root)
    }
  }

  /// Whose file it is, and where the digests begin.
  static func owner(_ bytes: [UInt8]) -> Result<(Owner, Int), RootProblem> {
    let lines = bytes.split(separator: lineEnd, maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[0].starts(with: "civsync-roots ".utf8) else {
      return .failure(.damaged)
    }
    guard lines[0].elementsEqual(heading.utf8) else {
      return .failure(.unknownVersion(String(decoding: lines[0], as: UTF8.self)))
    }
    guard let owner = try? JSONDecoder().decode(Owner.self, from: Data(lines[1])) else {
      return .failure(.damaged)
    }
    return .success((owner, lines[2].startIndex))
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

extension RootProblem: Error {}
