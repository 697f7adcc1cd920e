import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `The latest of each base model` {
  let body = following + "    versions: latest-per-base-model\n"
  let four = [
    version(1, "xl old", base: "SDXL 1.0", published: "2024-01-01"),
    version(2, "xl new", base: "sdxl 1.0", published: "2025-01-01"),
    version(3, "pony", base: "Pony", published: "2023-01-01"),
    version(4, "flux", base: "Flux.1 D"),
  ]

  @Test func `is taken, whatever its age and the case of the word`() throws {
    #expect(try resolve(body, answers([model(1, versions: four)])).versions == [2, 3, 4])
    #expect(
      try resolve(body + "    baseModels: [Pony, \"SDXL*\"]\n", answers([model(1, versions: four)]))
        .versions == [2, 3])
  }

  @Test func `a model may have it for itself`() throws {
    let result = try resolve(
      "collections:\n  c:\n    models: [{ id: 1, versions: latest-per-base-model }]\n",
      answers(ids: [model(1, versions: four)]))
    #expect(result.versions == [2, 3, 4])
  }

  @Test func `a newer one supersedes that of its own base model alone`() throws {
    let former = try recorded(body, answers([model(1, versions: [four[0], four[2]])]))
    let result = try resolve(body, answers([model(1, versions: four)]), former: former)
    #expect(result.versions == [1, 2, 3, 4])
    #expect(result.states == [.superseded, .current, .current, .current])
    let replacing = try resolve(
      body + "    superseded: replace\n", answers([model(1, versions: four)]), former: former)
    #expect(replacing.versions == [2, 3, 4])
    #expect(replacing.succeeded.map(\.old.key.version) == [1])
    #expect(replacing.succeeded.map(\.successor.key.version) == [2])
  }

  @Test func `never moves to an older version of its base model`() throws {
    let former = try recorded(body, answers([model(1, versions: four)]))
    let result = try resolve(
      body, answers([model(1, versions: [four[0], four[3]])]), former: former)
    #expect(result.versions == [2, 3, 4])
    #expect(result.states == [.withdrawn, .withdrawn, .current])
    #expect(result.notes == [.olderOffered(1, kept: "xl new", offered: "xl old")])
  }

  @Test func `a base model that vanishes is withdrawn, not superseded`() throws {
    let former = try recorded(body, answers([model(1, versions: four)]))
    let newer = version(5, base: "Flux.1 D", published: "2026-01-01")
    let replacing = body + "    superseded: replace\n"
    let result = try resolve(
      replacing, answers([model(1, versions: [four[1], newer])]), former: former)
    #expect(result.versions == [2, 3, 5])
    #expect(result.states == [.current, .withdrawn, .current])
  }

  @Test func `as latest alone the older base models become superseded and stay`() throws {
    let catalogue = answers([model(1, versions: four)])
    let result = try resolve(following, catalogue, former: recorded(body, catalogue))
    #expect(result.versions == [2, 3, 4])
    #expect(result.states == [.current, .superseded, .superseded])
    #expect(result.deselected.isEmpty)
  }
}
