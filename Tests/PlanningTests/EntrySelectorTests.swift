import CatalogueModel
import Core
import Planning
import Testing

struct `What a user names` {
  private static let sample: Entry = {
    var entry = entry(
      123, at: "loras/anime/ink.safetensors", content: 0xab, version: 456)
    entry.file.places.append(
      Place(tree: TreeName("forge"), path: place("models/Lora/ink.safetensors").path))
    return entry
  }()

  private func names(_ text: String) -> Bool? {
    EntrySelector(parsing: text, collections: ["follow", "base", "777"])?.matches(Self.sample)
  }

  @Test(arguments: [
    "follow", "collection:follow", "123", "model:123", "123@456", "123@456+456",
    "https://civitai.com/models/123/some-name", "https://civitai.red/models/123?modelVersionId=456",
    "https://civitai.com/api/download/models/456", "urn:air:sdxl:lora:civitai:123@456",
    "civitai:123", "abababab", "sha256:ABABABABAB", "loras/anime/ink.safetensors",
    "loras/*/ink.safetensors", "loras/**", "**/ink.*", "loras/", "./loras/anime/", "**",
    "loras/anime/in?.safetensors", "main:loras/**", "forge:models/Lora/ink.safetensors",
    "forge:**", "forge:", "f*e:models/", "**/*", "path:loras/anime/*", "loras/**/anime/**/ink*",
  ])
  func `is found`(text: String) {
    #expect(names(text) == true)
  }

  @Test(arguments: [
    "base", "collection:123", "124", "123@457", "123@456+1",
    "https://civitai.com/models/124", "abababac", "loras/*", "*", "ink.safetensors",
    "anime/ink.safetensors", "LORAS/**", "main:models/**", "forge:loras/**", "path:123",
    "loras/anime", "777",
  ])
  func `is not taken for another`(text: String) {
    #expect(names(text) == false)
  }

  @Test(arguments: [
    "", "model:", "model:follow", "sha256:12", "sha256:xyz", "path:", "collection:",
  ])
  func `is refused when it cannot be what its prefix says`(text: String) {
    #expect(names(text) == nil)
  }

  @Test func `digits alone are a model, whatever digest begins so`() throws {
    let meaning = try #require(EntrySelector(parsing: "12345678")).meaning
    #expect(meaning == .model(12_345_678, version: nil, file: nil))
    #expect(try #require(EntrySelector(parsing: "sha256:12345678")).meaning == .digest("12345678"))
  }

  @Test func `a collection named like a model comes first`() throws {
    let selector = try #require(EntrySelector(parsing: "777", collections: ["777"]))
    #expect(selector.meaning == .collection("777"))
    #expect(
      try #require(EntrySelector(parsing: "model:777", collections: ["777"])).meaning
        == .model(777, version: nil, file: nil))
  }

  @Test func `is found among what is blocked`() throws {
    let blocked = BlockedEntry(
      model: 123, version: 456, title: "Ink", reason: .fileInTheWay(place("loras/ink.safetensors")),
      collections: ["follow"])
    for text in ["123", "123@456", "follow", "loras/*"] {
      #expect(try #require(EntrySelector(parsing: text, collections: ["follow"])).matches(blocked))
    }
    for text in ["124", "123@456+7", "base", "vae/*", "abababab"] {
      #expect(!(try #require(EntrySelector(parsing: text)).matches(blocked)))
    }
  }

  @Test func `what names nothing has near names`() {
    let entries = [Self.sample]
    let known: Set = ["follow", "base"]
    func near(_ text: String) -> [String] {
      EntrySelector.near(text, collections: known, entries: entries)
    }
    #expect(near("folow") == ["collection `follow`"])
    #expect(near("collection:bse") == ["collection `base`"])
    #expect(near("loras/anime/ink.safetensor") == ["path `loras/anime/ink.safetensors`"])
    #expect(near("lora/inc.safetensors") == ["path `forge:models/Lora/ink.safetensors`"])
    #expect(near("Modell 123") == ["model 123, `Model 123`"])
    #expect(near("something else") == [])
  }
}
