import CivitaiSandbox
import Core
import Engine
import Foundation
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

  @Test func `what was not tried any more is counted, and is no failure`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "transfer: { retries: [], downloads: 1 }\n" + Self.asked)
      try await sandbox.control(.fault(always(.reset) { $0.after = 0 }))
      let ran = await story.must("apply", "--yes", code: .unreachable)
      #expect(ran.output.contains("Failed: 3 files"), "\(ran)")
      #expect(ran.output.contains("Not tried: 3 files, because the run stopped in safe mode"))
      let told = try #require(
        try JSONSerialization.jsonObject(
          with: Data(await story.must("apply", "--yes", "--json", code: .unreachable).output.utf8))
          as? [String: Any])
      #expect((told["failures"] as? [Any])?.count == 3)
      let untried = try #require(told["untried"] as? [String])
      #expect(untried.count == 3 && untried.allSatisfy { $0.contains(" · ") })
    }
  }

  @Test func `where nothing could be changed a part says what failed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      try await sandbox.control(.fault(always(.status)))
      await story.must("apply", "--yes", "--allow-partial", code: .unreachable)
      try await sandbox.control(.clear)
      try await sandbox.control(.fault(always(.wrongBytes)))
      await story.must("apply", "--yes", "--allow-partial", code: .verificationFailed)
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

  /// A manifest of model 1002 and of an object with the same content and another address.
  private func twin(
    _ story: Story, _ sandbox: SandboxServer, _ url: (_ version: String, _ file: String) -> String
  ) async throws {
    try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
    let plan = await story.must("plan", "--json").output
    let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
    let ids = try #require(plan.firstMatch(of: /"version":([0-9]+),"file":([0-9]+)/))
    try story.manifest(
      sandbox,
      """
      collections:
        c: { models: [1002] }
        mine:
          objects:
            - sha256: \(digest)
              place: vae/twin.safetensors
              url: "\(url(String(ids.1), String(ids.2)))"

      """)
  }

  @Test(arguments: [Fault.Kind.status, .wrongBytes])
  func `the same content is had from another address, without the token`(
    kind: Fault.Kind
  ) async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
        try await twin(story, sandbox) { version, file in
          "\(mirror.apiURL)/api/download/models/\(version)?fileId=\(file)"
        }
        try await sandbox.control(.fault(always(kind)))
        await story.must("apply", "--yes")
        #expect(mirror.storage.requests > 0)
        #expect(mirror.requests.routes.values.allSatisfy { $0.authorized == 0 })
        await story.must("status", "--verify")
      }
    }
  }

  @Test func `what another address says is no word on the file`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await twin(story, sandbox) { _, _ in "\(sandbox.apiURL)/api/download/models/1" }
      try await sandbox.control(.fault(always(.wrongBytes)))
      await story.must("apply", "--yes", code: .verificationFailed)
      try await sandbox.control(.clear)
      await story.must("apply", "--yes")
    }
  }

  @Test func `files of other hosts come although one is dead`() async throws {
    let gone = try await SandboxServer.start(SandboxOptions())
    let dead = gone.apiURL
    await gone.stop()
    try await withSandbox { sandbox in
      let story = try Story()
      let objects = (0..<8).map { number in
        "      - { sha256: \(String(repeating: "\(number)", count: 64)), place: a\(number).bin, "
          + "url: \"\(dead)/\(number).bin\" }\n"
      }
      try story.manifest(
        sandbox,
        "transfer: { order: manifest, downloads: 1 }\ncollections:\n  a:\n    objects:\n"
          + objects.joined() + "  b: { models: [1001, 1002] }\n")
      let ran = await story.civsync("apply", "--yes", "--allow-partial")
      #expect(ran.code == .partial, "\(ran.errors)")
      #expect(ran.errors.contains("is not asked any more"))
      #expect(story.placed().count == 2)
    }
  }

  @Test func `a file that changed on the server is begun anew, and that is said once`() async throws
  {
    let large: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 20 }
    try await withSandbox(large) { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "transfer: { connectionsPerFile: 1 }\ncollections: { c: { models: [1001] } }\n")
      var cut = Fault(.truncate, at: .every(1), times: 1)
      cut.after = 2_000_000
      try await sandbox.control(.fault(cut))
      await story.must("apply", "--yes", "--max-retries", "0", code: .unreachable)
      try await sandbox.control(.fault(always(.etagChange)))
      let ran = await story.must("apply", "--yes")
      let said = ran.errors.split(separator: "\n").count {
        $0.contains("is another one on the server now")
      }
      #expect(said == 1, "\(ran.errors)")
      await story.must("status", "--verify")
    }
  }
}
