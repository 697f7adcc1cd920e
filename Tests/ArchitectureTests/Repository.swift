import FoundationEssentials
import Testing

/// The checkout that this test was compiled from.
enum Repository {
  /// Symbolic links are followed: a build folder may see the sources through one.
  static let root: String = {
    let here = URL(filePath: #filePath).resolvingSymlinksInPath().path
    return here.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  }()

  /// - Parameter path: from the root, such as `Docs/Architecture.md`.
  static func text(_ path: String) throws -> String {
    let bytes = try #require(
      FileManager.default.contents(atPath: "\(root)/\(path)"), "cannot read `\(path)`")
    return String(decoding: bytes, as: UTF8.self)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(path)")
  }

  static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "\(root)/\(path)")
  }

  /// The names in a folder, sorted.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted()
  }

  /// The files below a folder whose names end so, as paths from the root, sorted.
  static func files(below folder: String, ending: String) throws -> [String] {
    guard exists(folder) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
      .filter { $0.hasSuffix(ending) }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  /// Every Swift file of a folder.
  static func sources(below folder: String = "Sources") throws -> [SourceText] {
    try files(below: folder, ending: ".swift").map { SourceText(path: $0, text: try text($0)) }
  }
}

/// One Swift file: as written, and as code alone.
struct SourceText {
  let path: String
  let lines: [Substring]
  /// The same lines, in which comments and the content of string literals are blank.
  let code: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var blanker = Blanker(text)
    code = blanker.blanked().split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The folder below `Sources/` or `Tests/`.
  var target: String { String(path.split(separator: "/")[1]) }

  /// `Sources/Core/Digest.swift:12` for the line at an index.
  func place(_ index: Int) -> String { "\(path):\(index + 1)" }

  /// The imports, each with its line index and the words before `import`.
  var imports: [Import] {
    code.enumerated().compactMap { index, line in Import(line, place: place(index)) }
  }
}

/// One `import` line.
struct Import {
  let module: String
  /// `package`, `public`, `internal`… as written; `nil` when the line has none.
  let access: String?
  let place: String

  private static let kinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  /// - Returns: `nil` when the line is something else.
  init?(_ line: Substring, place: String) {
    var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }
    while words.first?.hasPrefix("@") == true { words.removeFirst() }
    guard let mark = words.firstIndex(of: "import"), mark <= 1, words.count > mark + 1 else {
      return nil
    }
    access = mark == 1 ? String(words[0]) : nil
    words.removeFirst(mark + 1)
    if Self.kinds.contains(String(words[0])), words.count > 1 { words.removeFirst() }
    module = String(words[0].prefix { $0 != "." })
    self.place = place
  }
}
