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

@Test func `the reference names every placeholder, layout and word`() throws {
  let page = try document("Docs/Manifest.md")
  let words =
    PathTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }
    + LayoutPreset.allCases.map(\.rawValue) + LinkPreference.allCases.map(\.rawValue)
    + ScanPolicy.allCases.map(\.rawValue) + FailureRule.allCases.map(\.rawValue)
    + SupersededRule.allCases.map(\.rawValue) + ReplacedRule.allCases.map(\.rawValue)
    + FileSize.allCases.map(\.rawValue) + NsfwCeiling.allCases.map(\.rawValue)
    + ["latest-per-base-model"]
  for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
}

@Test func `the reference's first example is a manifest without a mistake`() throws {
  let page = try document("Docs/Manifest.md")
  let parts = page.components(separatedBy: "```")
  let example = try #require(parts.dropFirst().first).dropFirst("yaml\n".count)
  let (manifest, diagnostics) = try read(String(example))
  #expect(diagnostics.rendered() == "")
  #expect(manifest?.collections.count == 2)
}

@Test func `the reference's examples of filters are without a mistake`() throws {
  let page = try document("Docs/Manifest.md")
  let chapter = try #require(page.components(separatedBy: "### What filters").last)
  let filters = try #require(chapter.components(separatedBy: "\n### ").first)
  let examples = filters.components(separatedBy: "```yaml\n").dropFirst()
    .compactMap { $0.components(separatedBy: "```").first }
  #expect(examples.count >= 5)
  for example in examples { #expect(try complaints("users: [u]\n" + example) == [], "\(example)") }
}

@Test(arguments: [
  ("comfyui-starter", 1, 4), ("follow-creators", 2, 0), ("sdxl-set", 3, 5),
])
func `the shipped manifests are without a mistake`(name: String, collections: Int, models: Int)
  throws
{
  let (manifest, diagnostics) = try read(try document("Manifests/\(name).yaml"))
  #expect(diagnostics.rendered() == "")
  #expect(manifest?.collections.count == collections)
  #expect(manifest?.collections.map(\.models.count).reduce(0, +) == models)
}
