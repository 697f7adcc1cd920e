import Core
import Resolution
import Testing

@testable import CatalogueModel

/// Resolves once and takes the outcome as what was recorded.
func recorded(_ body: String, _ catalogue: CatalogueAnswers) throws -> [Entry] {
  try resolve(body, catalogue).entries
}

func recorded(_ catalogue: CatalogueAnswers) throws -> [Entry] {
  try recorded(following, catalogue)
}

struct `Upstream can only add` {
  let one = answers([model(1, versions: [version(1, published: "2024-01-01")])])

  @Test func `a deleted model stays, withdrawn`() throws {
    let result = try resolve(following, answers([]), former: recorded(one))
    #expect(result.versions == [1])
    #expect(result.states == [.withdrawn])
    #expect(result.deselected.isEmpty)
  }

  @Test func `what has not changed is the recorded entry itself, kept once`() throws {
    let former = try recorded(one)
    for catalogue in [one, answers([])] {
      let known = try resolve(following, catalogue, former: former).entries
      let again = try resolve(following, catalogue, former: known).entries
      #expect(zip(again, known).allSatisfy { $0.sharedFile === $1.sharedFile })
      #expect(again.count == 1)
    }
  }

  @Test func `a model that comes back is current again`() throws {
    let withdrawn = try resolve(following, answers([]), former: recorded(one)).entries
    #expect(try resolve(following, one, former: withdrawn).states == [.current])
  }

  @Test func `a retagged, filtered or gated model stays`() throws {
    let typed = following + "    types: [LORA]\n"
    let former = try recorded(typed, one)
    let retagged = answers([model(1, type: "LoCon", versions: [version(1)])])
    #expect(try resolve(typed, retagged, former: former).states == [.withdrawn])
    let gated = answers([model(1, versions: [version(1, gate: Gate(endsAt: nil))])])
    #expect(try resolve(typed, gated, former: former).states == [.withdrawn])
    // An account may have been let in: then it is what it was.
    #expect(try resolve(typed, gated, former: former, hasToken: true).states == [.current])
    var taken = model(1, versions: [version(1)])
    taken.mode = .takenDown
    #expect(try resolve(typed, answers([taken]), former: former).states == [.withdrawn])
    let emptied = answers([model(1, versions: [version(1, files: [])])])
    let result = try resolve(typed, emptied, former: former)
    #expect(result.states == [.withdrawn])
    #expect(result.blocked.isEmpty)
  }

  @Test func `a newer version is added and the older is superseded`() throws {
    let two = answers([
      model(
        1, versions: [version(2, published: "2025-01-01"), version(1, published: "2024-01-01")])
    ])
    let result = try resolve(following, two, former: recorded(one))
    #expect(result.versions == [1, 2])
    #expect(result.states == [.superseded, .current])
    #expect(result.succeeded.isEmpty)
  }

  @Test func `with superseded replace the older goes once its successor is placed`() throws {
    let body = following + "    superseded: replace\n"
    let two = answers([model(1, versions: [version(1), version(2, published: "2025-01-01")])])
    let result = try resolve(body, two, former: recorded(body, one))
    #expect(result.versions == [2])
    #expect(result.succeeded.map(\.old.key.version) == [1])
  }

  @Test func `a blocked successor leaves the older current`() throws {
    let body = following + "    superseded: replace\n"
    let gated = answers([
      model(
        1, versions: [version(1), version(2, published: "2025-01-01", gate: Gate(endsAt: nil))])
    ])
    let result = try resolve(body, gated, former: recorded(body, one))
    #expect(result.versions == [1])
    #expect(result.succeeded.isEmpty)
    #expect(result.reasons == [.gated(until: nil)])
  }

  @Test func `latest never moves to an older version`() throws {
    let two = [
      version(1, "v1", published: "2024-01-01"), version(2, "v2", published: "2025-01-01"),
    ]
    let former = try recorded(answers([model(1, versions: two)]))
    let result = try resolve(following, answers([model(1, versions: [two[0]])]), former: former)
    #expect(result.versions == [2])
    #expect(result.states == [.withdrawn])
    #expect(result.notes == [.olderOffered(1, kept: "v2", offered: "v1")])
  }

  @Test func `an answer that is missing, partial or a fallback's says nothing about the rest`()
    throws
  {
    let former = try recorded(one)
    var catalogue = CatalogueAnswers()
    for listing: Listing in [
      .unavailable(reason: "down"), .partial([], reason: "cut", fromFallback: false),
      .complete([], fromFallback: true),
    ] {
      catalogue.users["alice"] = listing
      #expect(try resolve(following, catalogue, former: former).states == [.current])
    }
  }

  @Test func `a fallback's newer version makes nothing superseded`() throws {
    let versions = [version(1, published: "2024-01-01"), version(2, published: "2025-01-01")]
    let two = answers([model(1, versions: versions)], fallback: true)
    let result = try resolve(following, two, former: try recorded(one))
    #expect(result.states == [.current])
    #expect(result.notes == [.fallbackAnswered(selector: "part of the manifest", held: 1)])
  }

  @Test func `a fallback never adds`() throws {
    let result = try resolve(
      following, answers([model(1, versions: [version(1)])], fallback: true))
    #expect(result.entries.isEmpty)
    #expect(result.notes == [.fallbackAnswered(selector: "part of the manifest", held: 1)])
  }

  @Test func `an unreachable model named by id keeps its state`() throws {
    let body = "collections:\n  base:\n    models: [1]\n"
    let former = try recorded(body, answers(ids: [model(1, versions: [version(1)])]))
    var catalogue = CatalogueAnswers()
    catalogue.models[1] = .unavailable(reason: "down")
    #expect(try resolve(body, catalogue, former: former).states == [.current])
    catalogue.models[1] = .gone
    let gone = try resolve(body, catalogue, former: former)
    #expect(gone.states == [.withdrawn])
    #expect(gone.blocked.isEmpty)
  }

  @Test func `a rename upstream is a note and changes no name here`() throws {
    let former = try recorded(one)
    let renamed = answers([
      model(
        1, "Ink reborn",
        versions: [version(1, files: [file(10, "reborn.safetensors", digest: digest(1))])])
    ])
    let result = try resolve(following, renamed, former: former)
    #expect(result.paths == ["loras/ink.safetensors"])
    #expect(result.entries.map(\.model.name) == ["Ink"])
    #expect(result.notes == [.renamed(1, from: "Ink", to: "Ink reborn")])
  }
}

struct `A file replaced inside its version` {
  let before = answers([model(1, versions: [version(1)])])
  let after = answers([
    model(1, versions: [version(1, files: [file(10, "new.safetensors", digest: digest(9))])])
  ])

  @Test func `is asked about and kept`() throws {
    let result = try resolve(following, after, former: recorded(before))
    #expect(result.entries.map(\.digest) == [digest(1)])
    #expect(result.states == [.current])
    #expect(result.replaced.map(\.kept) == [digest(1)])
    #expect(result.replaced.map(\.offered) == [digest(9)])
  }

  @Test func `is taken at the same path when the manifest says so`() throws {
    let body = following + "    replaced: take\n"
    let result = try resolve(body, after, former: recorded(body, before))
    #expect(result.entries.map(\.digest) == [digest(9)])
    #expect(result.paths == ["loras/ink.safetensors"])
    #expect(result.succeeded.map(\.old.digest) == [digest(1)])
    #expect(result.replaced.isEmpty)
  }

  @Test func `is kept without a question while the new content has no digest`() throws {
    let scanning = answers([
      model(1, versions: [version(1, files: [file(10, digest: nil, scan: .pending)])])
    ])
    let result = try resolve(following, scanning, former: recorded(before))
    #expect(result.states == [.current])
    #expect(result.replaced.isEmpty)
  }
}

struct `Only an edit of the manifest removes` {
  let two = answers([
    model(1, versions: [version(1)]), model(2, type: "VAE", versions: [version(2)]),
  ])

  @Test(arguments: [
    "collections:\n  follow:\n    users: [bob]\n",
    "collections:\n  follow:\n    users: [alice]\n    types: [VAE]\n",
    "collections:\n  follow:\n    users: [alice]\n    exclude: { models: [1] }\n",
    "collections:\n  follow:\n    users: [alice]\n    exclude: { types: [LORA] }\n",
    "collections:\n  follow:\n    users: [alice]\n    exclude: { versions: [1] }\n",
    "collections:\n  follow:\n    users: [alice]\n    exclude: { baseModels: [\"SDXL*\"] }\n",
    "collections:\n  follow:\n    users: [alice]\n    baseModels: [Pony]\n",
    "collections:\n  follow:\n    users: [alice]\n    files: { formats: [GGUF] }\n",
    "collections:\n  other:\n    models: [2]\n",
  ])
  func `an entry is deselected by its recorded facts`(body: String) throws {
    var catalogue = two
    catalogue.users["bob"] = .complete([], fromFallback: false)
    catalogue.models[2] = .gone
    let result = try resolve(body, catalogue, former: recorded(two))
    #expect(result.deselected.contains { $0.key.model == 1 })
  }

  @Test func `entries by id are judged by id, pin and file`() throws {
    let body = "collections:\n  base:\n    models: [1@1]\n    versions: [2]\n"
    var catalogue = answers(ids: [
      model(1, versions: [version(1)]), model(2, versions: [version(2)]),
    ])
    catalogue.versions[2] = .found(2, downloadsDisabled: false)
    let former = try recorded(body, catalogue)
    #expect(try resolve(body, CatalogueAnswers(), former: former).versions == [1, 2])
    let other = "collections:\n  base:\n    models: [1@7]\n"
    #expect(
      try resolve(other, CatalogueAnswers(), former: former).deselected.map(\.key.model) == [1, 2])
    let file = "collections:\n  base:\n    models: [\"civitai:1@1+99\"]\n"
    #expect(try resolve(file, CatalogueAnswers(), former: former).deselected.count == 2)
  }

  @Test func `without an edit nothing is deselected, whatever the records say`() throws {
    let former = try recorded(two)
    let named = "collections:\n  follow:\n    users: [alice]\n    names: [\"Reborn*\"]\n"
    let context = ResolutionContext(former: former, isEdited: false)
    let result = Resolver.resolve(try manifest(named), answers([]), context)
    #expect(result.deselected.isEmpty)
    #expect(result.states == [.withdrawn, .withdrawn])
    #expect(try resolve(named, answers([]), former: former).deselected.count == 2)
  }

  @Test func `narrowing all to latest supersedes and removes nothing`() throws {
    let catalogue = answers([
      model(
        1, versions: [version(1, published: "2024-01-01"), version(2, published: "2025-01-01")])
    ])
    let former = try recorded(following + "    versions: all\n", catalogue)
    let result = try resolve(following, catalogue, former: former)
    #expect(result.states == [.superseded, .current])
    #expect(result.deselected.isEmpty)
  }
}
