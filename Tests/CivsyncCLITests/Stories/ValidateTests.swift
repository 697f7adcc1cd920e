import CivsyncCLI
import Core
import Engine
import Testing

struct `Validation` {
  @Test func `a manifest without a mistake is one line`() async throws {
    let story = try Story()
    try story.write(
      """
      version: 1
      root: models
      collections:
        a: { users: [alice, bob], models: [1, 2] }
        b: { users: [Alice, carol], models: [2, { id: 3, versions: [4, 5] }], versions: [6] }

      """, to: "civsync.yaml")
    let ran = await story.civsync("validate")
    #expect(ran.code == .ok)
    #expect(
      ran.output == "civsync.yaml is valid: 2 collections, 3 users, 3 models, 1 version\n")
    #expect(ran.errors.isEmpty)
    #expect(story.placed("") == ["civsync.yaml"], "validation writes nothing")
  }

  @Test func `it needs no catalogue, and takes the manifest that is named`() async throws {
    let story = try Story()
    try story.write(
      "version: 1\nroot: m\nsource: { endpoints: [\"http://127.0.0.1:1\"] }\n"
        + "collections: { c: { models: [1] } }\n", to: "sub/other.yaml")
    let ran = await story.civsync("validate", "-f", "sub/other.yaml")
    #expect(ran.code == .ok)
    #expect(ran.output == "other.yaml is valid: 1 collection, 1 model\n")
  }

  @Test func `every mistake is told at once with code 4`() async throws {
    let story = try Story()
    try story.write(bad, to: "civsync.yaml")
    let ran = await story.civsync("validate")
    #expect(ran.code == .manifestInvalid)
    #expect(ran.output.isEmpty)
    #expect(
      ran.errors == """
        error[M011]: `layout` cannot be `confyui`
         --> civsync.yaml:3:9
          |
        3 | layout: confyui
          |         ^^^^^^^
          |
          = help: did you mean `comfyui`?

        error[M003]: unknown key `baseModel`
         --> civsync.yaml:5:22
          |
        5 |   c: { users: alice, baseModel: Pony }
          |                      ^^^^^^^^^
          |
          = help: did you mean `baseModels`?

        """)
  }

  @Test func `for editors, mistakes are JSON with their places`() async throws {
    let story = try Story()
    try story.write(bad, to: "civsync.yaml")
    let ran = await story.civsync("validate", "--json")
    #expect(ran.code == .manifestInvalid)
    #expect(ran.errors.isEmpty)
    #expect(
      ran.output == #"{"version":1,"exit":4,"diagnostics":["#
        + #"{"code":"M011","severity":"error","message":"`layout` cannot be `confyui`","#
        + #""span":{"file":"civsync.yaml","line":3,"column":9,"endLine":3,"endColumn":16,"#
        + #""start":32,"end":39},"help":"did you mean `comfyui`?"},"#
        + #"{"code":"M003","severity":"error","message":"unknown key `baseModel`","#
        + #""span":{"file":"civsync.yaml","line":5,"column":22,"endLine":5,"endColumn":31,"#
        + #""start":74,"end":83},"help":"did you mean `baseModels`?"}]}"# + "\n")
  }

  @Test func `warnings do not make it invalid`() async throws {
    let story = try Story()
    try story.write("version: 1\nroot: models\ncollections: {}\n", to: "civsync.yaml")
    let plain = await story.civsync("validate")
    #expect(plain.code == .ok)
    #expect(plain.output == "civsync.yaml is valid, with 1 warning: 0 collections\n")
    #expect(plain.errors.hasPrefix("warning[M028]: the manifest declares nothing\n"))
    let json = await story.civsync("validate", "--json")
    #expect(json.code == .ok)
    #expect(json.errors.isEmpty)
    #expect(json.output.hasPrefix(#"{"version":1,"exit":0,"diagnostics":[{"code":"M028""#))
    #expect(
      json.output.hasSuffix(
        #""manifest":{"file":"civsync.yaml","collections":0,"users":0,"models":0,"versions":0,"#
          + #""objects":0,"files":[{"file":"civsync.yaml","role":"manifest"}]}}"# + "\n"))
  }

  @Test func `without a manifest it says so`() async throws {
    let ran = try await Story().civsync("validate")
    #expect(ran.code == .manifestInvalid)
    #expect(ran.errors.hasPrefix("error[M001]: cannot read the manifest `civsync.yaml`"))
  }

  private let bad = """
    version: 1
    root: models
    layout: confyui
    collections:
      c: { users: alice, baseModel: Pony }

    """
}
