import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Where collections go` {
  static let trees = """
    version: 1
    trees:
      main: { root: /comfy, layout: comfyui }
      forge: { root: /forge, layout: forge }

    """
  static let one = answers([model(1, versions: [version(1)])])

  private func places(
    _ body: String, _ catalogue: CatalogueAnswers = one, former: [Entry] = []
  ) throws -> [String] {
    let manifest = try manifest(text: Self.trees + body)
    return Resolver.resolve(manifest, catalogue, ResolutionContext(former: former))
      .entries.flatMap { $0.file.places.map(\.description) }
  }

  @Test func `all trees, each by its layout`() throws {
    #expect(
      try places(following) == ["forge:models/Lora/ink.safetensors", "loras/ink.safetensors"])
  }

  @Test func `the trees that it names`() throws {
    #expect(
      try places(following + "    trees: [forge]\n") == ["forge:models/Lora/ink.safetensors"])
  }

  @Test func `by a layout of its own`() throws {
    #expect(
      try places(following + "    layout: swarmui\n    trees: [forge]\n") == [
        "forge:Lora/ink.safetensors"
      ])
    #expect(
      try places(following + "    layout: \"{collection}/{file}\"\n") == [
        "forge:follow/ink.safetensors", "follow/ink.safetensors",
      ])
  }

  @Test func `a place with a folder takes each tree's`() throws {
    #expect(
      try places(following + "    place: \"{folder}/mine/{file}\"\n") == [
        "forge:models/Lora/mine/ink.safetensors", "loras/mine/ink.safetensors",
      ])
  }

  @Test func `what two collections ask for stands in the places of both`() throws {
    let body = """
      collections:
        a: { users: [alice], trees: [main], place: "{collection}/{file}" }
        b: { users: [alice], trees: [forge, main], place: "{collection}/{file}" }

      """
    #expect(
      try places(body) == ["forge:b/ink.safetensors", "a/ink.safetensors", "b/ink.safetensors"])
  }

  @Test func `and stays there when one of them no longer shows it`() throws {
    let body = """
      collections:
        a: { users: [alice], trees: [main] }
        b: { models: [1], trees: [forge] }

      """
    var both = Self.one
    both.models = answers(ids: [model(1, versions: [version(1)])]).models
    let manifest = try manifest(text: Self.trees + body)
    let former = Resolver.resolve(manifest, both, ResolutionContext()).entries
    #expect(former.flatMap(\.file.places).count == 2)
    var silent = both
    silent.models = [1: .gone]
    for isEdited in [true, false] {
      let result = Resolver.resolve(
        manifest, silent, ResolutionContext(former: former, isEdited: isEdited))
      #expect(result.entries.flatMap(\.file.places) == former.flatMap(\.file.places))
      #expect(result.entries.flatMap(\.file.collections) == ["a", "b"])
    }
  }

  @Test func `one place for a model that is named and listed, whoever shows it`() throws {
    let body = """
      collections:
        a: { users: [alice], models: [{ id: 1, place: "mine/{file}" }], trees: [main] }

      """
    var both = Self.one
    both.models = answers(ids: [model(1, versions: [version(1)])]).models
    #expect(try places(body, both) == ["mine/ink.safetensors"])
    let manifest = try manifest(text: Self.trees + body)
    let former = Resolver.resolve(manifest, both, ResolutionContext()).entries
    #expect(
      try places(body, answers([]), former: former) == ["mine/ink.safetensors"])
  }
}
