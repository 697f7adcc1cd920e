internal import Core

/// Builds the text of records.
struct RecordWriter {
  let detail: RecordFormat.Detail
  private(set) var bytes: [UInt8] = []

  init(detail: RecordFormat.Detail) { self.detail = detail }

  mutating func header(_ name: String, _ version: Int64) { line("\(name) \(version)") }

  mutating func line(_ text: String) {
    bytes += text.utf8
    endLine()
  }

  mutating func line(_ word: String, _ values: [String]) {
    self.word(word, depth: 0)
    for value in values { quoted(value) }
    endLine()
  }

  mutating func model(_ model: RecordedModel) {
    word("model", depth: 0)
    number(model.id.rawValue)
    quoted(model.type)
    quoted(model.name)
    pair("by", model.creator)
    endLine()
    list("tags", model.tags, depth: 1)
    word("nsfw", depth: 1)
    number(Int64(model.nsfwLevel))
    endLine()
    for version in model.versions.sorted(by: { $0.id < $1.id }) { self.version(version) }
  }

  private mutating func version(_ version: RecordedVersion) {
    word("version", depth: 1)
    number(version.id.rawValue)
    quoted(version.name)
    pair("base", version.baseModel)
    pair("published", version.publishedAt?.description)
    endLine()
    let files =
      version.files.count < 2
      ? version.files : version.files.sorted { ($0.id, $0.digest) < ($1.id, $1.digest) }
    for file in files { self.file(file) }
  }

  private mutating func file(_ file: RecordedFile) {
    word("file", depth: 2)
    number(file.id.rawValue)
    quoted(file.name)
    endLine()
    word("kind", depth: 3)
    quoted(file.type)
    pair("format", file.format)
    pair("fp", file.precision)
    pair("size", file.size)
    pair("quant", file.quantType)
    endLine()
    plain("sha256", file.digest.hex)
    plain("bytes", String(file.bytes.bytes))
    if let own = file.ownVersion { plain("from", String(own.rawValue)) }
    if let query = file.downloadQuery {
      word("query", depth: 3)
      quoted(query)
      endLine()
    }
    if let url = file.url {
      word("url", depth: 3)
      quoted(url)
      endLine()
    }
    for place in file.places.sorted() {
      word("place", depth: 3)
      quoted(place.tree.name)
      quoted(place.path.string)
      endLine()
    }
    list("collections", file.collections, depth: 3)
    guard case .snapshot = detail else { return }
    plain("state", file.state.rawValue)
    plain("origin", file.origin.rawValue)
    if file.isProtected {
      word("protected", depth: 3)
      endLine()
    }
    if file.isEditable {
      word("editable", depth: 3)
      endLine()
    }
    for companion in file.companions.sorted(by: RecordedCompanion.precedes) {
      word("companion", depth: 3)
      quoted(companion.kind.rawValue)
      number(Int64(companion.number))
      bytes += " \(companion.digest.hex) \(companion.bytes.bytes)".utf8
      endLine()
    }
  }
}

// MARK: - Words

extension RecordWriter {
  private mutating func word(_ word: String, depth: Int) {
    for _ in 0..<2 * depth { bytes.append(UInt8(ascii: " ")) }
    bytes += word.utf8
  }

  /// A line of a file's with one value that needs no quotes.
  private mutating func plain(_ word: String, _ value: String) {
    self.word(word, depth: 3)
    bytes.append(UInt8(ascii: " "))
    bytes += value.utf8
    endLine()
  }

  private mutating func number(_ number: Int64) {
    bytes.append(UInt8(ascii: " "))
    bytes += String(number).utf8
  }

  private mutating func pair(_ word: String, _ value: String?) {
    guard let value else { return }
    bytes.append(UInt8(ascii: " "))
    bytes += word.utf8
    quoted(value)
  }

  /// A line of its own; none for an empty list.
  private mutating func list(_ word: String, _ values: [String], depth: Int) {
    guard !values.isEmpty else { return }
    self.word(word, depth: depth)
    bytes += " [".utf8
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      string(value)
    }
    bytes.append(UInt8(ascii: "]"))
    endLine()
  }

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: " "))
    string(text)
  }

  /// A string of JSON: controls escaped, so that a text with line ends keeps to its line.
  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    bytes += text.utf8
    if bytes[start...].contains(where: Self.needsEscape) {
      bytes.removeSubrange(start...)
      escape(text)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
  }

  private mutating func escape(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case _ where Self.needsEscape(byte):
        bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
  }

  private mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }
}
