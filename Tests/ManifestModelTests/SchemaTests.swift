import Diagnostics
import Foundation
import ManifestModel
import Testing

struct `The schema for editors` {
  let schema: Schema

  init() throws { schema = try Schema.shipped() }

  @Test func `knows the maps of the decoder and no others`() {
    #expect(Set(schema.maps.keys) == Set(ManifestKeys.byMap.keys))
  }

  @Test(arguments: ManifestKeys.byMap.keys.sorted())
  func `knows each key of the decoder and no other, and explains it`(map: String) throws {
    let definition = try #require(schema.maps[map])
    let properties = try #require(definition["properties"]?.object)
    let known = try #require(ManifestKeys.byMap[map])
    #expect(Set(known).count == known.count, "a key stands twice")
    for key in known where properties[key] == nil {
      Issue.record("the decoder reads `\(key)` of `\(map)`, and the schema does not know it")
    }
    for key in properties.keys.sorted() where !known.contains(key) {
      Issue.record("the schema has `\(key)` of `\(map)`, and the decoder does not read it")
    }
    #expect(definition["additionalProperties"] == .bool(false))
    for (key, property) in properties {
      let text = property.object?["description"]?.string ?? ""
      #expect(text.hasSuffix("."), "`\(map)`.`\(key)` is not explained")
    }
  }

  @Test(arguments: ManifestKeys.choices.merging(ManifestKeys.openWords) { $1 }.keys.sorted())
  func `offers the words that the decoder knows, and no others`(set: String) {
    let words = ManifestKeys.choices[set] ?? ManifestKeys.openWords[set] ?? []
    #expect(schema.words(set) == words)
  }

  @Test func `has no other fixed words`() {
    let sets = schema.definitions.filter { $0.value.object?["enum"] != nil }.keys
    #expect(
      Set(sets) == Set(ManifestKeys.choices.keys).union(ManifestKeys.openWords.keys))
  }

  @Test func `refers to nothing that it does not have, and has nothing to which nothing refers`() {
    var references: Set<String> = []
    func look(_ json: JSON) {
      for (key, value) in json.object ?? [:] {
        if key == "$ref", let text = value.string { references.insert(text) }
        look(value)
      }
      for item in json.array ?? [] { look(item) }
    }
    look(.object(schema.root))
    #expect(references == Set(schema.definitions.keys.map { "#/$defs/\($0)" }))
  }

  /// What both take. Where a key can be written in several ways, each stands here.
  static let good: [String] = [
    "version: 1\nroot: ~/m\ncollections: {}\n",
    "version: \"1\"\nroot: ./m\nlayout: \"{type}/{file}\"\ncollections: { c: { users: a } }\n",
    """
    version: 1
    root: "${MODELS}/x"
    layout: forge
    store: /s
    link: copy
    editable: [LORA, TextualInversion]
    onFailure: skip
    source: { endpoints: "http://127.0.0.1:8080" }
    insecure: false
    limits: { memory: 500MB, disk: 5% }
    transfer: { connectTimeout: 5s, stallTimeout: 2m, callTimeout: 1h, retries: [1s, 5s], calls: 1, downloads: 16, connectionsPerFile: 32, order: manifest, limitRate: 1MB }
    defaults:
      versions: { since: 2025-01-01 }
      files: { types: Model, formats: [GGUF, New], precision: fp16, size: full, all: true }
      scan: allow-danger
      superseded: replace
      replaced: take
    collections:
      a:
        users: [alice, 123]
        models:
          - 1
          - "2@3"
          - https://civitai.com/models/133005
          - { id: 4, version: 5, file: 6, place: "loras/{file}" }
          - { id: "7", versions: [8, "9"], files: { quantType: [Q8_0], only: { size: full } } }
          - { id: 10, versions: { newest: 3 } }
        versions: all
        types: ["*LoRA", LORA]
        baseModels: SDXL*
        files: { only: { precision: fp8, quantType: [Q4_0] } }
        exclude: { models: 11, versions: 12, users: [bob], types: VAE, baseModels: [SD 1.5] }
        place: loras/{creator}/
        superseded: keep
        replaced: ask
        scan: require-success
        link: auto
      b: { versions: [1, 2] }
      c: { models: 3 }

    """,
    """
    version: 1
    root: m
    defaults: { nsfw: R, versions: latest-per-base-model }
    collections:
      a: { users: a, tags: [b, "c*"], names: "*d*", nsfw: PG13, since: 2025-01-01 }
      b:
        users: a
        tags: { any: b, all: [c, d], none: [e] }
        until: 2025-12-31
        exclude: { tags: [f], names: g }

    """,
    """
    version: 1
    include: ["${PARTS:-~/parts}/*.yaml"]
    insecure: true
    source: { endpoints: ["http://nas.example:8080", "https://civitai.com"] }
    vars: { disk: /mnt/big, many: 20, share: "${HOME_OF_MODELS:-/srv}" }
    trees:
      comfy: { root: "${disk}/comfy" }
      forge.2: { root: "${disk}/forge", layout: forge, link: symlink }
    transfer: { retries: 5s, calls: "2", limitRate: { "8:00-18:00": 2MB, "22:00-06:00": pause, otherwise: "${FAST:-20MB}" } }
    policy:
      formats: SafeTensor
      scan: require-success
      commercialUse: [Image, Sell]
      baseModels: ["SDXL*"]
      maxFile: 30GB
      maxTotal: 2 TiB
    keep: { last: 5, within: 30d, tags: none }
    checks:
      - { name: loads, run: ./smoke-test.sh, timeout: 5m }
      - { name: sees, run: "true" }
    defaults: { sidecars: [civitai.info, json], previews: 2 }
    collections:
      a:
        users: [alice]
        minDownloads: 100
        minThumbs: 0
        limit: "${many}"
        budget: { total: 500GB, perRun: 20GB, perUser: 1.5TB, order: most-liked }
        files: { primary: true, maxSize: 8GB }
        trees: [comfy, forge.2]
        layout: "{creator|'x':20}/{file}"
        sidecars: false
        previews: 0
        protect: true
      b: { favorites: true, limit: { models: 5, order: oldest }, budget: 500GB, trees: comfy }
      c:
        root: "${disk}/own"
        sidecars: metadata.json
        layout: flat
        objects:
          - sha256: 9F86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            place: loras/
            url: https://example.org/files/mine.safetensors?download=true
            size: 228MB
          - { sha256: "${DIGEST:-60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752}",
              place: loras/other.safetensors }

    """,
  ]

  @Test func `is tried with every key`() {
    for key in Set(ManifestKeys.byMap.values.joined()).sorted() {
      let isUsed = Self.good.contains { $0.contains("\(key):") }
      #expect(isUsed, "no manifest above has `\(key)`")
    }
  }

  @Test(arguments: good)
  func `takes what the decoder takes`(text: String) throws {
    let (_, diagnostics) = try read(text)
    #expect(diagnostics.filter { $0.severity == .error }.rendered() == "")
    #expect(try schema.complaints(manifest: text) == [])
  }

  @Test(arguments: [
    "version: 2\nroot: m\ncollections: {}\n",
    "version: 1\nroot: m\nlayout: comfy\ncollections: {}\n",
    "version: 1\nroot: m\nlink: hard\ncollections: {}\n",
    "version: 1\nroot: m\nsource: { endpoints: [] }\ncollections: {}\n",
    "version: 1\nroot: m\nsource: { endpoints: [\"ftp://x\"] }\ncollections: {}\n",
    "version: 1\nroot: m\nlimits: { disk: 100% }\ncollections: {}\n",
    "version: 1\nroot: m\nlimits: { memory: 5% }\ncollections: {}\n",
    "version: 1\nroot: m\ninsecure: maybe\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { retries: [5] }\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { limitRate: { 8-18: 2MB } }\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { limitRate: { '8:00-18:00': never } }\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { order: random }\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { calls: 3 }\ncollections: {}\n",
    "version: 1\nroot: m\ntransfer: { connect: 5s }\ncollections: {}\n",
    "version: 1\nroot: m\ndefaults: { versions: [1] }\ncollections: {}\n",
    "version: 1\nroot: m\ncollections: []\n",
    "version: 1\nroot: m\ncollections: { a/b: { users: [a] } }\n",
    "version: 1\nroot: m\ncollections: { c: }\n",
    "version: 1\nroot: m\ncollections: { c: { versions: latest } }\n",
    "version: 1\nroot: m\ncollections: { c: { user: [a] } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: { a: b } } }\n",
    "version: 1\nroot: m\ncollections: { c: { models: [[1]] } }\n",
    "version: 1\nroot: m\ncollections: { c: { models: [{ version: 1 }] } }\n",
    "version: 1\nroot: m\ncollections: { c: { models: [0] } }\n",
    "version: 1\nroot: m\ncollections: { c: { versions: [x] } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, versions: newest } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, versions: { newest: 0 } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, versions: { newest: 1000001 } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, versions: { since: January } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, versions: {} } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, place: /x } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, files: { all: yes } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, files: { size: tiny } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, scan: never } }\n",
    "version: 1\ntrees: {}\ncollections: {}\n",
    "version: 1\ntrees: { .a: { root: m } }\ncollections: {}\n",
    "version: 1\ntrees: { a: { layout: flat } }\ncollections: {}\n",
    "version: 1\nroot: m\nvars: { a-b: 1 }\ncollections: {}\n",
    "version: 1\nroot: m\nvars: { a: [1] }\ncollections: {}\n",
    "version: 1\nroot: m\npolicy: { formats: [] }\ncollections: {}\n",
    "version: 1\nroot: m\npolicy: { commercialUse: [Give] }\ncollections: {}\n",
    "version: 1\nroot: m\npolicy: { maxFile: big }\ncollections: {}\n",
    "version: 1\nroot: m\nkeep: { within: 3 weeks }\ncollections: {}\n",
    "version: 1\nroot: m\nkeep: { last: -1 }\ncollections: {}\n",
    "version: 1\nroot: m\nkeep: { tags: some }\ncollections: {}\n",
    "version: 1\nroot: m\nchecks: [{ name: a }]\ncollections: {}\n",
    "version: 1\nroot: m\nchecks: [{ name: a, run: b, timeout: 60 }]\ncollections: {}\n",
    "version: 1\nroot: m\ndefaults: { previews: 21 }\ncollections: {}\n",
    "version: 1\nroot: m\ndefaults: { sidecars: [txt] }\ncollections: {}\n",
    "version: 1\nroot: m\ncollections: { c: { favorites: false } }\n",
    "version: 1\nroot: m\ncollections: { c: { favorites: yes } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, limit: 0 } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, limit: { order: oldest } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, limit: { models: 1, order: best } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, budget: 0 } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, budget: { order: oldest } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, budget: { total: 5 apples } } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, trees: [] } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, protect: always } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, minThumbs: -1 } }\n",
    "version: 1\nroot: m\ncollections: { c: { users: a, files: { maxSize: 0 } } }\n",
    "version: 1\nroot: m\ncollections: { c: { objects: [{ sha256: abc, place: x }] } }\n",
    "version: 1\nroot: m\ncollections: { c: { objects: [{ place: x }] } }\n",
    "version: 1\nroot: m\ncollections: { c: { objects: x } }\n",
  ])
  func `refuses what the decoder refuses`(text: String) throws {
    let (_, diagnostics) = try read(text)
    #expect(diagnostics.hasErrors)
    #expect(try schema.complaints(manifest: text) != [])
  }

  /// An editor sees one file, and what that one does not say may stand in another.
  @Test(arguments: [
    "root: m\ncollections: {}\n", "version: 1\ncollections: {}\n", "version: 1\nroot: m\n",
  ])
  func `leaves to the decoder what another file may say`(text: String) throws {
    #expect(try read(text).1.hasErrors)
    #expect(try schema.complaints(manifest: text) == [])
  }

  @Test func `has an overlay's form with the same maps, keys and words`() throws {
    let overlay = try Schema.shipped("civsync.local.schema.json")
    #expect(Set(overlay.definitions.keys) == Set(schema.definitions.keys))
    for (name, map) in schema.maps {
      let keys = overlay.maps[name]?["properties"]?.object?.keys
      #expect(keys.map { Set($0) } == (map["properties"]?.object?.keys).map { Set($0) }, "\(name)")
      #expect(overlay.maps[name]?["required"] == nil)
    }
    for name in schema.definitions.keys { #expect(overlay.words(name) == schema.words(name)) }
    for text in Self.good { #expect(try overlay.complaints(manifest: text) == []) }
    for text in [
      "root: /fast\n", "root: ~\ntrees: { a: { root: /a } }\n", "collections: { a: ~ }\n",
      "trees: { forge: ~, comfy: { link: copy } }\n",
      "collections: { a: { users: ~, limit: { order: oldest }, budget: { perRun: 1GB, total: ~ } } }\n",
    ] {
      #expect(try overlay.complaints(manifest: text) == [], "\(text)")
    }
    for text in [
      "rot: /fast\n", "collections: { a: { user: ~ } }\n", "trees: { a: { root: [] } }\n",
      "collections: { a: { limit: { order: best } } }\n",
    ] {
      #expect(try overlay.complaints(manifest: text) != [], "\(text)")
    }
  }

  @Test func `is named by each shipped manifest, and takes it`() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
    let folder = tests.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Manifests")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 3)
    for name in names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let mark = "# yaml-language-server: $schema="
      let first = try #require(text.split(separator: "\n").first)
      #expect(first.hasPrefix(mark), "\(name)")
      let path = folder.appending(path: String(first.dropFirst(mark.count))).path
      #expect(FileManager.default.fileExists(atPath: path), "\(name): \(path)")
      let named = try Schema.shipped(String(path.split(separator: "/").last ?? ""))
      #expect(try named.complaints(manifest: text) == [], "\(name)")
    }
  }
}
