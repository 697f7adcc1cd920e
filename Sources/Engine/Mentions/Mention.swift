import Civitai
package import Core
import ManifestModel

/// A model that a workflow or a picture names.
package struct Mention: Sendable, Hashable {
  /// As the file has it: a file's name without its folders, or a model's name.
  package var name: String
  /// Any of the site's checksums, in hexadecimal digits.
  package var hash: String?
  /// The site's own word for it.
  package var version: VersionID?

  package init(name: String, hash: String? = nil, version: VersionID? = nil) {
    self.name = name
    self.hash = hash
    self.version = version
  }

  /// The name without an ending, for comparing and searching.
  var stem: String {
    ModelFileName.isModel(name) ? String(name.dropLast(ModelFileName.ending(name).count + 1)) : name
  }
}

extension Mention {
  /// What to search for, the most telling words first: a file's name is the model's name and the
  /// version's, run together (`borealisXL_v30`).
  var searches: [String] {
    let words = stem.split { "_-. ".contains($0) }.map(String.init)
    let apart = words.flatMap(Self.apart)
    let name = apart.prefix { !Self.isVersion($0) }
    var seen: Set<String> = []
    return [words, apart, Array(name), Array(words.prefix { !Self.isVersion($0) })]
      .map { $0.joined(separator: " ") }
      .filter { $0.count > 2 && seen.insert($0.lowercased()).inserted }
  }

  /// `borealisXL` → `borealis`, `XL`.
  private static func apart(_ word: String) -> [String] {
    var parts: [String] = []
    var last: Character?
    for character in word {
      if last?.isLowercase ?? true, character.isUppercase || parts.isEmpty {
        parts.append(String(character))
      } else {
        parts[parts.count - 1].append(character)
      }
      last = character
    }
    return parts
  }

  /// `v30`, `1`, `V2b`.
  private static func isVersion(_ word: String) -> Bool {
    let rest = word.lowercased().hasPrefix("v") ? word.dropFirst() : word[...]
    return rest.first?.isNumber ?? false
  }
}

/// Finds what models a text names.
enum Mentions {
  /// A workflow of ComfyUI, as its editor saves it or as its API takes it: every value that is a
  /// model file's name, and every `{ name, url, hash }` of its model lists.
  static func inWorkflow(_ value: JSONValue) -> [Mention] {
    var found: [Mention] = []
    collect(value, &found)
    return unique(found)
  }

  private static func collect(_ value: JSONValue, _ found: inout [Mention]) {
    switch value {
    case .string(let text):
      if let name = fileName(text) { found.append(Mention(name: name)) }
      if text.hasPrefix("urn:air:"), let named = try? ModelReference(parsing: text, hosts: []),
        let version = named.version
      {
        found.append(Mention(name: "model \(named.model)", version: version))
      }
    case .array(let values):
      for value in values { collect(value, &found) }
    case .object(let members):
      if let name = value["name"]?.string.flatMap(fileName), value["url"]?.string != nil {
        let link = DownloadVersion.of(value["url"]?.string ?? "")
        let hash = value["hash"]?.string.flatMap(Self.hash)
        found.append(Mention(name: name, hash: hash, version: link))
        return
      }
      for member in members { collect(member.value, &found) }
    case .null, .bool, .integer, .number: break
    }
  }

  /// The last part of a text that is a model file's path.
  private static func fileName(_ text: String) -> String? {
    guard text.utf8.count < 1_024, !text.contains("\n"), ModelFileName.isModel(text) else {
      return nil
    }
    return text.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
  }

  private static func hash(_ text: some StringProtocol) -> String? {
    let digits = String(text.filter { !$0.isWhitespace })
    guard (8...64).contains(digits.count), digits.allSatisfy(\.isHexDigit) else { return nil }
    return digits.uppercased()
  }

  static func inPicture(_ texts: [PictureText]) -> [Mention] {
    unique(
      texts.flatMap { item -> [Mention] in
        switch item.keyword {
        case "parameters": return inParameters(item.text)
        case "prompt", "workflow":
          return (try? JSONParser.parse(Array(item.text.utf8))).map(inWorkflow) ?? []
        default: return []
        }
      })
  }

  /// The text that AUTOMATIC1111, Forge and others put beside a picture they made.
  static func inParameters(_ text: String) -> [Mention] {
    var found: [Mention] = []
    found += resources(text)
    found += named(text, "Lora hashes: \"") + named(text, "TI hashes: \"")
    found += hashes(text)
    if let hash = value(text, "Model hash: ").flatMap(hash) {
      found.append(Mention(name: value(text, "Model: ") ?? "the model", hash: hash))
    } else if let name = value(text, "Model: ") {
      found.append(Mention(name: name))
    }
    for part in text.components(between: "<lora:", and: ">") {
      found.append(Mention(name: String(part.prefix { $0 != ":" })))
    }
    return unique(found)
  }

  /// `Civitai resources: [{"type":"lora","modelVersionId":123,"modelName":"…"}, …]`
  private static func resources(_ text: String) -> [Mention] {
    guard let list = json(text, after: "Civitai resources: ")?.array else { return [] }
    return list.compactMap { item in
      guard let id = item["modelVersionId"]?.integer, id > 0 else { return nil }
      return Mention(
        name: item["modelName"]?.string ?? "version \(id)", version: VersionID(id))
    }
  }

  /// `Hashes: {"model": "…", "lora:name": "…"}`
  private static func hashes(_ text: String) -> [Mention] {
    (json(text, after: "Hashes: ")?.members ?? []).compactMap { member in
      guard let hash = member.value.string.flatMap(hash) else { return nil }
      let name = member.name.split(separator: ":", maxSplits: 1).last.map(String.init)
      return Mention(name: name ?? member.name, hash: hash)
    }
  }

  /// `"name: hash, other: hash"`
  private static func named(_ text: String, _ key: String) -> [Mention] {
    guard let start = text.range(of: key)?.upperBound else { return [] }
    return text[start...].prefix { $0 != "\"" }.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let hash = hash(parts[1]) else { return nil }
      return Mention(name: parts[0].trimmed, hash: hash)
    }
  }

  /// What stands behind a key up to the next comma or line.
  private static func value(_ text: String, _ key: String) -> String? {
    guard let start = text.range(of: key)?.upperBound else { return nil }
    let value = Substring(text[start...].prefix { $0 != "," && $0 != "\n" }).trimmed
    return value.isEmpty ? nil : value
  }

  /// The JSON value that begins behind a key: as much as its brackets hold.
  private static func json(_ text: String, after key: String) -> JSONValue? {
    guard let start = text.range(of: key)?.upperBound else { return nil }
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    for index in text[start...].indices {
      let character = text[index]
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        if character == "\\" { isEscaped = true }
        if character == "\"" { isQuoted = false }
      } else if character == "\"" {
        isQuoted = true
      } else if character == "{" || character == "[" {
        depth += 1
      } else if character == "}" || character == "]" {
        depth -= 1
        if depth == 0 { return try? JSONParser.parse(Array(text[start...index].utf8)) }
      }
      if depth == 0, !isQuoted { return nil }
    }
    return nil
  }

  /// Each once: what has an id or a hash counts before a bare name.
  private static func unique(_ mentions: [Mention]) -> [Mention] {
    var result: [Mention] = []
    for mention in mentions {
      let isSame: (Mention) -> Bool = { other in
        if let version = mention.version, version == other.version { return true }
        if let hash = mention.hash, hash == other.hash { return true }
        return mention.stem.lowercased() == other.stem.lowercased()
      }
      if let index = result.firstIndex(where: isSame) {
        result[index].hash = result[index].hash ?? mention.hash
        result[index].version = result[index].version ?? mention.version
      } else if result.count < 500 {
        result.append(mention)
      }
    }
    return result
  }
}

/// The version that an address of a download names.
enum DownloadVersion {
  static func of(_ text: String) -> VersionID? {
    guard let mark = text.range(of: "/api/download/models/")?.upperBound else { return nil }
    return VersionID(parsing: text[mark...].prefix { $0.isASCII && $0.isNumber })
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }
}

extension String {
  /// Where another text begins and ends in this one.
  fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }

  fileprivate func components(between start: String, and end: Character) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let mark = rest.firstRange(of: start), parts.count < 200 {
      let part = rest[mark.upperBound...].prefix { $0 != end }
      parts.append(part)
      rest = rest[part.endIndex...]
    }
    return parts
  }
}
