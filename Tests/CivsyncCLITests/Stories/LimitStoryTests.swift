import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Budgets and the policy` {
  @Test func `a budget for each run puts off, and the next run goes on`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let all = "collections:\n  c:\n    users: [aurora_studio]\n    types: [LORA]\n"
      try story.manifest(sandbox, all + "    budget: { perRun: 40kB }\n")
      let plan = await story.must("plan").output
      #expect(
        plan.contains("over `budget.perRun` at civsync.yaml:10:23; raise it, or take something out")
      )
      var counts: [Int] = []
      for _ in 0..<4 {
        let ran = await story.run(["apply", "--yes"])
        counts.append(story.placed().count)
        #expect(ran.code == (counts.last == 3 ? .ok : .partial))
      }
      #expect(counts == [1, 2, 3, 3])
      #expect(sandbox.storage.requests == 3)
    }
  }

  @Test func `a budget for all keeps what is known and takes no more`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let all = "collections:\n  c:\n    users: [aurora_studio]\n    types: [LORA]\n"
      try story.manifest(sandbox, all)
      await story.must("apply", "--yes")
      let before = story.placed()
      _ = try await sandbox.control(
        .publish(model: ModelID(1001), version: "v3.0", baseModel: nil))
      try story.manifest(sandbox, all + "    budget: { total: 100kB }\n")
      let ran = await story.must("apply", "--yes", code: .partial)
      #expect(ran.output.contains("over `budget.total`"))
      #expect(story.placed() == before)
    }
  }

  @Test func `what the policy does not let in is blocked with its place, and what stands stays`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      let asked = "collections: { c: { models: [1001, 1002] } }\n"
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "policy: { formats: [GGUF] }\n" + asked)
      let plan = await story.must("plan").output
      #expect(plan.contains("`policy.formats` at civsync.yaml:6:20 does not let it in"))
      #expect(
        plan.contains(
          "placed before, and kept although the policy would not let them in today: 1 does not meet "
            + "`policy.formats`"))
      await story.must("apply", "--yes", code: .partial)
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      let json = await story.must("plan", "--json").output
      #expect(json.contains("\"code\":\"policy\",\"by\":\"us\""))
      #expect(json.contains("\"code\":\"policy-unmet\""))
    }
  }

  @Test func `a limit takes the newest, and what falls out stays`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let all = "collections:\n  c:\n    users: [aurora_studio]\n    types: [LORA]\n"
      try story.manifest(sandbox, all + "    limit: 1\n")
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/fjord_light_il.safetensors"])
      _ = try await sandbox.control(
        .publish(model: ModelID(1002), version: "v2.0", baseModel: nil))
      let plan = await story.must("plan").output
      #expect(plan.contains("1 superseded"))
      await story.must("apply", "--yes")
      #expect(story.placed().count == 2)
      await story.must("plan", "--detailed-exitcode")
    }
  }
}
