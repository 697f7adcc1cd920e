package import CatalogueModel
package import Core
internal import Diagnostics
internal import ManifestModel

/// What a user names on the command line, among all that is declared and placed: a collection, a
/// model with its version and file, a path, or a content.
///
/// A text is read as the first of these that it can be: the name of a known collection; ids, the
/// address of a page or an AIR; the first digits of a SHA-256, eight or more; else a path. The
/// prefixes `collection:`, `model:`, `path:` and `sha256:` force a reading.
package struct EntrySelector: Sendable, Hashable, CustomStringConvertible {
  package enum Meaning: Sendable, Hashable {
    case collection(String)
    case model(ModelID, version: VersionID?, file: FileID?)
    /// The address of a version's page does not name its model.
    case version(VersionID)
    /// Lower-case digits, 8 to 64.
    case digest(String)
    case path(PathGlob)
  }

  /// As the user wrote it.
  package let text: String
  package let meaning: Meaning

  package var description: String { text }

  /// - Parameters:
  ///   - collections: the names that are known: of the manifest, and of what is recorded.
  ///   - hosts: whose pages are read besides those of the two sites.
  /// - Returns: `nil` for an empty text, and for one whose prefix asks for what it cannot be.
  package init?(parsing text: String, collections: Set<String> = [], hosts: Set<String> = []) {
    guard !text.isEmpty, let meaning = Self.read(text, collections, hosts) else { return nil }
    self.text = text
    self.meaning = meaning
  }

  private static func read(
    _ text: String, _ collections: Set<String>, _ hosts: Set<String>
  ) -> Meaning? {
    if let name = rest(of: text, after: "collection:") {
      return name.isEmpty ? nil : .collection(name)
    }
    if let name = rest(of: text, after: "model:") { return model(name, hosts) }
    if let name = rest(of: text, after: "path:") { return PathGlob(name).map(Meaning.path) }
    if let name = rest(of: text, after: "sha256:") { return digest(name) }
    if collections.contains(text) { return .collection(text) }
    return model(text, hosts) ?? digest(text) ?? PathGlob(text).map(Meaning.path)
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  private static func model(_ text: String, _ hosts: Set<String>) -> Meaning? {
    do {
      let reference = try ModelReference(parsing: text, hosts: hosts)
      return .model(reference.model, version: reference.version, file: reference.file)
    } catch .versionOnly(let version) {
      return .version(version)
    } catch {
      return nil
    }
  }

  private static func digest(_ text: String) -> Meaning? {
    let digits = text.lowercased()
    guard (8...64).contains(digits.utf8.count),
      digits.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      })
    else { return nil }
    return .digest(digits)
  }
}

extension EntrySelector {
  /// Whether it names this entry; by a path when one of its places is meant.
  package func matches(_ entry: Entry) -> Bool {
    switch meaning {
    case .collection(let name): entry.file.collections.contains(name)
    case .model(let model, let version, let file):
      entry.model.id == model && (version.map { $0 == entry.version.id } ?? true)
        && (file.map { $0 == entry.file.id } ?? true)
    case .version(let version): entry.version.id == version
    case .digest(let digits): entry.digest.hex.hasPrefix(digits)
    case .path(let glob): entry.file.places.contains(where: glob.matches)
    }
  }

  /// Whether it names what is blocked. A path names only what has one: a file that is in the way.
  package func matches(_ blocked: BlockedEntry) -> Bool {
    switch meaning {
    case .collection(let name): return blocked.collections.contains(name)
    case .model(let model, let version, let file):
      return blocked.model == model && (version == nil || version == blocked.version)
        && (file == nil || file == blocked.file)
    case .version(let version): return blocked.version == version
    case .digest: return false
    case .path(let glob):
      switch blocked.reason {
      case .fileInTheWay(let place), .pathUnsafe(let place, _), .folderUnusable(let place, _, _):
        return glob.matches(place)
      default: return false
      }
    }
  }

  /// Whether it says by a path that this place is meant.
  package func matches(_ place: Place) -> Bool {
    if case .path(let glob) = meaning { glob.matches(place) } else { false }
  }
}

extension EntrySelector {
  /// What a text that names nothing was probably meant to be: collections, model names with their
  /// ids, and paths, at most three.
  package static func near(
    _ text: String, collections: Set<String>, entries: [Entry]
  ) -> [String] {
    let word = text.split(separator: ":", maxSplits: 1).last.map(String.init) ?? text
    var found: [String] = []
    if let name = nearest(word, among: collections.sorted()) {
      found.append("collection `\(name)`")
    }
    let models = Dictionary(
      entries.map { ($0.model.name, $0.model.id) }, uniquingKeysWith: { min($0, $1) })
    if let name = nearest(word, among: models.keys.sorted()), let id = models[name] {
      found.append("model \(id), `\(name)`")
    }
    let places = entries.flatMap(\.file.places).sorted()
    let paths = places.map(\.description)
    if let path = nearest(word, among: paths) {
      found.append("path `\(path)`")
    } else if let name = nearest(
      word.split(separator: "/").last.map(String.init) ?? word, among: places.map(\.path.name)),
      let place = places.first(where: { $0.path.name == name })
    {
      found.append("path `\(place)`")
    }
    return found
  }
}
