internal import Core

/// Reads the grammar of records, line by line.
struct RecordParser {
  private var reader: RecordReader
  private let detail: RecordFormat.Detail

  init(_ bytes: [UInt8], detail: RecordFormat.Detail) {
    self.reader = RecordReader(bytes)
    self.detail = detail
  }

  var isAtEnd: Bool { reader.isAtEnd }

  /// Of the position, counted from 1.
  var line: Int { reader.line }

  /// The first line: the format's name and version. Older versions have fewer lines, so they are
  /// read as they are.
  mutating func header(_ name: String, known: Int64) throws(RecordError) {
    guard reader.takeWord(name, depth: 0), let version = reader.takeNumber() else {
      try reader.refuseConflict()
      throw reader.error(.notThisFormat(expected: "\(name) \(known)"))
    }
    guard version >= 1 else {
      throw reader.error(.notThisFormat(expected: "\(name) \(known)"))
    }
    guard version <= known else {
      throw reader.error(.newerVersion(found: version, known: known))
    }
    try reader.endLine()
  }

  mutating func skipComments() { reader.skipLines(beginningWith: UInt8(ascii: "#")) }

  /// Nothing may follow.
  func end() throws(RecordError) {
    guard isAtEnd else { throw reader.unknownLine() }
  }

  mutating func model() throws(RecordError) -> RecordedModel {
    try reader.expectWord("model", depth: 0)
    var model = RecordedModel(
      id: ModelID(try reader.number("the model's id")), name: "",
      type: try reader.string("the model's type"))
    model.name = try reader.string("the model's name")
    if reader.takeInner("by") { model.creator = try reader.string("the creator's name") }
    try reader.endLine()
    model.tags = try list("tags", depth: 1)
    try reader.expectWord("nsfw", depth: 1)
    let level = try reader.number("the nsfw level")
    guard let level = Int(exactly: level) else {
      throw reader.error(.invalidValue(what: "a level", found: "\(level)"))
    }
    model.nsfwLevel = level
    try reader.endLine()
    var line = reader.line
    while reader.takeWord("version", depth: 1) {
      let version = try version()
      if let last = model.versions.last, last.id >= version.id {
        throw RecordError(line: line, reason: .outOfOrder("version \(version.id)"))
      }
      line = reader.line
      model.versions.append(version)
    }
    return model
  }

  private mutating func version() throws(RecordError) -> RecordedVersion {
    let id = VersionID(try reader.number("the version's id"))
    let name = try reader.string("the version's name")
    guard reader.takeInner("base") else { throw reader.expected("`base`") }
    var version = RecordedVersion(
      id: id, name: name, baseModel: try reader.string("the base model's name"))
    if reader.takeInner("published") {
      let text = try reader.string("the time of publication")
      guard let time = Timestamp(text) else {
        throw reader.error(.invalidValue(what: "a time", found: text))
      }
      version.publishedAt = time
    }
    try reader.endLine()
    var line = reader.line
    while reader.takeWord("file", depth: 2) {
      let file = try file()
      if let last = version.files.last, (last.id, last.digest) >= (file.id, file.digest) {
        throw RecordError(line: line, reason: .outOfOrder("file \(file.id)"))
      }
      line = reader.line
      version.files.append(file)
    }
    return version
  }

  private mutating func file() throws(RecordError) -> RecordedFile {
    let id = FileID(try reader.number("the file's id"))
    let name = try reader.string("the file's name")
    try reader.endLine()
    try reader.expectWord("kind", depth: 3)
    let type = try reader.string("the file's type")
    let format = try optional("format")
    let precision = try optional("fp")
    let size = try optional("size")
    let quantType = try optional("quant")
    try reader.endLine()
    try reader.expectWord("sha256", depth: 3)
    let digest = try reader.digest()
    try reader.endLine()
    try reader.expectWord("bytes", depth: 3)
    let bytes = try reader.number("the file's length")
    guard bytes >= 0 else {
      throw reader.error(.invalidValue(what: "a length", found: "\(bytes)"))
    }
    try reader.endLine()
    var file = RecordedFile(
      id: id, name: name, type: type, format: format, precision: precision, size: size,
      quantType: quantType, digest: digest, bytes: ByteCount(bytes))
    try placement(of: &file)
    return file
  }

  private mutating func placement(of file: inout RecordedFile) throws(RecordError) {
    if reader.takeWord("from", depth: 3) {
      file.ownVersion = VersionID(try reader.number("a version's id"))
      try reader.endLine()
    }
    if reader.takeWord("query", depth: 3) {
      file.downloadQuery = try reader.string("the download's query")
      try reader.endLine()
    }
    if reader.takeWord("url", depth: 3) {
      file.url = try reader.string("a URL")
      try reader.endLine()
    }
    while reader.takeWord("place", depth: 3) {
      let tree = TreeName(try reader.string("a tree's name"))
      let text = try reader.string("a path")
      guard let path = TreePath(recorded: text) else {
        throw reader.error(.invalidValue(what: "a path in a tree", found: text))
      }
      file.places.append(Place(tree: tree, path: path))
      try reader.endLine()
    }
    file.collections = try list("collections", depth: 3)
    guard case .snapshot = detail else { return }
    file.state = try choice("state", "a state")
    file.origin = try choice("origin", "an origin")
    if reader.takeWord("protected", depth: 3) {
      file.isProtected = true
      try reader.endLine()
    }
    if reader.takeWord("editable", depth: 3) {
      file.isEditable = true
      try reader.endLine()
    }
    while reader.takeWord("companion", depth: 3) { file.companions.append(try companion()) }
  }

  private mutating func companion() throws(RecordError) -> RecordedCompanion {
    let word = try reader.string("a kind of companion")
    guard let kind = CompanionKind(rawValue: word) else {
      throw reader.error(.invalidValue(what: "a kind of companion", found: word))
    }
    let number = try reader.number("the companion's number")
    let digest = try reader.digest()
    let bytes = try reader.number("the companion's length")
    guard let number = Int(exactly: number), number > 0, bytes >= 0 else {
      throw reader.error(.invalidValue(what: "a companion's number and length", found: word))
    }
    try reader.endLine()
    return RecordedCompanion(kind: kind, number: number, digest: digest, bytes: ByteCount(bytes))
  }
}

extension RecordParser {
  /// What follows the first line of a snapshot's own file.
  mutating func snapshotHeader() throws(RecordError) -> SnapshotHeader {
    let models = try count("models")
    let files = try count("files")
    let bytes = try count("bytes")
    var header = SnapshotHeader(
      trees: [], manifests: [], models: models, files: files, bytes: ByteCount(Int64(bytes)))
    header.selection = try selection()
    while reader.takeWord("tree", depth: 0) {
      let name = TreeName(try reader.string("a tree's name"))
      let text = try reader.string("a tree's root")
      guard let root = AbsolutePath(text) else {
        throw reader.error(.invalidValue(what: "an absolute path", found: text))
      }
      header.trees.append(SnapshotHeader.Tree(name: name, root: root))
      try reader.endLine()
    }
    while let role = ManifestRole.allCases.first(where: { reader.takeWord($0.rawValue, depth: 0) })
    {
      let path = try reader.string("a manifest's path")
      header.manifests.append(SnapshotHeader.Manifest(path: path, role: role))
      try reader.endLine()
    }
    return header
  }

  /// What the manifests select, as a digest; older files do not say it.
  mutating func selection() throws(RecordError) -> Digest? {
    guard reader.takeWord("selection", depth: 0) else { return nil }
    let digest = try reader.digest()
    try reader.endLine()
    return digest
  }

  private mutating func count(_ word: String) throws(RecordError) -> Int {
    try reader.expectWord(word, depth: 0)
    let number = try reader.number("a number")
    guard let count = Int(exactly: number), count >= 0 else {
      throw reader.error(.invalidValue(what: "a count", found: "\(number)"))
    }
    try reader.endLine()
    return count
  }
}

// MARK: - Parts of lines

extension RecordParser {
  private mutating func optional(_ word: String) throws(RecordError) -> String? {
    reader.takeInner(word) ? try reader.string("a string") : nil
  }

  /// A whole line with a list; an empty list has no line.
  private mutating func list(_ word: String, depth: Int) throws(RecordError) -> [String] {
    guard reader.takeWord(word, depth: depth) else { return [] }
    let values = try reader.list()
    try reader.endLine()
    return values
  }

  /// A whole line with one word out of several.
  private mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ word: String, _ what: String
  ) throws(RecordError) -> Choice where Choice.RawValue == String {
    try reader.expectWord(word, depth: 3)
    for choice in Choice.allCases where reader.takeInner(choice.rawValue) {
      try reader.endLine()
      return choice
    }
    throw reader.expected(what)
  }
}
