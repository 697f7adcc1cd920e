import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Two ways to fetch` {
  private static let asked = "collections: { c: { models: [1001, 1002] } }\n"
  private static let file = FileID(100_111)

  private func slow(_ options: inout SandboxOptions) {
    options.scale = 0.2
    options.throttleBytesPerSecond = 400_000
  }

  private func isClear(_ story: Story) -> Bool { !story.exists(".civsync/bench") }

  @Test func `are tried by turns, and nothing of it stays`() async throws {
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = (Photo(story), story.read(".civsync/runs.jsonl"))
      let stored = story.contents(below: ".civsync/store").count
      try await sandbox.control(.resetCounts)
      let ran = await story.must("bench", "--yes", "--rounds", "2", "--json")
      #expect(sandbox.resolutions == 8)
      let events = try ran.errors.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      let passes = events.filter { $0["event"] as? String == "bench-pass" }
      #expect(
        passes.compactMap { $0["policy"] as? String } == [
          "parallel", "sequential", "sequential", "parallel",
        ])
      let told = try #require(
        try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
      // A machine that has too much to do may show no difference, or the other one.
      let faster = try #require(told["faster"] as? String)
      #expect(["parallel", "sequential"].contains(faster), "\(ran.output)")
      #expect(told["better"] is NSNull || told["better"] as? String == faster)
      #expect(try #require(told["ratio"] as? Double) >= 1)
      #expect(told["files"] as? Int == 2 && (told["policies"] as? [Any])?.count == 2)
      #expect(Photo(story) == before.0 && story.read(".civsync/runs.jsonl") == before.1)
      #expect(story.contents(below: ".civsync/store").count == stored && isClear(story))
    }
  }

  @Test func `are asked about first, also before anything was applied`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      let declined = await story.civsync("bench", "--size", "1MB", answer: "n", width: 120)
      #expect(declined.code == .failed && sandbox.resolutions == 0)
      #expect(
        declined.errors == """
          2 files (55 kB) by `parallel` and `sequential`, 3 times each: 12 downloads, 330 kB. The site counts each of them.
          Fetch them? [y/N] Nothing was changed.

          """)
      let nobody = await story.must("bench", code: .usage)
      #expect(nobody.errors.hasPrefix("error[C002]: `civsync bench` asks first"))
      let ran = await story.civsync("bench", "--rounds=2", answer: "y", width: 80)
      #expect(ran.code == .ok && sandbox.resolutions == 8)
      #expect(ran.errors.contains("pass 4 of 4: parallel\n"))
      #expect(ran.output.hasPrefix("2 files, 55 kB, 2 times by each\n"), "\(ran.output)")
      #expect(story.placed().isEmpty && isClear(story))
    }
  }

  @Test func `end where a file does not come`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      var fault = Fault(.status, at: .file(Self.file), place: .storage, times: nil)
      fault.status = 503
      try await sandbox.control(.fault(fault))
      // What an earlier one left when it was killed.
      try story.write("rest", to: ".civsync/bench/partial/rest")
      let ran = await story.must("bench", "--yes", code: .unreachable)
      #expect(
        ran.errors.hasSuffix(
          """
          error[C193]: the bench ended: `aurora_glow_v2.safetensors` did not come under `parallel`
            note: the server keeps answering 503
            note: nothing of it was kept
            help: run it again, or let it choose other files with `--size`

          """), "\(ran.errors)")
      #expect(isClear(story) && !story.exists(".civsync/failures.jsonl"))
      try story.write("", to: ".civsync/STOP")
      let stopped = await story.must("bench", "--yes", code: .interrupted)
      #expect(
        stopped.errors.stable(story).hasSuffix(
          """
          error[C178]: stopped: `PROJECT/.civsync/STOP` is there
            note: nothing was changed, and nothing of it was kept
            help: remove it and run the command again

          """), "\(stopped.errors)")
      #expect(isClear(story))
    }
  }

  @Test func `have their mistakes`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.expect(
        await story.civsync("bench", "--yes", "--policies", "parallel,fast"),
        """
        [errors]
        error[C191]: `--policies` names no way to fetch: `fast`
          help: `parallel`, `sequential`, or keys joined by `+`: `downloads=1` to 16, \
        `connectionsPerFile=1` to 32, `limitRate=20MB`, \
        `order=` with `small-first`, `large-first` or `manifest`
        [exit 64]
        """)
      story.expect(
        await story.civsync("bench", "--yes", "--size", "1kB"),
        """
        [errors]
        error[C192]: no file is small enough: the smallest has 24 kB, and `--size` allows 1 kB
          help: allow more with `--size`
        [exit 1]
        """)
      try story.manifest(sandbox, "collections: { c: { users: [nobody_of_that_name] } }\n")
      let none = await story.must("bench", "--yes", code: .failed)
      #expect(none.errors.contains("error[C192]: there is no file to fetch"), "\(none.errors)")
      for wrong in [["--rounds", "1"], ["--rounds", "51"], ["--size", "0B"]] {
        #expect(await story.run(["bench", "--yes"] + wrong).code == .usage)
      }
    }
  }

  @Test func `need room, and a folder`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let lock = try #require(story.read("civsync.lock"))
      try FileManager.default.removeItem(atPath: story.path(".civsync/.git"))
      try story.write(
        lock.replacing(/bytes [0-9]+/, with: "bytes 900000000000000"), to: "civsync.lock")
      let full = await story.must("bench", "--yes", "--size", "4PB", code: .noSpace)
      let stable = full.errors.replacing(/and [0-9.]+ [kMGT]?B are free/, with: "and FREE are free")
      #expect(
        stable.hasSuffix(
          """
          error[C194]: a pass needs 1.8 PB and FREE are free; nothing was fetched
            help: free some space, or fetch less with `--size`

          """), "\(full.errors)")
      try story.write(lock, to: "civsync.lock")
      story.observe(NoFolder())
      let broken = await story.must("bench", "--yes", code: .failed)
      #expect(broken.errors.contains("error[C195]: the bench has no folder to fetch into: cannot"))
      try story.write("x", to: ".civsync/bench/x")
      story.observe(NoRemoval())
      let stuck = await story.must("bench", "--yes", code: .failed)
      #expect(
        stuck.errors.stable(story).hasSuffix(
          """
          error[C195]: the bench's folder could not be removed: cannot remove \
          `PROJECT/.civsync/bench/x`: the disk reported an error (EIO); look at the system log \
          (`dmesg`) and check the disk before you go on
            help: remove `PROJECT/.civsync/bench` by hand: nothing else needs it

          """), "\(stuck.errors)")
    }
  }
}

private struct NoFolder: SystemCallObserver {
  func willCall(_ call: String, path: String) -> Int32? {
    call == "mkdir" && path.contains(".civsync/bench") ? 13 : nil
  }
}

private struct NoRemoval: SystemCallObserver {
  func willCall(_ call: String, path: String) -> Int32? {
    call == "unlink" && path.contains(".civsync/bench") ? 5 : nil
  }
}
