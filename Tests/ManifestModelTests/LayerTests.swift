import Core
import Diagnostics
import ManifestModel
import Testing

private let head = "version: 1\nroot: /models\n"
private let one = head + "collections: { c: { users: [alice] } }\n"

struct `Files of a manifest` {
  @Test func `what is included lies beneath, in order, and the overlay over all`() throws {
    let manifest = try good([
      "civsync.yaml": """
      version: 1
      include: [a.yaml, sub/b.yaml]
      root: /models
      vars: { x: main }
      defaults: { nsfw: R, files: { size: full } }
      collections: { main: { users: [m] } }
      """,
      "a.yaml": """
      vars: { x: a, y: a }
      layout: flat
      link: copy
      onFailure: skip
      defaults: { scan: allow-danger, nsfw: X, files: { size: pruned, precision: [fp16] } }
      collections: { a: { users: ["${x}${y}"] } }
      """,
      "sub/b.yaml": """
      version: 1
      vars: { y: b }
      link: symlink
      collections: { b: { users: [b], limit: 3 } }
      """,
      "civsync.local.yaml": """
      root: here
      link: hardlink
      collections: { b: { limit: { models: 9 } }, mine: { users: [l] } }
      """,
    ])
    #expect(manifest.trees.map(\.root.string) == ["/project/here"])
    #expect(manifest.trees.map(\.layout) == [.preset(.flat)])
    #expect(manifest.link == .hardlink)
    #expect(manifest.onFailure == .skip)
    #expect(manifest.collections.map(\.name) == ["a", "b", "main", "mine"])
    let first = try #require(manifest.collections.first)
    #expect(first.users.map(\.value) == ["mainb"])
    #expect(first.nsfw == .r && first.scan == .allowDanger)
    #expect(first.files.size == .full && first.files.precision == ["fp16"])
    #expect(manifest.collections[1].limit?.models == 9)
    #expect(
      manifest.sources.map(\.name) == [
        "civsync.yaml", "a.yaml", "sub/b.yaml", "civsync.local.yaml",
      ])
    #expect(manifest.sources.map(\.role) == [.manifest, .include, .include, .overlay])
    #expect(
      manifest.collections.map(\.span.file.name)
        == ["a.yaml", "sub/b.yaml", "civsync.yaml", "civsync.local.yaml"])
  }

  @Test func `a further manifest lies over the ones before`() throws {
    let texts = [
      "civsync.yaml": one + "link: copy\nonFailure: skip\n",
      "gpu.yaml": "version: 1\nlink: symlink\ncollections: { g: { users: [bob] } }\n",
      "civsync.local.yaml": "onFailure: stop\n",
    ]
    let manifest = try good(texts, named: ["civsync.yaml", "gpu.yaml", "civsync.yaml"])
    #expect(manifest.link == .symlink && manifest.onFailure == .stop)
    #expect(manifest.collections.map(\.name) == ["c", "g"])
    #expect(manifest.sources.map(\.role) == [.manifest, .manifest, .overlay])
    #expect(manifest.path.string == "/project/civsync.yaml")
  }

  @Test func `a relative path starts from the folder of the file that says it`() throws {
    let manifest = try good([
      "civsync.yaml": "version: 1\ninclude: ${PARTS}/a.yaml\ncollections: { c: { users: [u] } }\n",
      "parts/a.yaml": "root: ../models\nstore: store\ninclude: b.yaml\n",
      "parts/b.yaml": "collections: { d: { users: [u], root: own } }\n",
    ])
    #expect(manifest.store?.string == "/project/parts/store")
    #expect(manifest.trees.map(\.root.string) == ["/project/models", "/project/parts/own"])
  }

  @Test func `patterns take the files that match, sorted, and no hidden ones`() throws {
    let manifest = try good([
      "civsync.yaml": head + "include: [\"parts/*.yaml\", \"*/x?/main.yaml\"]\ncollections: {}\n",
      "parts/b.yaml": "collections: { b: { users: [u] } }\n",
      "parts/a.yaml": "collections: { a: { users: [u] } }\n",
      "parts/.hidden.yaml": "nonsense: true\n",
      "parts/note.txt": "nonsense: true\n",
      "parts/B.YAML": "nonsense: true\n",
      "parts/x1/main.yaml": "collections: { x1: { users: [u] } }\n",
      "parts/x2/other.yaml": "nonsense: true\n",
      "parts/x10/main.yaml": "nonsense: true\n",
    ])
    #expect(manifest.collections.map(\.name) == ["a", "b", "x1"])
  }

  @Test func `a file counts once, however often it is named`() throws {
    let manifest = try good(
      [
        "civsync.yaml": head + "include: [a.yaml, b.yaml, \"*.yaml\"]\n",
        "a.yaml": "include: [./c.yaml, b.yaml]\ncollections: { a: { users: [u] } }\n",
        "b.yaml": "include: ../project/c.yaml\ncollections: { b: { users: [u] } }\n",
        "c.yaml": "collections: { c: { users: [u] } }\n",
        "d.yaml": "version: 1\ncollections: { d: { users: [u] } }\n",
        "civsync.local.yaml": "link: copy\n",
      ], named: ["civsync.yaml", "d.yaml"])
    #expect(
      manifest.sources.map(\.name) == [
        "civsync.yaml", "a.yaml", "c.yaml", "b.yaml", "d.yaml", "civsync.local.yaml",
      ])
    #expect(manifest.collections.map(\.name) == ["c", "b", "a", "d"])
  }

  @Test func `an empty included file and an empty overlay say nothing`() throws {
    let manifest = try good([
      "civsync.yaml": one + "include: a.yaml\n", "a.yaml": "# later\n", "civsync.local.yaml": "",
    ])
    #expect(manifest.sources.count == 3)
  }
}

struct `The overlay` {
  private let base = """
    version: 1
    trees: { comfy: { root: /comfy }, forge: { root: /forge, layout: forge } }
    defaults: { versions: { newest: 3 } }
    collections:
      a:
        users: [alice]
        tags: { any: [x], none: [y] }
        versions: { newest: 2 }
        budget: { total: 500GB, perRun: 20GB }
        limit: 5
      b: { models: [1] }

    """

  @Test func `changes a collection key by key, and takes away with an empty value`() throws {
    let manifest = try good([
      "civsync.yaml": base,
      "civsync.local.yaml": """
      trees: { comfy: { root: /disk/comfy }, forge: ~ }
      defaults: { versions: { since: 2025-01-01 } }
      collections:
        a:
          tags: { none: [z] }
          versions: { since: 2024-01-01 }
          budget: { perRun: 1GB }
          limit:
          nsfw: null
        b: null
      """,
    ])
    #expect(manifest.trees.map(\.root.string) == ["/disk/comfy"])
    #expect(manifest.collections.map(\.name) == ["a"])
    let collection = try #require(manifest.collections.first)
    #expect(collection.users.map(\.value) == ["alice"])
    #expect(collection.tags?.any?.map(\.text) == ["x"])
    #expect(collection.tags?.none.map(\.text) == ["z"])
    #expect(collection.versions == .since("2024-01-01"))
    #expect(collection.budget?.total?.value.bytes == 500_000_000_000)
    #expect(collection.budget?.perRun?.value.bytes == 1_000_000_000)
    #expect(collection.limit == nil)
  }

  @Test func `puts trees in the place of a root`() throws {
    let manifest = try good([
      "civsync.yaml": one,
      "civsync.local.yaml": "root: ~\ntrees: { fast: { root: /fast }, big: { root: /big } }\n",
    ])
    #expect(manifest.trees.map(\.name.name) == ["fast", "big"])
  }

  @Test func `takes away only what is there`() throws {
    let (manifest, diagnostics) = try read([
      "civsync.yaml": one, "civsync.local.yaml": "collections: { d: ~, c: { usrs: ~ } }\n",
    ])
    #expect(manifest == nil)
    #expect(
      diagnostics.map { "\($0.code) \($0.span?.description ?? "")" } == [
        "M010 civsync.local.yaml:1:16", "M003 civsync.local.yaml:1:27",
      ])
  }

  @Test func `is read beside the first manifest, and no other`() throws {
    let texts = [
      "one/civsync.yaml": one, "two/more.yaml": "version: 1\n",
      "one/civsync.local.yaml": "link: copy\n", "two/civsync.local.yaml": "nonsense: 1\n",
      "civsync.local.yaml": "nonsense: 1\n",
    ]
    #expect(try good(texts, named: ["one/civsync.yaml", "two/more.yaml"]).link == .copy)
  }

  @Test func `may be a manifest that is named`() throws {
    let manifest = try good(["civsync.local.yaml": one], named: ["civsync.local.yaml"])
    #expect(manifest.sources.map(\.role) == [.manifest])
  }
}

struct `Mistakes across files` {
  private func told(_ texts: [String: String], named: [String] = ["civsync.yaml"]) throws -> String
  {
    let (manifest, diagnostics) = try read(texts, named: named)
    #expect((manifest == nil) == diagnostics.hasErrors)
    return diagnostics.rendered()
  }

  @Test func `a collection in two files is told with both places`() throws {
    #expect(
      try told([
        "civsync.yaml": head + "include: a.yaml\ncollections:\n  c: { users: [alice] }\n",
        "a.yaml": "collections:\n  c: { users: [bob] }\n",
      ]) == """
        error[M046]: the collection `c` is in two files
         --> civsync.yaml:5:3
          |
        5 |   c: { users: [alice] }
          |   ^
         ::: a.yaml:2:3
          |
        2 |   c: { users: [bob] }
          |   - the other one
          |
          = help: give each its own name; what differs on one machine goes into `civsync.local.yaml`
        """)
  }

  @Test func `a cycle is told with its chain`() throws {
    #expect(
      try told([
        "civsync.yaml": one + "include: a.yaml\n", "a.yaml": "include: b.yaml\n",
        "b.yaml": "include: [a.yaml]\n",
      ]) == """
        error[M043]: the file includes itself
         --> b.yaml:1:11
          |
        1 | include: [a.yaml]
          |           ^^^^^^ a.yaml → b.yaml → a.yaml
          |
          = help: remove one of these lines
        """)
    #expect(
      try read(["civsync.yaml": one + "include: civsync.yaml\n"]).1.map(\.label)
        == ["civsync.yaml → civsync.yaml"])
  }

  @Test func `an included file that is missing is told at its place, and nothing that it may hold`()
    throws
  {
    #expect(
      try told([
        "civsync.yaml": "version: 1\ninclude: gone.yaml\ncollections: { c: { usrs: [a] } }\n"
      ]) == """
        error[M042]: cannot include `gone.yaml`: there is no such file
         --> civsync.yaml:2:10
          |
        2 | include: gone.yaml
          |          ^^^^^^^^^
          |
          = help: a relative path starts from the folder of this file

        error[M003]: unknown key `usrs`
         --> civsync.yaml:3:21
          |
        3 | collections: { c: { usrs: [a] } }
          |                     ^^^^
          |
          = help: did you mean `users`?
        """)
  }

  @Test func `a pattern without a match is a warning`() throws {
    #expect(
      try told(["civsync.yaml": one + "include: \"parts/*.yaml\"\n"]) == """
        warning[M044]: no file matches `parts/*.yaml`
         --> civsync.yaml:4:10
          |
        4 | include: "parts/*.yaml"
          |          ^^^^^^^^^^^^^^
          |
          = help: check the pattern: `*` and `?` match within one name, and no hidden one
        """)
  }

  @Test func `too many files, and too many above one another, are refused`() throws {
    var wide = ["civsync.yaml": one + "include: \"p/*\"\n"]
    for index in 0..<250 { wide["p/\(index).yaml"] = "link: copy\n" }
    #expect(
      try told(wide) == """
        error[M045]: the manifest has more than 200 files
         --> civsync.yaml:4:10
          |
        4 | include: "p/*"
          |          ^^^^^
          |
          = help: include fewer files, or join some
        """)
    var deep = ["civsync.yaml": one + "include: 0.yaml\n"]
    for index in 0..<16 { deep["\(index).yaml"] = "include: \(index + 1).yaml\n" }
    #expect(
      try read(deep).1.map(\.message) == ["more than 16 files include one another"])
    deep["15.yaml"] = "link: copy\n"
    #expect(try good(deep).sources.count == 17)
    var heavy = ["civsync.yaml": one + "include: \"p/*\"\n"]
    let many =
      "x: &x [" + String(repeating: "1,", count: 900) + "]\ny: ["
      + String(repeating: "*x,", count: 500) + "]\n"
    for index in 0..<4 { heavy["p/\(index)"] = many }
    #expect(try read(heavy).1.contains { $0.code == "M045" })
  }

  @Test func `each file's mistakes point into it, in the order in which they are read`() throws {
    let (manifest, diagnostics) = try read(
      [
        "civsync.yaml": "version: 1\nroot: m\nlnk: copy\ninclude: a.yaml\ncollections: {}\n",
        "a.yaml": "version: 2\ncollections: { c: { users: [u], limit: none } }\n",
        "two.yaml": "layout: \"{x}\"\n",
        "civsync.local.yaml": "collections: { c: { trees: [fast] } }\nversion: 3\n",
      ], named: ["civsync.yaml", "two.yaml"])
    #expect(manifest == nil)
    #expect(
      diagnostics.map { "\($0.code) \($0.span?.description ?? "")" } == [
        "M003 civsync.yaml:3:1", "M006 a.yaml:1:10", "M027 a.yaml:2:40", "M005 two.yaml:1:1",
        "M013 two.yaml:1:10", "M006 civsync.local.yaml:2:10",
      ])
  }

  @Test func `a file that cannot be read to its end hides only what may stand in it`() throws {
    let (manifest, diagnostics) = try read([
      "civsync.yaml":
        "version: 1\ninclude: a.yaml\ncollections: { c: { users: [u], limit: none } }\n",
      "a.yaml": "root: [\n", "civsync.local.yaml": "- 1\n",
    ])
    #expect(manifest == nil)
    #expect(
      diagnostics.map { "\($0.code) \($0.span?.file.name ?? "")" } == [
        "M027 civsync.yaml", "Y006 a.yaml", "M002 civsync.local.yaml",
      ])
  }

  @Test func `a further manifest that is missing is told`() throws {
    let (manifest, diagnostics) = try read(
      ["civsync.yaml": one], named: ["civsync.yaml", "b.yaml"])
    #expect(manifest == nil)
    #expect(
      diagnostics.map(\.message) == ["cannot read the manifest `b.yaml`: there is no such file"])
  }

  @Test func `include takes paths, and variables of the environment alone`() throws {
    let (_, diagnostics) = try read([
      "civsync.yaml": one + "vars: { PART: parts }\ninclude: [\"${PART}/a.yaml\", { a: b }]\n"
    ])
    #expect(diagnostics.map(\.code) == ["M017", "M004"])
  }
}
