import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Forms of a plan` {
  private static let asked = "collections: { c: { models: [1001] } }\n"

  @Test func `markdown goes to standard output and is the same at each run`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.expect(
        await story.civsync("plan", "--format", "markdown", "--detailed-exitcode"),
        """
        ### civsync plan

        **Plan: 1 create · fetch 31 kB · needs 31 kB of FREE free**

        <details><summary>Create 1 file, 31 kB</summary>

        - `loras/aurora_glow_v2.safetensors` · `Aurora Glow · v2.0` · 31 kB

        </details>
        [exit 2]
        """)
      let json = story.transcript(await story.must("plan", "--json"))
      #expect(json.hasPrefix("{"))
      story.expect(await story.civsync("plan", "--format", "json"), json)
      story.expect(await story.civsync("plan", "--format", "json", "--json"), json)
      let human = story.transcript(await story.must("plan"))
      story.expect(await story.civsync("plan", "--format", "human"), human)
    }
  }

  @Test(arguments: [["--json", "--format", "markdown"], ["--format", "human", "--json"]])
  func `two forms at once are a mistake in the command line`(options: [String]) async throws {
    let ran = try await Story().run(["plan"] + options)
    #expect(ran.code == .usage)
    #expect(ran.errors.hasPrefix("Error: --json and --format "))
  }

  @Test func `errors are JSON with --format json`() async throws {
    let ran = try await Story().civsync("plan", "--format", "json")
    #expect(ran.code == .manifestInvalid)
    #expect(ran.output.hasPrefix(#"{"version":1,"exit":4,"#))
  }

  @Test func `the time that fetching takes is guessed from what was measured`() async throws {
    try await withSandbox {
      $0.scale = 0.5
    } _: { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1003] } }\n")
      #expect(!(await story.must("plan").output).contains("about"))
      await story.must("apply", "--yes")
      let runs = try #require(story.read(".civsync/runs.jsonl"))
      #expect(runs.contains(#""failed":0,"files":1,"#) && runs.contains(#""outcome":"fetched""#))
      #expect(runs.split(separator: "\n").count == 1)
      // A machine that fetches 1 kB a second.
      let slow =
        #"{"bytes":2000000,"files":1,"outcome":"fetched","seconds":2000,"time":1,"version":1}"#
      try story.write([slow, slow, slow].map { $0 + "\n" }.joined(), to: ".civsync/runs.jsonl")
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1003] } }\n")
      let plan = await story.must("plan")
      #expect(plan.output.contains(" free · about 5 min\n"), "\(plan.output)")
      let json = await story.must("plan", "--json")
      #expect(json.output.contains(#""fits":true,"estimatedSeconds":310.2"#), "\(json.output)")
      try FileManager.default.removeItem(atPath: story.path(".civsync/runs.jsonl"))
      #expect(!(await story.must("plan").output).contains("about"))
    }
  }
}
