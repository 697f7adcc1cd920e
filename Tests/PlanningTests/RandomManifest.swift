import Core
import Diagnostics
import ManifestModel
import Testing

private struct OneText: ManifestLoader {
  var text: String

  func load(_ path: AbsolutePath) -> LoadedManifest { .found(Array(text.utf8)) }
}

/// The manifest that a text declares; the test fails with its mistakes otherwise.
func manifest(text: String) throws -> Manifest {
  let (manifest, diagnostics) = loadManifest(
    path: try #require(AbsolutePath("/project/civsync.yaml")), loader: OneText(text: text),
    environment: [:], home: nil)
  try #require(!diagnostics.hasErrors, Comment(rawValue: diagnostics.rendered() + text))
  return try #require(manifest)
}

/// What somebody could write down: one to three collections with all that they may say, but for what
/// removes by itself (`superseded: replace`, `replaced: take`) and for `budget.perRun`.
func randomManifest(_ random: inout Seeded) -> String {
  func maybe(_ text: String) -> String {
    Int.random(in: 0..<3, using: &random) == 0 ? text : ""
  }
  func one(_ texts: String...) -> String { texts.randomElement(using: &random) ?? "" }
  var text = "version: 1\ntrees:\n  main: { root: /comfy, layout: comfyui }\n"
  let hasForge = Bool.random(using: &random)
  if hasForge { text += "  forge: { root: /forge, layout: forge }\n" }
  text += maybe(
    "policy: { \(one("formats: [SafeTensor]", "maxFile: 400", "maxTotal: 900", "commercialUse: [Image]", "baseModels: [\"SDXL*\"]")) }\n"
  )
  text += "collections:\n"
  for name in ["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)) {
    text += "  \(name):\n"
    let named = "models: [{ id: 4, place: \"named/{file}\" }, 5]"
    let selector = one("users: [alice]", "users: [alice, bob]", "favorites: true", named)
    text += "    \(selector)\n"
    if selector != named { text += maybe("    \(named)\n") }
    text += "    versions: \(one("latest", "all", "{ newest: 2 }", "latest-per-base-model"))\n"
    text += maybe("    types: [LORA, Checkpoint]\n")
    text += maybe("    tags: \(one("[style]", "{ none: [meme] }"))\n")
    text += maybe("    minDownloads: 20\n")
    text += maybe(
      "    limit: { models: \(Int.random(in: 1...3, using: &random)), order: \(one("newest", "oldest", "most-downloaded", "most-liked", "smallest")) }\n"
    )
    text += maybe(
      "    budget: { \(one("total", "perUser")): \(Int.random(in: 1...1_500, using: &random)) }\n")
    text += maybe("    protect: true\n")
    text += maybe("    files: { \(one("all: true", "formats: [SafeTensor]", "maxSize: 300")) }\n")
    text += maybe("    place: \"\(one("{collection}/{file}", "{folder}/x/{modelId}-{file}"))\"\n")
    if hasForge { text += maybe("    trees: [\(one("main", "forge"))]\n") }
    if Bool.random(using: &random) {
      let content = digest(UInt8.random(in: 1...50, using: &random)).hex
      text +=
        "    objects: [{ sha256: \(content), place: objects/\(name).bin\(one("", ", url: \"https://example.org/x\"")) }]\n"
    }
  }
  return text
}
