import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `What the catalogue told a moment ago` {
  /// The story's clock moves on by a minute with each command.
  private func remembering() throws -> Story { try Story(["CIVSYNC_CATALOGUE_AGE": "300"]) }

  private func catalogue(_ ran: Ran) throws -> (calls: Int, kept: Int, oldest: Int) {
    let value = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
    let catalogue = try #require(value?["catalogue"] as? [String: Any])
    return (
      try #require(catalogue["calls"] as? Int), try #require(catalogue["keptAnswers"] as? Int),
      try #require(catalogue["oldestSeconds"] as? Int)
    )
  }

  @Test func `is not asked again, is told with its age, and is asked anew on demand`() async throws
  {
    try await withSandbox { sandbox in
      let story = try remembering()
      try story.manifest(sandbox, "collections:\n  a: { users: [pixelsmith], models: [1001] }\n")
      await story.must("apply", "--yes", code: .partial)
      try await sandbox.control(.publish(model: ModelID(1001), version: "v3.0", baseModel: nil))
      let plan = await story.must("plan")
      #expect(
        plan.output.hasSuffix("\nThe catalogue as of 1 min ago; `--refresh` asks anew.\n"),
        "\(plan.output)")
      #expect(!plan.output.contains("v3.0"))
      let known = try catalogue(await story.must("plan", "--json"))
      #expect(known.calls == 0 && known.kept > 1 && known.oldest == 120)
      await story.must("outdated")
      let outdated = await story.must("outdated")
      #expect(outdated.output.contains("The catalogue as of"), "\(outdated.output)")

      let fresh = await story.must("plan", "--refresh", "--json")
      #expect(fresh.output.contains("v3.0"))
      #expect(try catalogue(fresh).kept == 0)
      #expect(await story.must("outdated", "--refresh").output.contains("v3.0"))
      // What was asked anew serves from then on.
      #expect(await story.must("plan").output.contains("v3.0"))
      // And an hour later nothing of it does.
      for _ in 0..<5 { await story.must("status") }
      #expect(try catalogue(await story.must("plan", "--json")).kept == 0)
    }
  }

  @Test func `serves all projects of a user, and the ways in`() async throws {
    try await withSandbox { sandbox in
      let one = try remembering()
      try one.manifest(sandbox, "collections:\n  a: { models: [1001] }\n")
      await one.must("plan")
      let other = try remembering()
      other.setEnvironment("XDG_CACHE_HOME", one.path(".cache"))
      try other.manifest(sandbox, "collections:\n  b: { models: [1001] }\n")
      #expect(try catalogue(await other.must("plan", "--json")).calls == 0)
      try other.manifest(sandbox, "collections:\n  b: { models: [1004] }\n")
      #expect(await other.must("add", "1001", "--json").output.contains(#""calls":0"#))
    }
  }

  @Test func `is forgotten once a file is not what it told`() async throws {
    try await withSandbox { sandbox in
      let story = try remembering()
      try story.manifest(sandbox, "collections:\n  a: { models: [1101] }\n")
      await story.must("plan")
      try await sandbox.control(.replace(file: FileID(110_111)))
      let stale = await story.must("apply", "--yes", code: .verificationFailed)
      #expect(stale.output.contains("they were thrown away"), "\(stale.output)")
      await story.must("apply", "--yes")
    }
  }

  @Test func `goes on with what the server says still holds`() async throws {
    let withTags: (inout SandboxOptions) -> Void = { $0.givesValidators = true }
    try await withSandbox(withTags) { sandbox in
      let story = try remembering()
      try story.manifest(sandbox, "collections:\n  a: { users: [pixelsmith], models: [1001] }\n")
      await story.must("apply", "--yes", code: .partial)
      for _ in 0..<6 { await story.must("status") }
      let plan = await story.must("plan", "--json")
      let asked = try catalogue(plan)
      #expect(asked.calls > 0 && asked.kept == 0)
      #expect(plan.output.contains(#""hasChanges":false"#))
      #expect(try catalogue(await story.must("plan", "--json")).calls == 0)
    }
  }

  @Test func `of a creator with many models, the end of the list is asked for`() async throws {
    let many: (inout SandboxOptions) -> Void = { $0.models = 20_000 }
    try await withSandbox(many) { sandbox in
      let story = try remembering()
      try story.manifest(sandbox, "collections:\n  a: { users: [maker_0], limit: 1 }\n")
      await story.must("apply", "--yes")
      for _ in 0..<6 { await story.must("status") }
      let all = try catalogue(await story.must("plan", "--refresh", "--json"))
      for _ in 0..<6 { await story.must("status") }
      let end = try catalogue(await story.must("plan", "--json"))
      #expect(all.calls > 4 && end.calls == 1 && end.kept == all.calls - 1, "\(all) \(end)")
    }
  }

  @Test func `is for as long as the environment says`() async throws {
    let story = try Story(["CIVSYNC_CATALOGUE_AGE": "soon"])
    try story.write(
      "version: 1\nroot: models\ncollections: { a: { models: [1] } }\n",
      to: "civsync.yaml")
    story.expect(
      await story.civsync("plan"),
      """
      [errors]
      error[C177]: `CIVSYNC_CATALOGUE_AGE` is no number of seconds from 0 to 86400: `soon`
        help: leave it unset for 300; 0 asks the site each time
      [exit 64]
      """)
  }
}
