import Core
import Diagnostics
import ManifestModel
import Testing

@Test func `a short manifest takes civsync's own defaults`() throws {
  let manifest = try good("collections:\n  c:\n    users: [alice]\n")
  #expect(manifest.path.string == "/project/civsync.yaml")
  #expect(manifest.sources.map(\.name) == ["civsync.yaml"])
  #expect(manifest.endpoints.map(\.wire) == ["https://civitai.red/", "https://civitai.com/"])
  #expect(manifest.store == nil)
  #expect(manifest.link == nil)
  #expect(manifest.onFailure == .stop)
  let tree = try #require(manifest.trees.first)
  #expect(manifest.trees.count == 1)
  #expect(tree.name == .main)
  #expect(tree.root.string == "/models")
  #expect(tree.layout == .preset(.comfyui))
  #expect(tree.span.description == "civsync.yaml:2:7")
  let collection = try #require(manifest.collections.first)
  #expect(collection.name == "c")
  #expect(collection.span.description == "civsync.yaml:4:3")
  #expect(collection.users.map(\.value) == ["alice"])
  #expect(collection.versions == .latest)
  #expect(collection.files.isDefault)
  #expect(collection.scan == .requireSuccess)
  #expect(collection.superseded == .keep)
  #expect(collection.replaced == .ask)
  #expect(collection.types == nil && collection.baseModels == nil)
  #expect(collection.exclude == ExcludeSpec())
  #expect(collection.place == nil && collection.link == nil)
}

@Test func `every key of the manifest is read`() throws {
  let manifest = try good(
    """
    layout: "{type}/{baseModel}/{creator}/{file}"
    store: ../store
    link: reflink
    editable: [LORA, Textual*]
    onFailure: skip
    source: { endpoints: ["http://127.0.0.1:8080/mirror/", https://civitai.com] }
    defaults:
      versions: { newest: 3 }
      files: { types: [Model, VAE], formats: [SafeTensor], precision: [fp16, bf16], size: pruned }
      scan: allow-pending
      superseded: replace
      replaced: take
    collections:
      a:
        users: alice
        types: LORA
        baseModels: ["SDXL*", Illustrious]
        files: { formats: [GGUF], quantType: [Q8_0, Q4_0], all: true, only: { size: full } }
        exclude:
          { models: [1], versions: [2], users: [bob], types: ["*Other"], baseModels: [SD 1.5] }
        place: loras/{creator}/
        scan: allow-danger
        superseded: keep
        replaced: ask
        link: copy
        versions: { since: 2024-02-29 }
      b:
        versions: [11, "12"]
    """)
  #expect(manifest.store?.string == "/store")
  #expect(manifest.link == .reflink)
  #expect(manifest.isEditable(type: "lora") && manifest.isEditable(type: "TextualInversion"))
  #expect(!manifest.isEditable(type: "Checkpoint"))
  #expect(manifest.onFailure == .skip)
  #expect(
    manifest.endpoints.map(\.wire) == ["http://127.0.0.1:8080/mirror", "https://civitai.com/"])
  #expect(
    manifest.trees.first?.layout
      == .template(try PathTemplate(parsing: "{type}/{baseModel}/{creator}/{file}")))
  try #require(manifest.collections.map(\.name) == ["a", "b"])
  let first = manifest.collections[0]
  #expect(first.versions == .since("2024-02-29"))
  #expect(first.types?.map(\.text) == ["LORA"])
  #expect(first.baseModels?.map(\.description) == ["SDXL*", "Illustrious"])
  #expect(first.exclude.models == [1])
  #expect(first.exclude.versions == [2])
  #expect(first.exclude.users == ["bob"])
  #expect(first.exclude.types.map(\.text) == ["*Other"])
  #expect(first.exclude.baseModels.map(\.text) == ["SD 1.5"])
  #expect(first.scan == .allowDanger)
  #expect(first.superseded == .keep)
  #expect(first.replaced == .ask)
  #expect(first.link == .copy)
  #expect(first.place?.description == "loras/{creator}/")
  let second = manifest.collections[1]
  #expect(second.versionIDs.map(\.value) == [11, 12])
  #expect(second.versions == .newest(3))
  #expect(second.scan == .allowPending)
  #expect(second.superseded == .replace)
  #expect(second.replaced == .take)
}

@Test func `files of model, collection and defaults are merged key by key`() throws {
  let manifest = try good(
    """
    defaults:
      files: { types: [Model, VAE], precision: [fp16], size: pruned, only: { precision: fp16 } }
    collections:
      c:
        files: { size: full, only: { quantType: [Q8_0] } }
        models:
          - 1
          - { id: 2, files: { precision: fp8, only: { precision: [fp8, nf4] }, all: false } }
    """)
  let collection = try #require(manifest.collections.first)
  var expected = FilePolicy()
  expected.types = ["Model", "VAE"]
  expected.precision = ["fp16"]
  expected.size = .full
  expected.only.precision = ["fp16"]
  expected.only.quantType = ["Q8_0"]
  #expect(collection.files == expected)
  #expect(collection.models.first?.files == expected)
  expected.precision = ["fp8"]
  expected.only.precision = ["fp8", "nf4"]
  #expect(collection.models.last?.files == expected)
  #expect(!expected.isDefault)
  #expect(FilePolicy.everything.all && !FilePolicy.everything.isDefault)
}

@Test func `models are named in every form that people have`() throws {
  let manifest = try good(
    """
    source: { endpoints: ["http://localhost:1"] }
    collections:
      c:
        place: a/{file}
        models:
          - 1
          - "2"
          - 3@30
          - 4@40+400
          - https://civitai.com/models/5/some-slug?x=1&modelVersionId=50
          - https://www.civitai.red/models/6
          - http://localhost:1/models/7
          - https://civitai.com/api/v1/models/8
          - urn:air:sdxl:lora:civitai:9@90+900.safetensors
          - air:sdxl:lora:civitai:10@100
          - sd1:checkpoint:Civitai:11.safetensors
          - { id: 12, versions: { newest: 2 }, place: b/x.safetensors }
          - { id: 13@130, file: 1300 }
          - { id: 14, version: 140, file: 1400 }
          - { id: 15, versions: [150, 151] }
          - { id: "16", versions: all }
    """)
  let models = try #require(manifest.collections.first).models
  let names = models.map { selector in
    "\(selector.id)" + (selector.version.map { "@\($0)" } ?? "")
      + (selector.file.map { "+\($0)" } ?? "")
  }
  #expect(
    names == [
      "1", "2", "3@30", "4@40+400", "5@50", "6", "7", "8", "9@90+900", "10@100", "11", "12",
      "13@130+1300", "14@140+1400", "15@150", "15@151", "16",
    ])
  #expect(models.compactMap(\.versions) == [.newest(2), .all])
  #expect(models.map { $0.place?.text }[10...12] == ["a/{file}", "b/x.safetensors", "a/{file}"])
  #expect(models.first?.span.description == "civsync.yaml:8:9")
}

@Test func `paths expand home and variables and start from the manifest's folder`() throws {
  func root(_ text: String) throws -> String? {
    let (manifest, diagnostics) = try read(
      "version: 1\nroot: \(text)\ncollections: { c: { users: [a] } }\n")
    #expect(diagnostics.rendered() == "")
    return manifest?.trees.first?.root.string
  }
  #expect(try root("~/ComfyUI/models") == "/home/me/ComfyUI/models")
  #expect(try root("\"~\"") == "/home/me")
  #expect(try root("models/../m") == "/project/m")
  #expect(try root("${MODELS}/x") == "/srv/models/x")
  #expect(try root("\"${NOPE:-~/ComfyUI/models}\"") == "/home/me/ComfyUI/models")
  #expect(try root("\"/a${EMPTY:-b}${EMPTY}c\"") == "/abc")
  #expect(try root("/a$$b/5$/$-") == "/a$b/5$/$-")
}

@Test func `a home folder is needed only for a tilde`() throws {
  let body = "\ncollections: { c: { users: [a] } }\n"
  #expect(try read("version: 1\nroot: /m" + body, home: nil).0 != nil)
  let (_, diagnostics) = try read("version: 1\nroot: ~/m" + body, home: nil)
  #expect(diagnostics.map(\.message) == ["`root` begins with `~`, but there is no home folder"])
}

@Test func `a mistake in a quoted or folded path still has a place`() throws {
  let (_, diagnostics) = try read(
    "version: 1\nroot: \"\\x2Fa/${NOPE}\"\nstore: \"a\\0b\"\ncollections: { c: { users: [a] } }\n")
  #expect(diagnostics.map { $0.span?.description } == ["civsync.yaml:2:7", "civsync.yaml:3:8"])
  #expect(diagnostics.map(\.code) == ["M017", "M026"])
}

@Test func `anchors and merges serve collections too`() throws {
  let manifest = try good(
    """
    collections:
      a: &base
        users: [alice]
        types: [LORA]
      b:
        <<: *base
        users: [bob]
    """)
  #expect(manifest.collections.map { $0.users.map(\.value) } == [["alice"], ["bob"]])
  #expect(manifest.collections.map { $0.types?.map(\.text) } == [["LORA"], ["LORA"]])
}

@Test func `a mistake behind an alias is told once`() throws {
  let (_, diagnostics) = try read(
    "version: 1\nroot: /m\ncollections:\n  a: &x { users: [u], typs: [LORA] }\n  b: *x\n")
  #expect(diagnostics.map(\.code) == ["M003"])
}

@Test func `a loader without names for its files shows the whole path`() throws {
  struct Bare: ManifestLoader {
    func load(_ path: AbsolutePath) -> LoadedManifest { .missing }
  }
  let path = try #require(AbsolutePath("/p/civsync.yaml"))
  let (_, diagnostics) = loadManifest(path: path, loader: Bare(), environment: [:], home: nil)
  #expect(diagnostics.first?.message.contains("`/p/civsync.yaml`") == true)
}
