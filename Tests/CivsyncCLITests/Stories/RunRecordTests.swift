import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `What is kept of a run` {
  private static let asked = "collections: { c: { models: [1001, 1002] } }\n"
  private static let file = FileID(100_111)

  private func lines(_ name: String, _ story: Story) throws -> [[String: Any]] {
    try (story.read(".civsync/\(name)") ?? "").split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  private func part(_ line: [String: Any], _ key: String) throws -> [String: Any] {
    try #require(line[key] as? [String: Any], "\(key)")
  }

  @Test func `all that was measured, as one line`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(
        .fault(Fault(.truncate, at: .file(Self.file), place: .storage, times: 1)))
      await story.must("apply", "--yes")
      let run = try #require(try lines("runs.jsonl", story).first)
      #expect(run["version"] as? Int == 2 && run["outcome"] as? String == "fetched")
      #expect(run["files"] as? Int == 2 && run["failed"] as? Int == 0)
      let size = Photo(story).files.values.reduce(0) { $0 + $1.count }
      #expect(try #require(run["bytes"] as? Int) >= size)
      let speed = try part(run, "speed")
      let rates = try ["min", "mean", "max"].map { try #require(speed[$0] as? Double) }
      #expect(rates == rates.sorted() && rates[1] > 0)
      let tries = try part(run, "tries")
      #expect(tries["count"] as? Int == 3 && tries["retries"] as? Int == 1)
      #expect(tries["errors"] as? Int == 1 && tries["timeouts"] as? Int == 0)
      let calls = try part(run, "calls")
      #expect(try #require(calls["count"] as? Int) > 0 && calls["errors"] as? Int == 0)
      #expect(calls["mean"] is Double && calls["p95"] is Double && calls["p99"] is Double)
      #expect(try part(run, "rates")["success"] as? Int == 1)
      #expect(try #require(run["memory"] as? Int) > 1_000_000)
      #expect(try part(run, "cpu")["user"] is Double)
      #expect(!story.exists(".civsync/failures.jsonl"))
      // With nothing to carry out there is nothing to keep.
      await story.must("apply", "--yes")
      #expect(try lines("runs.jsonl", story).count == 1)
      // Of a removal there is.
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let removal = try #require(try lines("runs.jsonl", story).last)
      #expect(removal["bytes"] as? Int == 0 && removal["speed"] == nil)
    }
  }

  @Test func `a file that failed, with its reason and without secrets`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
      try story.manifest(sandbox, Self.asked)
      var fault = Fault(.status, at: .file(Self.file), place: .storage, times: nil)
      fault.status = 503
      try await sandbox.control(.fault(fault))
      await story.must("apply", "--yes", code: .unreachable)
      let failure = try #require(try lines("failures.jsonl", story).first)
      #expect(failure["file"] as? Int == 100_111 && failure["kind"] as? String == "unreachable")
      #expect(failure["message"] as? String == "the server keeps answering 503")
      #expect(failure["name"] as? String == "aurora_glow_v2.safetensors")
      #expect((failure["sha256"] as? String)?.count == 64 && failure["version"] as? Int == 1)
      let text = try #require(story.read(".civsync/failures.jsonl"))
      #expect(!text.contains("sandbox-token") && !text.contains("?"))
      let run = try #require(try lines("runs.jsonl", story).first)
      #expect(run["outcome"] as? String == "partial" && run["failed"] as? Int == 1)
      #expect(try part(run, "rates")["success"] as? Double == 0.5)
      #expect(try part(run, "tries")["errors"] as? Int == 5)
      // The next one adds a line.
      await story.must("apply", "--yes", code: .unreachable)
      #expect(try lines("failures.jsonl", story).count == 2)
    }
  }

  @Test func `a try that ran out of time is one`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      // The catalogue is asked with all patience, and not again.
      story.setEnvironment("CIVSYNC_CATALOGUE_AGE", "300")
      try story.manifest(sandbox, Self.asked)
      await story.must("plan")
      // A further connection would make up for the one that stands still.
      try story.manifest(
        sandbox, "transfer: { stallTimeout: 1s, connectionsPerFile: 1 }\n" + Self.asked)
      try await sandbox.control(
        .fault(Fault(.stall, at: .file(Self.file), place: .storage, times: 1)))
      // On a machine that has too much to do other tries may run out of time too.
      _ = await story.civsync("apply", "--yes")
      let run = try #require(try lines("runs.jsonl", story).first)
      #expect(try #require(try part(run, "tries")["timeouts"] as? Int) >= 1)
      #expect(try #require(try part(run, "rates")["timeout"] as? Double) > 0)
    }
  }
}
