import CivitaiSandbox
import Core
import Engine
import Testing

struct `When much fails` {
  private static let asked =
    "collections: { c: { models: [1001, 1002, 1003, 1004, 1105, 1106] } }\n"

  private func always(_ kind: Fault.Kind, _ change: (inout Fault) -> Void = { _ in }) -> Fault {
    var fault = Fault(kind, at: .every(1), times: nil)
    change(&fault)
    return fault
  }

  @Test func `safe mode is said, and the rest waits for another run`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(always(.reset) { $0.after = 0 }))
      let ran = await story.must("apply", "--yes", code: .unreachable)
      #expect(ran.errors.contains("safe mode: 3 failures in a row; one file at a time"))
      #expect(ran.errors.contains("is left alone for 30 s"))
      #expect(story.placed().isEmpty)
      try await sandbox.control(.clear)
      await story.must("apply", "--yes")
      await story.must("status")
    }
  }

  @Test(arguments: [("0", 1), ("2", 3)])
  func `so many tries are made`(retries: String, tries: Int) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      try await sandbox.control(.fault(always(.status)))
      await story.must("apply", "--yes", "--max-retries", retries, code: .unreachable)
      #expect(sandbox.storage.requests == tries)
    }
  }

  @Test(arguments: ["-1", "21", "many"])
  func `a number of tries that is none is refused`(text: String) async throws {
    let story = try Story()
    await story.must("apply", "--yes", "--max-retries=\(text)", code: .usage)
  }

  @Test func `a try that brought something counts as none`() async throws {
    let large: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 20 }
    try await withSandbox(large) { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "transfer: { connectionsPerFile: 1 }\ncollections: { c: { models: [1001] } }\n")
      // Twelve megabytes, of which each answer gives two.
      try await sandbox.control(.fault(always(.reset) { $0.after = 2_000_000 }))
      let ran = await story.must("apply", "--yes", "--max-retries", "1")
      #expect(ran.errors.split(separator: "\n").count { $0.hasPrefix("retry:") } >= 3)
      await story.must("status", "--verify")
    }
  }

  @Test(arguments: [Fault.Kind.status, .wrongBytes])
  func `the same content is had from another address`(kind: Fault.Kind) async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let story = try Story()
        try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
        let plan = await story.must("plan", "--json").output
        let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
        let ids = try #require(plan.firstMatch(of: /"version":([0-9]+),"file":([0-9]+)/))
        let url = "\(mirror.apiURL)/api/download/models/\(ids.1)?fileId=\(ids.2)"
        try story.manifest(
          sandbox,
          """
          collections:
            c: { models: [1002] }
            mine:
              objects: [{ sha256: \(digest), place: vae/twin.safetensors, url: "\(url)" }]

          """)
        try await sandbox.control(.fault(always(kind)))
        await story.must("apply", "--yes")
        #expect(mirror.storage.requests > 0)
        await story.must("status", "--verify")
      }
    }
  }
}
