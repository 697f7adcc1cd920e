import Core
import Engine
import Foundation
import Testing

struct `Manifests that are wrong` {
  @Test func `all mistakes are told at once, each with its place and a hint`() async throws {
    let story = try Story()
    try story.write(
      """
      version: 1
      root: models
      layout: nested
      defaults: { replaced: perhaps }
      collections:
        follow:
          user: [somebody]
        empty: {}
        named:
          models: [1001, "urn:air:sdxl:lora:elsewhere:1", 1001@]
          baseModel: ["SDXL*"]
      collections: {}

      """, to: "civsync.yaml")
    let ran = await story.civsync("plan")
    story.expect(
      ran,
      """
      [errors]
      error[M011]: `layout` cannot be `nested`
       --> civsync.yaml:3:9
        |
      3 | layout: nested
        |         ^^^^^^
        |
        = help: one of `comfyui`, `a1111`, `forge`, `stabilitymatrix`, `swarmui`, `flat`

      error[M011]: `replaced` cannot be `perhaps`
       --> civsync.yaml:4:23
        |
      4 | defaults: { replaced: perhaps }
        |                       ^^^^^^^
        |
        = help: one of `ask`, `take`

      error[M010]: the collection `follow` selects nothing
       --> civsync.yaml:6:3
        |
      6 |   follow:
        |   ^^^^^^
        |
        = help: give it `users`, `models`, `objects`, `favorites: true` or a list of `versions`

      error[M003]: unknown key `user`
       --> civsync.yaml:7:5
        |
      7 |     user: [somebody]
        |     ^^^^
        |
        = help: did you mean `users`?

      error[M010]: the collection `empty` selects nothing
       --> civsync.yaml:8:3
        |
      8 |   empty: {}
        |   ^^^^^
        |
        = help: give it `users`, `models`, `objects`, `favorites: true` or a list of `versions`

      error[M008]: an AIR of `elsewhere` cannot be fetched
        --> civsync.yaml:10:20
         |
      10 |     models: [1001, "urn:air:sdxl:lora:elsewhere:1", 1001@]
         |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
         |
         = help: only AIRs with `civitai` as their source are known

      error[M008]: `1001@` names no model
        --> civsync.yaml:10:53
         |
      10 |     models: [1001, "urn:air:sdxl:lora:elsewhere:1", 1001@]
         |                                                     ^^^^^
         |
         = help: write `123`, `123@456`, the address of the model's page, or its AIR

      error[M003]: unknown key `baseModel`
        --> civsync.yaml:11:5
         |
      11 |     baseModel: ["SDXL*"]
         |     ^^^^^^^^^
         |
         = help: did you mean `baseModels`?

      error[Y012]: the key `collections` stands here twice
        --> civsync.yaml:12:1
         |
       5 | collections:
         | ----------- first here
      ...
      12 | collections: {}
         | ^^^^^^^^^^^ again here
         |
         = help: put both values under one key, or remove one
      [exit 4]
      """)
    #expect(await story.civsync("apply", "--yes").errors == ran.errors)
    #expect(!story.exists(".civsync"))
  }

  @Test(arguments: [
    ("version: 1\nroot: models\n\tlayout: flat\n", 3),
    ("version: 1\nroot: [models\n", 3),
    ("version: 9\nroot: models\n", 1),
    ("version: 1\nroot: models\ncollections: { c: { models: [abc] } }\n", 3),
    ("version: 1\nroot: models\na: &a [1]\nb: *a\n", 3),
    ("version: 1\nroot: \"${SECRET_TOKEN}\"\n", 2),
    (String(repeating: "[", count: 100_000), 1),
    ("version: 1\nroot: models\u{0}\n", 2),
  ])
  func `each ends with 4 and names its line, for people and for programs`(
    text: String, line: Int
  ) async throws {
    let story = try Story()
    try story.write(text, to: "civsync.yaml")
    let ran = await story.must("plan", code: .manifestInvalid)
    #expect(ran.output.isEmpty)
    #expect(ran.errors.contains("civsync.yaml:\(line):"), "\(ran.errors)")
    #expect(ran.errors.hasPrefix("error["))

    let json = await story.must("plan", "--json", code: .manifestInvalid)
    #expect(json.errors.isEmpty)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["exit"] as? Int == 4)
    let diagnostics = try #require(object["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.allSatisfy { $0["code"] is String && $0["message"] is String })
  }

  @Test func `bytes that are no UTF-8 are refused with their place`() async throws {
    let story = try Story()
    try Data([0x76, 0x3a, 0x20, 0xff, 0xfe, 0x0a]).write(
      to: URL(filePath: story.path("civsync.yaml")))
    story.expect(
      await story.civsync("plan"),
      """
      [errors]
      error[Y002]: the file is not UTF-8
       --> civsync.yaml:1:4
        |
      1 | v: ��
        |    ^ the byte 0xFF cannot stand here
        |
        = help: save the file as UTF-8
      [exit 4]
      """)
  }

  @Test func `another manifest can be named, and its project too`() async throws {
    let story = try Story()
    try story.write("version: 2\n", to: "elsewhere/other.yaml")
    let ran = await story.must("plan", "-f", "elsewhere/other.yaml", code: .manifestInvalid)
    #expect(ran.errors.contains("other.yaml:1:"))
    let missing = await story.must("plan", "--project", "nowhere", code: .manifestInvalid)
    #expect(missing.errors.contains("M001"))
    await story.must("plan", "-f", "", code: .usage)
  }
}
