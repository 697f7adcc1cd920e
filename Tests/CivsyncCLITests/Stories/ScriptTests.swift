import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Scripts and questions` {
  @Test func `a script learns from the exit code whether there is something to do`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1110] } }\n")
      await story.must("plan")
      await story.must("plan", "--detailed-exitcode", code: .changesPending)
      await story.must("apply", "--yes")
      // The gated one is blocked, and that is no change.
      let blocked = await story.must("plan", "--detailed-exitcode")
      #expect(blocked.output.contains("1 is blocked"))
      try story.manifest(sandbox, "collections: { c: { models: [1110] } }\n")
      await story.must("plan", "--detailed-exitcode", code: .changesPending)
    }
  }

  @Test func `a program reads plan, result, log, status and errors as JSON`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1110] } }\n")
      story.expect(
        await story.civsync("plan", "--json"),
        """
        {"version":1,"hasChanges":true,"actions":[{"kind":"create","place":{"tree":"main","path":"loras/aurora_glow_v2.safetensors"},"from":null,"entry":{"model":1001,"version":10011,"file":100111,"modelName":"Aurora Glow","versionName":"v2.0","fileName":"aurora_glow_v2.safetensors","modelType":"LORA","baseModel":"SDXL 1.0","creator":"aurora_studio","sha256":"4061790b7ce3b00a87d37cd632cbd23b98d344502e90cf89f255ebcec00560e6","bytes":31021,"collections":["c"],"state":"current","origin":"fetched","protected":false},"former":null,"source":"network","aside":false,"requires":null,"reason":null}],"companions":[],"blocked":[{"model":1110,"version":11101,"file":111011,"title":"Neon Alley · v1.0","code":"gated","by":"upstream","text":"early access until 2099-01-01","until":"2099-01-01T00:00:00Z","place":null,"collections":["c"]}],"replaced":[],"marks":[],"notes":[],"unanswered":[],"manifests":[],"catalogue":{"calls":1,"keptAnswers":0,"oldestSeconds":0,"states":{"new":1,"gated":1},"models":[{"model":1001,"state":"new","until":null},{"model":1110,"state":"gated","until":"2099-01-01T00:00:00Z"}]},"summary":{"create":1,"adopt":0,"move":0,"repair":0,"replace":0,"remove":0,"release":0,"companions":0,"keep":0,"blocked":1,"blockedByUs":0,"needYourWord":0,"fetchBytes":31021,"inStoreBytes":0,"neededBytes":31021,"freeBytes":FREE,"fits":true,"estimatedSeconds":null}}
        [exit 0]
        """)
      let applied = await story.civsync("apply", "--yes", "--json")
      let result = try object(applied.output)
      #expect(result["run"] as? String == "apply")
      #expect((result["done"] as? [String: Int])?["created"] == 1)
      let events = try applied.errors.split(separator: "\n").map { try object(String($0)) }
      #expect(
        events.compactMap { $0["event"] as? String } == [
          "asking-catalogue", "fetching", "fetch-began", "fetch-ended", "switching",
        ])
      let status = try object(await story.civsync("status", "--json").output)
      #expect(status["clean"] as? Bool == true)
      #expect(status["intact"] as? Int == 1)
      let log = await story.civsync("log", "--json")
      #expect(log.output.contains(#""title":"apply: 1 created""#))
      let shown = await story.civsync("show", "--json")
      #expect(shown.output.contains("aurora_glow_v2.safetensors"))
      _ = try object(shown.output)
      let error = await story.civsync("show", "nowhere", "--json")
      story.expect(
        error,
        """
        {"version":1,"exit":1,"diagnostics":[{"code":"C081","severity":"error","message":"no such snapshot: `nowhere`","notes":["no snapshot is named `nowhere`; `civsync log` lists them"],"help":"`civsync log` lists the snapshots; `@empty` is nothing placed"}]}
        [exit 1]
        """)
    }
  }

  @Test func `a declined question changes nothing and ends with 1`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      let declined = await story.civsync("apply", answer: "n")
      #expect(declined.code == .failed)
      #expect(declined.errors == "Apply this plan? [y/N] Nothing was changed.\n")
      #expect(sandbox.storage.requests == 0)
      #expect(!story.exists("models"))
      let agreed = await story.civsync("apply", answer: "y")
      #expect(agreed.code == .ok)
      #expect(story.placed() == ["loras/aurora_glow_v2.safetensors"])
      let back = await story.civsync("rollback", "@empty", answer: "no")
      #expect(back.code == .failed)
      #expect(story.placed().count == 1)
    }
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
