import Core
import Diagnostics
import ManifestModel
import Testing

struct Memory: ManifestLoader {
  var answer: LoadedManifest
  func load(_ path: AbsolutePath) -> LoadedManifest {
    path.name == "civsync.yaml" ? answer : .missing
  }
  func displayName(of path: AbsolutePath) -> String { path.name }
}

func read(
  _ answer: LoadedManifest, environment: [String: String] = ["MODELS": "/srv/models", "EMPTY": ""],
  home: String? = "/home/me"
) throws -> (Manifest?, [Diagnostic]) {
  loadManifest(
    path: try #require(AbsolutePath("/project/civsync.yaml")), loader: Memory(answer: answer),
    environment: environment, home: home.flatMap { AbsolutePath($0) })
}

func read(_ text: String, home: String? = "/home/me") throws -> (Manifest?, [Diagnostic]) {
  try read(.found(Array(text.utf8)), home: home)
}

/// The manifest of a text without a mistake, after the first two lines that every one has.
func good(_ body: String) throws -> Manifest {
  let (manifest, diagnostics) = try read("version: 1\nroot: /models\n" + body)
  #expect(diagnostics.rendered() == "")
  return try #require(manifest)
}

/// What is said about a collection `c` with these lines.
func complaints(_ lines: String) throws -> [String] {
  let indented = lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
  let (_, diagnostics) = try read("version: 1\nroot: /models\ncollections:\n  c:\n" + indented)
  return diagnostics.map { "\($0.code) \($0.message)" }
}

/// Files of a disk that is not there, by their paths below `/project`.
struct Files: ManifestLoader {
  var texts: [String: String]

  init(_ texts: [String: String]) { self.texts = texts }

  func load(_ path: AbsolutePath) -> LoadedManifest {
    texts[displayName(of: path)].map { .found(Array($0.utf8)) } ?? .missing
  }

  func displayName(of path: AbsolutePath) -> String {
    path.string.hasPrefix("/project/") ? String(path.string.dropFirst(9)) : path.string
  }

  func list(_ folder: AbsolutePath) -> [ListedName]? {
    let prefix = folder.string == "/" ? "/" : folder.string + "/"
    let below = texts.keys.compactMap { AbsolutePath("/project")?.resolving($0)?.string }
      .filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
    if below.isEmpty { return nil }
    return Set(
      below.map { rest in
        let name = rest.prefix { $0 != "/" }
        return ListedName(String(name), isFolder: name.endIndex != rest.endIndex)
      }
    ).shuffled()
  }
}

func read(_ texts: [String: String], named: [String] = ["civsync.yaml"]) throws -> (
  Manifest?, [Diagnostic]
) {
  let project = try #require(AbsolutePath("/project"))
  return loadManifest(
    paths: named.compactMap { project.resolving($0) }, loader: Files(texts),
    environment: ["PARTS": "parts", "EMPTY": ""], home: AbsolutePath("/home/me"))
}

/// The manifest of several files without a mistake.
func good(_ texts: [String: String], named: [String] = ["civsync.yaml"]) throws -> Manifest {
  let (manifest, diagnostics) = try read(texts, named: named)
  #expect(diagnostics.rendered() == "")
  return try #require(manifest)
}
