import Core
import Diagnostics
import Foundation
import ManifestModel
import Testing
import YAMLSource

/// A file of the checkout.
private func document(_ path: String) throws -> String {
  // Where the tests are reached through a link, the documents are beside what it leads to.
  let tests = URL(filePath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
  let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  return try String(contentsOf: root.appending(path: path), encoding: .utf8)
}

@Test func `the page of diagnostics names every code once`() throws {
  let page = try document("Docs/Diagnostics.md")
  let codes = page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map {
    String($0.dropFirst(4).prefix(4))
  }
  let own = codes.filter { $0.hasPrefix("M") || $0.hasPrefix("Y") }
  #expect(
    own == YAMLCode.allCases.map(\.rawValue) + ManifestCode.allCases.map(\.rawValue))
  #expect(Set(codes).count == codes.count)
}

/// The pages of the reference, by their names.
private func pages() throws -> [String: String] {
  let names = [
    "README", "files-and-layers", "trees-and-paths", "collections", "filters", "files", "objects",
    "companions", "policy-and-protection", "templates", "transfer",
  ]
  return Dictionary(
    uniqueKeysWithValues: try names.map { ($0, try document("Docs/Manifest/\($0).md")) })
}

/// The examples of a page that are marked as a whole manifest or as lines of a collection, by the
/// mark: <!-- manifest -->, <!-- overlay --> or <!-- collection -->.
private func examples(_ mark: String, in page: String) -> [String] {
  page.components(separatedBy: "<!-- \(mark) -->\n```yaml\n").dropFirst()
    .compactMap { $0.components(separatedBy: "```").first }
}

/// Whether a line of the text begins with the key.
private func has(_ key: String, _ text: String) -> Bool {
  text.split(separator: "\n").contains { $0.hasPrefix(key + ":") }
}

@Test func `the shipped overlay fits the manifest beside it`() throws {
  let manifest = try good([
    "civsync.yaml": try document("Manifests/comfy-and-forge.yaml"),
    "civsync.local.yaml": try document("Manifests/civsync.local.yaml.example"),
  ])
  #expect(manifest.trees.map(\.root.string) == ["/mnt/fast/ComfyUI/models"])
  #expect(manifest.collections.last?.budget?.total?.value.bytes == 20_000_000_000)
}

@Test func `each example of the reference is marked, and without a mistake`() throws {
  for (name, page) in try pages() {
    let all = page.components(separatedBy: "```yaml\n").count - 1
    let manifests = examples("manifest", in: page)
    let overlays = examples("overlay", in: page)
    let collections = examples("collection", in: page)
    #expect(manifests.count + overlays.count + collections.count == all, "\(name)")
    for text in manifests {
      let whole =
        (has("version", text) ? "" : "version: 1\n")
        + ((has("root", text) || has("trees", text)) ? "" : "root: /models\n") + text
        + (has("collections", text) ? "" : "collections: { c: { users: [u] } }\n")
      let files = [
        "civsync.yaml": whole, "team/base.yaml": "", "team/creators/one.yaml": "",
        "parts/a.yaml": "",
      ]
      #expect(try read(files).1.rendered() == "", "\(name): \(text)")
    }
    for text in overlays {
      let under = """
        version: 1
        root: /models
        collections: { follow: { users: [u], limit: 5, budget: 500GB }, videos: { users: [v] } }
        """
      let (_, diagnostics) = try read(["civsync.yaml": under, "civsync.local.yaml": text])
      #expect(diagnostics.rendered() == "", "\(name): \(text)")
    }
    for text in collections {
      let selects = ["users", "models", "objects", "favorites"].contains { has($0, text) }
      #expect(try complaints((selects ? "" : "users: [u]\n") + text) == [], "\(name): \(text)")
    }
  }
}

@Test func `the reference has an example for each key`() throws {
  let text = try pages().values.map { page in
    ["manifest", "overlay", "collection"].flatMap { examples($0, in: page) }.joined()
  }.joined()
  for (map, keys) in ManifestKeys.byMap {
    for key in keys where !text.contains("\(key):") {
      Issue.record("`\(key)` of `\(map)` is in no example")
    }
  }
}

@Test func `the reference names every placeholder, layout and word`() throws {
  let page = try pages().values.joined()
  let words =
    PathTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }
    + LayoutPreset.allCases.map(\.rawValue) + LinkPreference.allCases.map(\.rawValue)
    + ScanPolicy.allCases.map(\.rawValue) + FailureRule.allCases.map(\.rawValue)
    + SupersededRule.allCases.map(\.rawValue) + ReplacedRule.allCases.map(\.rawValue)
    + FileSize.allCases.map(\.rawValue) + NsfwCeiling.allCases.map(\.rawValue)
    + TakeOrder.allCases.map(\.rawValue) + FetchRule.allCases.map(\.rawValue)
    + CommercialUse.allCases.map(\.rawValue)
    + CompanionKind.sidecars.map(\.rawValue) + ["latest-per-base-model"]
  for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
}

@Test(arguments: [
  ("comfyui-starter", 1, 4), ("follow-creators", 2, 0), ("sdxl-set", 3, 5),
  ("comfy-and-forge", 2, 2),
])
func `the shipped manifests are without a mistake`(name: String, collections: Int, models: Int)
  throws
{
  let (manifest, diagnostics) = try read(try document("Manifests/\(name).yaml"))
  #expect(diagnostics.rendered() == "")
  #expect(manifest?.collections.count == collections)
  #expect(manifest?.collections.map(\.models.count).reduce(0, +) == models)
}
