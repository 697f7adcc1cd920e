import Core
import Diagnostics
import ManifestModel
import Testing

@Test func `each key of the whole language is read into its value`() throws {
  let (read, diagnostics) = try read(
    """
    version: 1
    vars: { disk: /mnt/big }
    trees:
      comfy: { root: "${disk}/comfy" }
      forge: { root: "${disk}/forge", layout: forge, link: symlink }
    policy:
      formats: SafeTensor
      scan: allow-pending
      commercialUse: [Image, Sell]
      baseModels: ["SDXL*"]
      maxFile: 30GB
      maxTotal: 2TiB
    insecure: true
    limits: { memory: 500MB, disk: 10GB }
    keep: { last: 5, within: 30d, tags: none }
    transfer: { connectTimeout: 5s, stallTimeout: 2m, callTimeout: 1h, retries: [], calls: 1, downloads: 8,
      connectionsPerFile: 4, order: large-first, limitRate: 20MB }
    checks: [{ name: loads, run: ./smoke-test.sh, timeout: 5m }, { name: sees, run: "true" }]
    defaults: { sidecars: true, previews: 2 }
    collections:
      a:
        users: [alice]
        minDownloads: 100
        minThumbs: 7
        limit: 20
        budget: { total: 500GB, perRun: 20GB, perUser: 50GB, order: most-liked }
        files: { primary: true, maxSize: 8GB }
        trees: forge
        layout: flat
        sidecars: [json, civitai.info, json]
        previews: 0
        protect: true
      b: { favorites: true, limit: { models: 5, order: oldest }, budget: 500GB }
    """)
  #expect(diagnostics.rendered() == "")
  let manifest = try #require(read)
  #expect(manifest.trees.map(\.name.name) == ["comfy", "forge"])
  #expect(manifest.trees.map(\.root.string) == ["/mnt/big/comfy", "/mnt/big/forge"])
  #expect(manifest.trees.map(\.layout) == [.preset(.comfyui), .preset(.forge)])
  #expect(manifest.trees.map(\.link) == [nil, .symlink])
  let policy = manifest.policy
  #expect(policy.formats?.value == ["SafeTensor"])
  #expect(policy.formats?.span.description == "civsync.yaml:7:12")
  #expect(policy.scan?.value == .allowPending)
  #expect(policy.commercialUse?.value == ["Image", "Sell"])
  #expect(policy.baseModels?.value.map(\.text) == ["SDXL*"])
  #expect(policy.maxFile?.value.bytes == 30_000_000_000)
  #expect(policy.maxTotal?.value.bytes == 2 << 40)
  #expect(manifest.keep.last == 5 && manifest.keep.withinDays == 30 && !manifest.keep.tagged)
  #expect(manifest.checks.map(\.name) == ["loads", "sees"])
  #expect(manifest.checks.map(\.command) == ["./smoke-test.sh", "true"])
  #expect(manifest.checks.map(\.timeoutSeconds) == [300, 60])
  var transfer = TransferSpec()
  (transfer.connectTimeout, transfer.stallTimeout, transfer.callTimeout) = (5, 120, 3_600)
  (transfer.retries, transfer.calls) = ([], 1)
  (transfer.downloads, transfer.connectionsPerFile) = (8, 4)
  transfer.limitRate = ByteCount(20_000_000)
  transfer.isInsecure = true
  transfer.order = .largeFirst
  #expect(manifest.transfer == transfer)
  #expect(manifest.limits.memory == ByteCount(500_000_000))
  #expect(manifest.limits.disk == .bytes(ByteCount(10_000_000_000)))
  try #require(manifest.collections.count == 2)
  let first = manifest.collections[0]
  #expect(first.minDownloads == 100 && first.minThumbs == 7)
  #expect(first.limit?.models == 20 && first.limit?.order == .newest)
  #expect(first.budget?.total?.value.bytes == 500_000_000_000)
  #expect(first.budget?.perRun?.value.bytes == 20_000_000_000)
  #expect(first.budget?.perUser?.value.bytes == 50_000_000_000)
  #expect(first.budget?.order == .mostLiked)
  #expect(first.files.primary && first.files.maxSize?.bytes == 8_000_000_000)
  #expect(first.trees.map(\.name) == ["forge"] && first.layout == .preset(.flat))
  #expect(first.sidecars == [.civitaiInfo, .a1111] && first.previews == 0)
  #expect(first.protect && first.favorites == nil)
  let second = manifest.collections[1]
  #expect(second.favorites != nil && !second.protect)
  #expect(second.limit?.models == 5 && second.limit?.order == .oldest)
  #expect(second.budget?.total?.value.bytes == 500_000_000_000 && second.budget?.perRun == nil)
  #expect(second.trees.map(\.name) == ["comfy", "forge"] && second.layout == nil)
  #expect(second.sidecars == CompanionKind.sidecars && second.previews == 2)
}

@Test func `objects are read with digest, place, address and size`() throws {
  let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
  let manifest = try good(
    """
    collections:
      mine:
        objects:
          - sha256: \(hex.uppercased())
            place: loras/
            url: https://example.org/a/My%20File.safetensors?download=true
            size: 228MB
          - { sha256: \(hex), place: vae/x.pt, url: "http://127.0.0.1:8080/x", size: 1024 }
      one:
        objects: { sha256: \(hex), place: vae/x.pt }
    """)
  let objects = try #require(manifest.collections.first).objects
  try #require(objects.count == 2)
  #expect(objects.map(\.digest.hex) == [hex, hex])
  #expect(objects.map(\.place.string) == ["loras/My File.safetensors", "vae/x.pt"])
  #expect(objects[0].url?.wire == "https://example.org/a/My%20File.safetensors?download=true")
  #expect(objects[1].url?.wire == "http://127.0.0.1:8080/x")
  #expect(objects.map(\.bytes?.bytes) == [228_000_000, 1_024])
  #expect(manifest.collections.last?.objects.first?.url == nil)
}

@Test func `a root of a collection's own is the tree that has it, or one named by its path`() throws
{
  let (read, diagnostics) = try read(
    """
    version: 1
    trees: { comfy: { root: /comfy }, main: { root: /main } }
    collections:
      a: { users: [u], root: /main/ }
      b: { users: [u], root: own, layout: forge }
      c: { users: [u], root: /project/own }
      d: { users: [u] }
    """)
  #expect(diagnostics.rendered() == "")
  let manifest = try #require(read)
  #expect(manifest.trees.map(\.name.name) == ["comfy", "main", "/project/own"])
  #expect(
    manifest.collections.map { $0.trees.map(\.name) }
      == [["main"], ["/project/own"], ["/project/own"], ["comfy", "main"]])
  #expect(manifest.trees.last?.layout == .preset(.comfyui))
  #expect(manifest.collections.map(\.layout) == [nil, .preset(.forge), nil, nil])
}

@Test func `one place in two trees is two places`() throws {
  let (read, diagnostics) = try read(
    """
    version: 1
    trees: { a: { root: /a }, b: { root: /b } }
    collections:
      a: { models: [{ id: 1, place: x.pt }], trees: a }
      b: { models: [{ id: 2, place: x.pt }], trees: b }
    """)
  #expect(diagnostics.rendered() == "")
  #expect(read != nil)
}

// MARK: variables

@Test func `variables stand in every value, and those of vars go before the environment`() throws {
  let manifest = try good(
    """
    vars: { MODELS: /mine, who: alice, n: 3, day: "2025-01-${dd}", dd: 31, none: "", nul: "null" }
    store: ${MODELS}/store
    collections:
      a:
        users: ["${who}", "$$x$y", "${EMPTY:-bob}", "${none:-carol}"]
        versions: { newest: "${n}" }
        since: ${day}
        limit: ${n}
        names: ["${nul}"]
        favorites: ${yes:-true}
        place: "${who}/{file}"
    """)
  #expect(manifest.store?.string == "/mine/store")
  let collection = try #require(manifest.collections.first)
  #expect(collection.users.map(\.value) == ["alice", "$x$y", "bob", "carol"])
  #expect(collection.versions == .newest(3))
  #expect(collection.since == "2025-01-31")
  #expect(collection.limit?.models == 3)
  #expect(collection.names?.map(\.text) == ["null"])
  #expect(collection.favorites != nil)
  #expect(collection.place?.text == "alice/{file}")
}

@Test func `a variable may stand for the home folder`() throws {
  let (read, diagnostics) = try read(
    "version: 1\nvars: { r: \"~\" }\nroot: ${r}\ncollections: {}\n")
  #expect(diagnostics.map(\.code) == ["M028"])
  #expect(read?.trees.first?.root.string == "/home/me")
}

@Test func `what could not be expanded is told once, and nothing else about it`() throws {
  #expect(
    try complaints(
      """
      users: ["${NO}"]
      models: ["${NO}", { id: "${NO}", versions: "${NO}" }]
      limit: "${NO}"
      budget: { total: "${NO}" }
      nsfw: "${NO}"
      since: ${NO}
      trees: ["x${NO}"]
      place: /${NO}
      """
    ) == [String](repeating: "M017 the variable `NO` is not set", count: 10))
}

@Test func `a flood of long values is refused`() throws {
  let long = String(repeating: "x", count: 60_000)
  let names = [String](repeating: "\"${a}\"", count: 2_000).joined(separator: ", ")
  let (manifest, diagnostics) = try read(
    "version: 1\nvars: { a: \(long) }\nroot: /m\ncollections: { c: { users: [\(names)] } }\n")
  #expect(manifest == nil)
  #expect(diagnostics.filter { $0.severity == .error }.map(\.code) == ["M019"])
}
