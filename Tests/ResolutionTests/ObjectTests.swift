import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Objects of the manifest` {
  private func body(_ objects: String...) -> String {
    "collections:\n  mine:\n    objects:\n" + objects.map { "      - \($0)\n" }.joined()
  }

  private func object(_ byte: UInt8, _ place: String, _ rest: String = "") -> String {
    "{ sha256: \(digest(byte).hex), place: \(place)\(rest) }"
  }

  @Test func `are entries at their exact places`() throws {
    let result = try resolve(
      body(object(7, "loras/mine.safetensors", ", url: \"https://example.org/x?a=1\"")),
      CatalogueAnswers())
    let entry = try #require(result.entries.first)
    #expect(result.entries.count == 1)
    #expect(entry.isObject)
    #expect(entry.digest == digest(7))
    #expect(entry.file.url == "https://example.org/x?a=1")
    #expect(entry.file.bytes == .zero)
    #expect(result.paths == ["loras/mine.safetensors"])
    #expect(entry.file.collections == ["mine"])
  }

  @Test func `the same digest twice is one entry with both places`() throws {
    let result = try resolve(
      body(object(7, "loras/a.bin"), object(7, "vae/b.bin", ", url: \"https://example.org/b\"")),
      CatalogueAnswers())
    #expect(result.entries.count == 1)
    #expect(result.paths == ["loras/a.bin", "vae/b.bin"])
    #expect(result.entries.first?.file.url == "https://example.org/b")
  }

  @Test func `a changed place leaves what is known of it`() throws {
    var former = try resolve(body(object(7, "a/x.bin")), CatalogueAnswers()).entries
    former[0].file.bytes = ByteCount(4_711)
    former[0].file.origin = .adopted
    let result = try resolve(body(object(7, "b/y.bin")), CatalogueAnswers(), former: former)
    #expect(result.paths == ["b/y.bin"])
    #expect(result.entries.first?.file.bytes == ByteCount(4_711))
    #expect(result.entries.first?.file.origin == .adopted)
    #expect(result.deselected.isEmpty)
  }

  @Test func `leave only by an edit`() throws {
    let former = try resolve(
      body(object(7, "a/x.bin"), object(8, "a/y.bin")), CatalogueAnswers()
    ).entries
    let result = try resolve(body(object(8, "a/y.bin")), CatalogueAnswers(), former: former)
    #expect(result.deselected.map(\.digest) == [digest(7)])
    #expect(result.paths == ["a/y.bin"])
  }

  @Test func `keep their place against a new model's file, and lose it to a known one`() throws {
    let shown = answers([model(1, versions: [version(1)])])
    let both = following + "  mine:\n    objects: [\(object(7, "loras/ink.safetensors"))]\n"
    let fresh = try resolve(both, shown)
    #expect(Set(fresh.paths) == ["loras/ink.safetensors", "loras/ink_10.safetensors"])
    #expect(
      fresh.entries.first { $0.isObject }?.file.places.map(\.path.string) == [
        "loras/ink.safetensors"
      ])
    let former = try resolve(following, shown).entries
    let later = try resolve(both, shown, former: former)
    #expect(later.paths == ["loras/ink.safetensors"])
    #expect(later.reasons.map(\.code) == ["path-unsafe"])
    #expect(later.deselected.isEmpty)
  }

  @Test func `share the bytes of a model's file`() throws {
    let shown = answers([model(1, versions: [version(1)])])
    let both = following + "  mine:\n    objects: [\(object(1, "loras/ink.safetensors"))]\n"
    let result = try resolve(both, shown)
    #expect(result.entries.count == 2)
    #expect(Set(result.paths) == ["loras/ink.safetensors"])
  }

  @Test func `are held against the policy's sizes alone, where theirs is told`() throws {
    let policy = "policy: { formats: [GGUF], baseModels: [Nothing], maxFile: 1kB }\n"
    #expect(try resolve(policy + body(object(7, "a.bin")), CatalogueAnswers()).reasons == [])
    let large = try resolve(policy + body(object(7, "a.bin", ", size: 2kB")), CatalogueAnswers())
    #expect(
      large.reasons == [.policy(rule: "policy.maxFile", at: "/project/civsync.yaml:4:60")])
    #expect(large.entries.isEmpty)
  }
}
