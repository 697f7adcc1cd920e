import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Testing

struct `Checks` {
  private static let asked = "collections: { c: { models: [1001] } }\n"
  private static let more = "collections: { c: { models: [1001, 1005] } }\n"

  private func checks(_ command: String, timeout: Int = 30) -> String {
    "checks:\n  - name: loads\n    run: '\(command)'\n    timeout: \(timeout)s\n"
  }

  @Test func `run only after somebody agreed to these very commands`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, checks("touch ran") + Self.asked)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        [errors]
        error[C146]: the manifest has commands that are not trusted on this machine; nothing was changed
          note: check `loads`: `touch ran`
          help: look at them and run `civsync trust`, or leave them out with `civsync apply --no-checks`
        [exit 9]
        """)
      #expect(!story.exists(".civsync"))
      #expect(sandbox.storage.requests == 0)
      await story.must("trust", code: .usage)
      let declined = await story.civsync("trust", answer: "n")
      #expect(declined.code == .failed)
      await story.must("apply", "--yes", code: .refused)
      story.expect(
        await story.civsync("trust", "--yes"),
        """
        Commands of `PROJECT/civsync.yaml`
          loads, for at most 30 s
            $ touch ran

        They run by `/bin/sh` as you, in the project's folder, after each apply that changes something.
        Trusted on this machine.
        [exit 0]
        """)
      let file = story.path(".local/state/civsync/trust.jsonl")
      let facts = try FileManager.default.attributesOfItem(atPath: file)
      #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      let applied = await story.must("apply", "--yes")
      #expect(applied.output.contains("Checks passed: loads\n"))
      #expect(story.exists("ran"))
      let json = await story.must("trust", "--json")
      #expect(json.output.contains(#""trusted":true"#))

      try story.manifest(sandbox, checks("touch other") + Self.asked)
      await story.must("apply", "--yes", code: .refused)
      try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
      let open = await story.must("apply", "--yes", code: .refused)
      #expect(open.errors.hasPrefix("error[C147]: `\(file)` can be written by others"))
    }
  }

  @Test func `that fail take the apply back`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try story.manifest(sandbox, checks("ls models; echo no luck >&2; exit 3") + Self.more)
      await story.must("trust", "--yes")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 2.9 kB
          embeddings/
            + snowlightNegative_v11.safetensors  2.9 kB  Snowlight Negative · v1.1

        Plan: 1 create, 1 keep · fetch 2.9 kB · needs 2.9 kB of FREE free
        Check `loads` failed: exit code 3
            embeddings
            loras
            no luck

        Apply taken back to `\(await Self.head(story, back: 2))`: a check failed · snapshot ID.
        What was fetched stays in the store. Mend the cause and run `civsync apply` again; `--no-checks` leaves the checks out.
        [errors]
        note: check `loads` runs
        note: check `loads` failed: exit code 3; going back
        [exit 9]
        """)
      #expect(Photo(story) == before)
      await story.must("status")
      let log = await story.must("log").output.split(separator: "\n")
      #expect(log.count == 3)
      #expect(log[0].hasSuffix("rollback: check `loads` failed"))
      #expect(log[1].hasSuffix("apply: 1 created"))
    }
  }

  /// The short id of the snapshot so many before the last.
  private static func head(_ story: Story, back: Int) async -> String {
    let log = await story.must("log").output.split(separator: "\n")
    return log.count > back ? String(log[back].prefix(10)) : "?"
  }

  @Test func `that fail after the first apply of all leave nothing placed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, checks("exit 1") + Self.asked)
      await story.must("trust", "--yes")
      let ran = await story.must("apply", "--yes", "--json", code: .refused)
      #expect(ran.output.contains(#""rolledBackTo":"@empty""#))
      #expect(ran.output.contains(#""passed":false,"verdict":"exit code 1""#))
      #expect(story.placed().isEmpty)
      await story.must("status")
      let skipped = await story.must("apply", "--yes", "--no-checks")
      #expect(skipped.errors.contains("note: the checks are skipped, as `--no-checks` says\n"))
      #expect(story.placed().count == 1)
      // Nothing changes, so nothing is checked.
      await story.must("apply", "--yes")
    }
  }

  @Test func `that run for too long are killed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, checks("echo waiting; sleep 300 & wait", timeout: 1) + Self.asked)
      await story.must("trust", "--yes")
      let ran = await story.must("apply", "--yes", code: .refused)
      #expect(ran.output.contains("Check `loads` failed: ran for more than 1 s\n    waiting\n"))
      #expect(story.placed().isEmpty)
    }
  }

  @Test func `find the project, the snapshot and no token`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["PATH": "/usr/bin:/bin", "CIVSYNC_TOKEN": "secret", "OTHER": "x"])
      try story.manifest(sandbox, checks("env > seen; pwd >> seen") + Self.asked)
      await story.must("trust", "--yes")
      await story.must("apply", "--yes")
      let seen = try #require(story.read("seen"))
      let lines = seen.split(separator: "\n").map(String.init)
      #expect(lines.last == story.folder.string)
      #expect(lines.contains("CIVSYNC_PROJECT=\(story.folder)"))
      #expect(lines.contains("HOME=\(story.folder)"))
      #expect(lines.contains("LANG=C.UTF-8"))
      #expect(lines.contains("PATH=/usr/bin:/bin"))
      #expect(lines.contains { $0.wholeMatch(of: /CIVSYNC_SNAPSHOT=[0-9a-f]{40}/) != nil })
      #expect(!seen.contains("secret"))
      #expect(!seen.contains("OTHER"))
    }
  }

  @Test func `are not run by a rollback`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, checks("echo x >> ran") + Self.asked)
      await story.must("trust", "--yes")
      await story.must("apply", "--yes")
      await story.must("rollback", "@empty", "--yes")
      #expect(story.read("ran") == "x\n")
      let none = try Story()
      try none.manifest(sandbox, Self.asked)
      none.expect(
        await none.civsync("trust"),
        """
        The manifest has no commands: there is nothing to trust.
        [exit 0]
        """)
    }
  }

  @Test func `Ctrl-C while one runs ends it and takes the apply back`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        checks("echo $$ > began.tmp; mv began.tmp began; sleep 300", timeout: 300)
          + Self.asked)
      await story.must("trust", "--yes")
      let child = try Child(
        try builtProgram(), ["apply", "--yes"], in: story.folder.string,
        [
          "HOME": story.folder.string, "PATH": "/usr/bin:/bin",
          "LLVM_PROFILE_FILE": ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"]
            ?? "/dev/null",
        ])
      try await eventually("the check began") { story.exists("began") }
      child.signal(SIGINT)
      let ended = try await child.end()
      #expect(ended.status == 130, "\(ended.text)")
      #expect(ended.text.contains("Check `loads` failed: interrupted\n"), "\(ended.text)")
      #expect(story.placed().isEmpty)
      let shell = try #require(story.read("began")?.split(separator: "\n").first.map(String.init))
      #expect(!FileManager.default.fileExists(atPath: "/proc/\(shell)"))
      await story.must("status")
    }
  }
}
