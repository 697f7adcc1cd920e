import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Names on disk` {
  @Test(arguments: [
    ("a/b:c<d>e*f?.safetensors", "a_b_c_d_e_f_.safetensors"), ("  lead.pt", "lead.pt"),
    ("..", "x"), ("../../etc/passwd", "_.._etc_passwd"), ("trail. ", "trail"), ("", "x"),
    ("NUL.txt", "NUL_.txt"), ("tab\there", "tab_here"), ("日本語.pt", "日本語.pt"),
    ("zero\u{200B}width", "zero_width"), (".hidden", "hidden"),
  ])
  func `one component is made safe`(name: String, expected: String) {
    #expect(SafeName.component(name, fallback: "x") == expected)
  }

  @Test func `a long name is cut by bytes at a character and keeps its ending`() {
    let name = SafeName.component(
      String(repeating: "é", count: 300) + ".safetensors", fallback: "x")
    #expect(name.utf8.count <= 240)
    #expect(name.hasSuffix("é.safetensors"))
    let suffixed = SafeName.suffixed(name, with: "123")
    #expect(suffixed.utf8.count <= 240)
    #expect(suffixed.hasSuffix("é_123.safetensors"))
  }

  @Test func `an ending is short, has no space, and is no hidden name`() {
    #expect(SafeName.split("a.b.pt").ending == ".pt")
    #expect(SafeName.split("v1. final cut").ending == "")
    #expect(SafeName.split("noending").ending == "")
    #expect(SafeName.split("dot.").ending == "")
  }
}

struct `Where files go` {
  func path(_ type: String, fileType: String = "Model", layout: String) throws -> [String] {
    let only = file(1, "x.safetensors", type: fileType, digest: digest(1))
    return try resolve(
      following, layout: layout,
      answers([model(1, type: type, versions: [version(1, files: [only])])])
    ).paths
  }

  @Test(arguments: [
    ("Checkpoint", "Model", "comfyui", "checkpoints/x.safetensors"),
    ("Checkpoint", "UNet", "comfyui", "diffusion_models/x.safetensors"),
    ("Checkpoint", "VAE", "comfyui", "vae/x.safetensors"),
    ("LoCon", "Model", "comfyui", "loras/x.safetensors"),
    ("LoCon", "Model", "stabilitymatrix", "LyCORIS/x.safetensors"),
    ("LORA", "Model", "forge", "models/Lora/x.safetensors"),
    ("LORA", "Model", "a1111", "models/Lora/x.safetensors"),
    ("TextualInversion", "Negative", "swarmui", "Embeddings/x.safetensors"),
    ("Hypernetwork", "Model", "swarmui", "other/Hypernetwork/x.safetensors"),
    ("LORA", "Model", "flat", "LORA/x.safetensors"),
    ("CLIPVision", "Model", "a1111", "other/CLIPVision/x.safetensors"),
    ("Checkpoint", "CLIPVision", "a1111", "models/Stable-diffusion/x.safetensors"),
  ])
  func `a preset knows the tool's folder`(
    type: String, fileType: String, layout: String, expected: String
  ) throws {
    #expect(try path(type, fileType: fileType, layout: layout) == [expected])
  }

  @Test func `a type without a place goes to other, with a note`() throws {
    let result = try resolve(
      following, answers([model(1, type: "Brand/New", versions: [version(1)])]))
    #expect(result.paths == ["other/Brand_New/ink.safetensors"])
    #expect(
      result.notes == [.unknownFolder(type: "Brand/New", folder: "other/Brand_New")])
  }

  @Test func `a template takes every placeholder`() throws {
    let only = file(5, "x.safetensors", precision: "fp16", digest: digest(1))
    let template =
      "\"{type}/{folder}/{baseModel}/{creator}/{model}-{modelId}/{version}-{versionId}/"
      + "{collection}/{precision}/{stem}-{fileId}.{ext}\""
    let result = try resolve(
      following, layout: template,
      answers([model(1, "A:B", creator: nil, versions: [version(2, files: [only])])]))
    #expect(
      result.paths == [
        "LORA/loras/SDXL 1.0/unknown/A_B-1/v1-2/follow/fp16/x-5.safetensors"
      ])
  }

  @Test(arguments: [
    ("{precision|baseModel|'any'}/{file}", "SDXL 1.0/x.safetensors"),
    ("{precision|creator|'any'}/{file}", "any/x.safetensors"),
    ("{creator|'a:b'}/{file}", "a_b/x.safetensors"),
    ("{creator}/{file}", "unknown/x.safetensors"),
    ("{precision|folder}/{file}", "loras/x.safetensors"),
    ("{model:9}/{file}", "Ink あ/x.safetensors"),
    ("{model:12}-{versionId}/{file}", "Ink ああ-2/x.safetensors"),
    ("{model:1}/{file}", "I/x.safetensors"),
    ("{creator|'あ':2}/{file}", "_/x.safetensors"),
    ("{file:8}", "_.safetensors"),
    ("{file:14}", "x.safetensors"),
  ])
  func `a placeholder takes the first that the file has, within its limit`(
    template: String, expected: String
  ) throws {
    let only = file(5, "x.safetensors", digest: digest(1))
    let result = try resolve(
      following, layout: "\"\(template)\"",
      answers([model(1, "Ink ああああ", creator: nil, versions: [version(2, files: [only])])]))
    #expect(result.paths == [expected])
  }

  @Test func `a template without the file's ending gets it`() throws {
    let result = try resolve(
      following, layout: "\"{type}/{model}-{fileId}\"",
      answers([model(1, "Ink", versions: [version(1)])]))
    #expect(result.paths == ["LORA/Ink-10.safetensors"])
  }

  @Test func `place of a selector wins over the collection's`() throws {
    let body = """
      collections:
        base:
          place: "mine/{file}"
          models: [{ id: 1, place: "exact/Name.safetensors" }, 2]
      """
    let result = try resolve(
      body,
      answers(ids: [model(1, versions: [version(1)]), model(2, versions: [version(2)])]))
    #expect(result.paths == ["exact/Name.safetensors", "mine/ink.safetensors"])
  }

  @Test func `of two with one name the lowest file id keeps it, whatever the case or form`() throws
  {
    let models = [
      model(1, versions: [version(1, files: [file(30, "CAF\u{C9}.pt", digest: digest(1))])]),
      model(2, versions: [version(2, files: [file(20, "cafe\u{301}.pt", digest: digest(2))])]),
    ]
    let result = try resolve(following, answers(models))
    #expect(result.paths == ["loras/CAF\u{C9}_30.pt", "loras/cafe\u{301}.pt"])
  }

  @Test func `the same content under the same name shares one path`() throws {
    let models = [
      model(1, versions: [version(1, files: [file(30, digest: digest(1))])]),
      model(2, versions: [version(2, files: [file(20, digest: digest(1))])]),
    ]
    let result = try resolve(following, answers(models))
    #expect(result.paths == ["loras/ink.safetensors", "loras/ink.safetensors"])
  }

  @Test func `a newcomer with a lower id does not take a name that is in use`() throws {
    let first = model(1, versions: [version(1, files: [file(30, digest: digest(1))])])
    let former = try recorded(answers([first]))
    let second = model(2, versions: [version(2, files: [file(20, digest: digest(2))])])
    let result = try resolve(following, answers([first, second]), former: former)
    #expect(result.paths == ["loras/ink.safetensors", "loras/ink_20.safetensors"])
  }

  @Test func `a suffixed name stays when the plain one becomes free`() throws {
    let models = [
      model(1, versions: [version(1, files: [file(30, digest: digest(1))])]),
      model(2, versions: [version(2, files: [file(20, digest: digest(2))])]),
    ]
    let former = try recorded(answers(models))
    let result = try resolve(
      following + "    exclude: { models: [2] }\n", answers(models), former: former)
    #expect(result.paths == ["loras/ink_30.safetensors"])
  }

  @Test func `a change of layout moves, by the recorded names`() throws {
    let former = try recorded(answers([model(1, versions: [version(1)])]))
    let renamed = answers([
      model(1, versions: [version(1, files: [file(10, "other.safetensors", digest: digest(1))])])
    ])
    let result = try resolve(following, layout: "forge", renamed, former: former)
    #expect(result.paths == ["models/Lora/ink.safetensors"])
  }

  @Test func `two collections with places of their own give one entry two places`() throws {
    let body = """
      collections:
        a:
          models: [{ id: 1, place: "a/x.pt" }]
        b:
          models: [{ id: 1, place: "b/x.pt" }]
      """
    let result = try resolve(body, answers(ids: [model(1, versions: [version(1)])]))
    #expect(result.paths == ["a/x.pt", "b/x.pt"])
    #expect(result.entries.map(\.file.collections) == [["a", "b"]])
  }

  @Test func `a file cannot stand where another's folder is`() throws {
    let body = """
      collections:
        base:
          models: [{ id: 1, place: "a" }, { id: 2, place: "a/b" }, { id: 3, place: "c/d" }]
        more:
          models: [{ id: 4, place: "c" }]
      """
    let models = (Int64(1)...4).map { model($0, versions: [version($0)]) }
    let result = try resolve(body, answers(ids: models))
    #expect(result.paths == ["a", "c/d", "c_40"])
    let place = Place(tree: .main, path: try #require(TreePath("a/b")))
    #expect(
      result.reasons == [
        .pathUnsafe(place, why: "another file of the manifest stands where its folder is")
      ])
  }
}
