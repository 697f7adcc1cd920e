import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Which versions are taken` {
  let three = [
    version(30, "old", published: "2024-01-01"),
    version(10, "new", published: "2025-05-01"),
    version(20, "middle", published: "2024-06-01T00:00:00.5Z"),
  ]

  @Test func `latest is the greatest publishedAt, whatever the creator's order`() throws {
    let result = try resolve(following, answers([model(1, versions: three)]))
    #expect(result.versions == [10])
  }

  @Test func `without publishedAt the greatest id is the latest`() throws {
    let result = try resolve(following, answers([model(1, versions: [version(7), version(9)])]))
    #expect(result.versions == [9])
  }

  @Test func `all, newest and since take what they say`() throws {
    let catalogue = answers([model(1, versions: three)])
    #expect(try resolve(following + "    versions: all\n", catalogue).versions == [10, 20, 30])
    #expect(
      try resolve(following + "    versions: { newest: 2 }\n", catalogue).versions == [10, 20])
    #expect(
      try resolve(following + "    versions: { since: 2024-06-01 }\n", catalogue).versions
        == [10, 20])
  }

  @Test func `base models filter before the latest is chosen`() throws {
    let mixed = [
      version(1, base: "SDXL 1.0", published: "2024-01-01"),
      version(2, base: "Pony", published: "2025-01-01"),
    ]
    let result = try resolve(
      following + "    baseModels: [\"sdxl*\"]\n", answers([model(1, versions: mixed)]))
    #expect(result.versions == [1])
  }

  @Test func `types filter models`() throws {
    let result = try resolve(
      following + "    types: [VAE]\n",
      answers([
        model(1, versions: [version(1)]), model(2, type: "VAE", versions: [version(2)]),
      ]))
    #expect(result.versions == [2])
  }

  @Test func `exclude leaves out models, versions, types and base models`() throws {
    let models = [
      model(1, versions: [version(1)]), model(2, type: "VAE", versions: [version(2)]),
      model(3, versions: [version(3, base: "Pony")]),
      model(4, versions: [version(4), version(5)]), model(6, versions: [version(6)]),
    ]
    let result = try resolve(
      following
        + "    exclude: { models: [1], types: [VAE], baseModels: [Pony], versions: [5] }\n",
      answers(models))
    #expect(result.versions == [4, 6])
  }

  @Test func `a model, a pinned version and a version by id are united`() throws {
    let body = """
      collections:
        base:
          models: [1, 2@20]
          versions: [31]
      """
    var catalogue = answers(ids: [
      model(1, versions: [version(10), version(11)]),
      model(2, versions: [version(20), version(21)]),
      model(3, versions: [version(30), version(31)]),
    ])
    catalogue.versions = [31: .found(3, downloadsDisabled: false)]
    #expect(try resolve(body, catalogue).versions == [11, 20, 31])
  }

  @Test func `a pinned file is taken whatever the file policy prefers`() throws {
    let files = [
      file(1, digest: digest(1), primary: true),
      file(2, "b.ckpt", format: "PickleTensor", digest: digest(2)),
    ]
    let body = "collections:\n  base:\n    models: [\"civitai:1@10+2\"]\n"
    let result = try resolve(
      body, answers(ids: [model(1, versions: [version(10, files: files)])]))
    #expect(result.files == [2])
  }

  @Test func `the query asks for exactly what the selectors name`() throws {
    let body = "collections:\n  a:\n    users: [alice]\n    models: [5]\n    versions: [7]\n"
    let query = CatalogueQuery(for: try manifest(body))
    #expect(query == CatalogueQuery(users: ["alice"], models: [5], versions: [7]))
  }

  @Test func `a named model that the collection's own filter leaves out is noted`() throws {
    let body =
      "collections:\n  base:\n    models: [1, 2]\n    types: [VAE]\n    baseModels: [Pony]\n"
    let result = try resolve(
      body,
      answers(ids: [
        model(1, versions: [version(1)]), model(2, type: "VAE", versions: [version(2)]),
      ]))
    #expect(result.entries.isEmpty)
    #expect(
      result.notes == [
        .filteredOut(1, collection: "base", by: "types"),
        .filteredOut(2, collection: "base", by: "baseModels"),
      ])
  }
}

struct `Which files of a version are taken` {
  let files = [
    file(
      1, "full.ckpt", format: "PickleTensor", precision: "fp32", size: "full", digest: digest(1)),
    file(2, "a.safetensors", precision: "fp16", size: "pruned", digest: digest(2)),
    file(3, "b.safetensors", precision: "bf16", size: "full", digest: digest(3), primary: true),
    file(4, "x.vae.safetensors", type: "VAE", digest: digest(4)),
    file(5, "q.gguf", format: "GGUF", quant: "Q8_0", digest: digest(5)),
  ]

  func chosen(_ policy: String) throws -> [Int64] {
    try resolve(
      following + policy,
      answers([model(1, type: "Checkpoint", versions: [version(1, files: files)])])
    ).files
  }

  @Test(arguments: [
    ("", [Int64(3)]),
    ("    files: { formats: [SafeTensor], precision: [fp16] }\n", [2]),
    ("    files: { precision: [fp8, bf16] }\n", [3]),
    ("    files: { size: pruned }\n", [2]),
    ("    files: { quantType: [Q8_0] }\n", [5]),
    ("    files: { types: [Model, VAE] }\n", [3, 4]),
    ("    files: { types: [vae] }\n", [4]),
    ("    files: { all: true, formats: [SafeTensor] }\n", [2, 3, 4]),
    ("    files: { only: { precision: [fp16, fp32] } }\n", [1]),
  ])
  func `a policy takes the best match for each file type`(policy: String, expected: [Int64]) throws
  {
    #expect(try chosen(policy) == expected)
  }

  @Test func `nothing that matches is a block, not a failure`() throws {
    let result = try resolve(
      following + "    files: { formats: [ONNX] }\n",
      answers([model(1, versions: [version(1, files: files)])]))
    #expect(result.reasons == [.noMatchingFile])
  }

  @Test func `without a flag the first of type Model is the primary, else the first`() throws {
    let noModel = [
      file(8, type: "VAE", digest: digest(8)), file(9, type: "Config", digest: digest(9)),
    ]
    #expect(
      try resolve(following, answers([model(1, versions: [version(1, files: noModel)])])).files
        == [8])
    let second = [file(8, type: "VAE", digest: digest(8)), file(9, digest: digest(9))]
    #expect(
      try resolve(following, answers([model(1, versions: [version(1, files: second)])])).files
        == [9])
  }
}
