import CivitaiSandbox
import ClockTestSupport
import Core
import Engine
import Testing

struct `Faults on the way` {
  /// Two files; the fault meets the first, which has 310 kB.
  private static let asked = "collections: { c: { models: [1001, 1002] } }\n"
  private static let file = FileID(100_111)
  private static let placed = [
    "loras/aurora_glow_v2.safetensors", "loras/polar_night.safetensors",
  ]

  private func options(_ options: inout SandboxOptions) { options.scale = 0.5 }

  /// What the trees are without any fault.
  private func reference(_ sandbox: SandboxServer) async throws -> Photo {
    let story = try Story()
    try story.manifest(sandbox, Self.asked)
    await story.must("apply", "--yes")
    return Photo(story)
  }

  private func fault(
    _ kind: Fault.Kind, times: Int?, at place: Fault.Place = .storage,
    _ change: (inout Fault) -> Void = { _ in }
  ) -> Fault {
    var fault = Fault(kind, at: .file(Self.file), place: place, times: times)
    change(&fault)
    return fault
  }

  @Test(
    arguments: [
      .truncate, .reset, .expire, .wrongBytes, .tooMuch, .tooLittle, .etagChange, .status, .delay,
    ] as [Fault.Kind])
  func `one that passes is healed in the same run`(kind: Fault.Kind) async throws {
    try await withSandbox(options) { sandbox in
      let wanted = try await reference(sandbox)
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(kind, times: 1) { $0.milliseconds = 1 }))
      await story.must("apply", "--yes")
      #expect(Photo(story) == wanted)
    }
  }

  @Test(
    arguments: [
      .truncate, .reset, .expire, .wrongBytes, .tooMuch, .tooLittle, .etagChange, .status, .delay,
      .ignoreRange, .badContentRange,
    ] as [Fault.Kind])
  func `a file of many pieces is healed as well`(kind: Fault.Kind) async throws {
    let large: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 40 }
    try await withSandbox(large) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(
        .fault(
          fault(kind, times: kind == .expire ? 2 : 3) {
            $0.milliseconds = 1
            $0.after = 9_000_000
          }))
      var ran = await story.civsync("apply", "--yes")
      // Bytes that are wrong twice are believed; the next run has none of them left.
      if ran.code == .verificationFailed { ran = await story.civsync("apply", "--yes") }
      #expect(ran.code == .ok, "\(ran.output)\(ran.errors)")
      #expect(story.placed() == Self.placed)
      await story.must("status", "--verify")
    }
  }

  @Test func `a signed address serves until storage rejects it`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.truncate, times: 3) { $0.after = 50_000 }))
      await story.must("apply", "--yes")
      #expect(sandbox.resolutions == 2)
      try await sandbox.control(.resetCounts)
      let again = try Story()
      try again.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.truncate, times: 1) { $0.after = 50_000 }))
      try await sandbox.control(.fault(fault(.expire, times: 1)))
      await again.must("apply", "--yes")
      #expect(sandbox.resolutions == 3)
    }
  }

  @Test func `an address that ends in mid-file costs no try, as often as it brings something`()
    async throws
  {
    try await withSandbox(options) { sandbox in
      let wanted = try await reference(sandbox)
      let story = try Story()
      try story.manifest(sandbox, "transfer: { retries: [] }\n" + Self.asked)
      try await sandbox.control(.resetCounts)
      try await sandbox.control(.fault(fault(.expire, times: nil) { $0.after = 100_000 }))
      await story.must("apply", "--yes")
      #expect(Photo(story) == wanted && sandbox.resolutions == 5)
    }
  }

  @Test func `a kept address that is rejected costs no try`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.reset, times: 1) { $0.after = 1_000 }))
      try await sandbox.control(.fault(fault(.status, times: 1) { $0.status = 403 }))
      await story.must("apply", "--yes", "--max-retries", "1")
      #expect(story.placed() == Self.placed && sandbox.resolutions == 3)
    }
  }

  @Test(arguments: [404, 410, 451])
  func `what a kept address answers is no word on the file`(status: Int) async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.truncate, times: 1) { $0.after = 50_000 }))
      try await sandbox.control(.fault(fault(.status, times: 1) { $0.status = status }))
      await story.must("apply", "--yes")
      #expect(story.placed() == Self.placed && sandbox.resolutions == 3)
    }
  }

  @Test(arguments: [.ignoreRange, .badContentRange, .etagChange, .wrongBytes] as [Fault.Kind])
  func `a resumed file is met by another one and still comes out right`(
    kind: Fault.Kind
  ) async throws {
    try await withSandbox(options) { sandbox in
      let wanted = try await reference(sandbox)
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.truncate, times: 1)))
      try await sandbox.control(.fault(fault(kind, times: 1)))
      await story.must("apply", "--yes")
      #expect(Photo(story) == wanted)
    }
  }

  @Test(
    arguments: [
      (.wrongBytes, .verificationFailed), (.tooMuch, .verificationFailed),
      (.tooLittle, .verificationFailed), (.html, .verificationFailed), (.status, .unreachable),
      (.reset, .unreachable),
    ] as [(Fault.Kind, CommandExit)])
  func `one that stays fails the run, changes nothing, and costs only itself the next time`(
    kind: Fault.Kind, code: CommandExit
  ) async throws {
    try await withSandbox(options) { sandbox in
      let wanted = try await reference(sandbox)
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(kind, times: nil) { $0.after = 0 }))
      let ran = await story.must("apply", "--yes", code: code)
      #expect(ran.output.contains("Failed: 1 file"))
      #expect(ran.output.contains("Apply failed: nothing was changed"))
      #expect(story.placed().isEmpty)
      #expect(story.read("civsync.lock") == nil)

      try await sandbox.control(.clear)
      try await sandbox.control(.resetCounts)
      await story.must("apply", "--yes")
      #expect(Photo(story) == wanted)
      // The other file was fetched before and is not asked for again.
      #expect(sandbox.storage.requests == 1)
    }
  }

  @Test func `what failed keeps what it had when the rest may be applied`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.wrongBytes, times: nil)))
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 2 files, 550 kB
          loras/
            + aurora_glow_v2.safetensors  310 kB  Aurora Glow · v2.0
            + polar_night.safetensors     240 kB  Polar Night · v1.0

        Plan: 2 create · fetch 550 kB · needs 550 kB of FREE free
        Failed: 1 file
          x Aurora Glow · v2.0 (loras/aurora_glow_v2.safetensors)
            the 310211 bytes that came have the digest `d3c2a0c40f16`, not `88bee55dbfd3`; they were thrown away: fetch the file again

        Apply failed: nothing was changed · fetched and kept 240 kB in TIME.
        Run it again: what was fetched stays in the store, and it goes on from there.
        [errors]
        note: `aurora_glow_v2.safetensors` came with wrong bytes; fetching it once more
        [exit 7]
        """)
      story.expect(
        await story.civsync("apply", "--yes", "--allow-partial"),
        """
        Create 2 files, 550 kB
          loras/
            + aurora_glow_v2.safetensors  310 kB  Aurora Glow · v2.0
            + polar_night.safetensors     240 kB  (in store) Polar Night · v1.0

        Plan: 2 create · fetch 310 kB (240 kB already in the store) · needs 310 kB of FREE free
        Failed: 1 file
          x Aurora Glow · v2.0 (loras/aurora_glow_v2.safetensors)
            the 310211 bytes that came have the digest `d3c2a0c40f16`, not `88bee55dbfd3`; they were thrown away: fetch the file again

        Apply partial: 1 created, 1 file failed · snapshot ID.
        What failed keeps what it had; run it again to try once more.
        `civsync rollback @empty` undoes it.
        [errors]
        note: `aurora_glow_v2.safetensors` came with wrong bytes; fetching it once more
        [exit 3]
        """)
      #expect(story.placed() == ["loras/polar_night.safetensors"])
      try await sandbox.control(.clear)
      await story.must("apply", "--yes")
      #expect(story.placed() == Self.placed)
    }
  }

  @Test func `the manifest may allow it for good`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "onFailure: skip\n" + Self.asked)
      try await sandbox.control(.fault(fault(.html, times: nil)))
      let ran = await story.must("apply", "--yes", code: .partial)
      #expect(ran.output.contains("a web page or message came instead of a model"))
      #expect(story.placed() == ["loras/polar_night.safetensors"])
    }
  }

  @Test func `a cut file goes on where it stopped, in this run and in the next`() async throws {
    try await withSandbox(options) { sandbox in
      let wanted = try await reference(sandbox)
      let size = try #require(wanted.files[Self.placed[0]]).count
      let other = try #require(wanted.files[Self.placed[1]]).count
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.resetCounts)
      try await sandbox.control(.fault(fault(.truncate, times: nil) { $0.after = 50_000 }))
      await story.must("apply", "--yes", code: .unreachable)
      #expect(sandbox.storage.bytes == Int64(5 * 50_000 + other))
      try await sandbox.control(.clear)
      await story.must("apply", "--yes")
      #expect(Photo(story) == wanted)
      #expect(sandbox.storage.bytes == Int64(size + other))
    }
  }

  @Test(arguments: [503, 429]) func `a server that asks for time is given it`(
    status: Int
  ) async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(
        .fault(
          fault(.status, times: 1) {
            $0.status = status
            $0.retryAfter = 77
          }))
      let ran = await story.must("apply", "--yes")
      #expect(
        ran.errors == """
          retry: `aurora_glow_v2.safetensors` in 1 min 17 s: the server answered \(status)

          """)
      #expect(story.clock.waited >= .seconds(77))
    }
  }

  @Test func `a server that asks for too much time is not waited for`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try await sandbox.control(.fault(fault(.status, times: 1) { $0.retryAfter = 3_600 }))
      await story.must("apply", "--yes", code: .unreachable)
      #expect(story.clock.waited < .seconds(300))
    }
  }

  @Test(arguments: [.status, .reset, .truncate] as [Fault.Kind])
  func `a catalogue that stammers once is asked again, one that goes on is told`(
    kind: Fault.Kind
  ) async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections: { c: { users: [aurora_studio], types: [LORA] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      try await sandbox.control(.fault(Fault(kind, at: .every(1), place: .api, times: 1)))
      await story.must("plan", "--detailed-exitcode")
      try await sandbox.control(.fault(Fault(kind, at: .every(1), place: .api)))
      let plan = await story.must("plan", code: .unreachable)
      #expect(plan.output.contains("the site could not answer for everything"))
      let apply = await story.must("apply", "--yes", code: .unreachable)
      #expect(apply.errors.contains("C062"))
      #expect(Photo(story) == before)
    }
  }

  @Test(
    arguments: [
      (.malformedJSON, "answered what cannot be read: this is no JSON"),
      (.truncatedJSON, "answered what cannot be read: the JSON ends too early"),
      (.htmlChallenge, "answered with a web page instead of data (HTTP 403)"),
    ] as [(Fault.Kind, String)])
  func `an answer that cannot be read is told, and takes nothing away`(
    kind: Fault.Kind, text: String
  ) async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections: { c: { users: [aurora_studio], types: [LORA] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      try await sandbox.control(.fault(Fault(kind, at: .every(1), place: .api)))
      let plan = await story.must("plan", code: .unreachable)
      #expect(plan.output.contains(text))
      await story.must("apply", "--yes", code: .unreachable)
      #expect(Photo(story) == before)
      try await sandbox.control(.clear)
      await story.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `a crowd of faults does not keep everything from coming`() async throws {
    try await withSandbox(options) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { users: [aurora_studio] } }\n")
      for (kind, seed) in [(Fault.Kind.truncate, 1), (.reset, 2), (.status, 3), (.expire, 4)] {
        try await sandbox.control(
          .fault(Fault(kind, at: .rate(0.15, seed: UInt64(seed)), place: .storage)))
      }
      await story.must("apply", "--yes")
      let wanted = Photo(story)
      try await sandbox.control(.clear)
      let calm = try Story()
      try calm.manifest(sandbox, "collections: { c: { users: [aurora_studio] } }\n")
      await calm.must("apply", "--yes")
      #expect(Photo(calm) == wanted)
    }
  }
}
