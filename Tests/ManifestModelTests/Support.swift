import Core
import Diagnostics
import ManifestModel
import Testing

struct Memory: ManifestLoader {
  var answer: LoadedManifest
  func load(_ path: AbsolutePath) -> LoadedManifest { answer }
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
