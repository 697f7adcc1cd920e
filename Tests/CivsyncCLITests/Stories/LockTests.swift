import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `The lock` {
  @Test func `a merge of two machines' locks is settled and applied`() async throws {
    try await withSandbox { sandbox in
      let ours = try Story()
      try ours.manifest(sandbox, "collections: { c: { models: [1001, 1005] } }\n")
      await ours.must("apply", "--yes")
      let theirs = try Story()
      try theirs.manifest(sandbox, "collections: { c: { models: [1001, 1003] } }\n")
      await theirs.must("apply", "--yes")
      try ours.manifest(sandbox, "collections: { c: { models: [1001, 1003, 1005] } }\n")
      try await Self.merge(ours, theirs)
      #expect(try #require(ours.read("civsync.lock")).contains("<<<<<<< "))

      let plan = await ours.must("plan", code: .stale)
      #expect(plan.errors.hasPrefix("error[C041]: the lock `\(ours.path("civsync.lock"))` cannot"))
      #expect(plan.errors.contains("help: settle it with `civsync lock --resolve`"))
      await ours.must("lock", code: .stale)
      ours.expect(
        await ours.civsync("lock", "--resolve"),
        """
        Settled 2 conflicts in the lock: 3 files, 1 only ours, 1 only theirs.
        Next: `civsync plan` shows what the manifest makes of it: what it does not select goes.
        [exit 0]
        """)
      ours.expect(
        await ours.civsync("lock"),
        """
        The lock is not what the last snapshot has: 1 only in the lock.
        `civsync plan` shows what the manifest and the lock ask for beyond the snapshot.
        [exit 6]
        """)
      ours.expect(
        await ours.civsync("lock", "--resolve"),
        """
        Nothing to settle: the lock has no conflict.
        [exit 0]
        """)
      await ours.must("apply", "--yes")
      #expect(ours.placed().count == 3)
      ours.expect(
        await ours.civsync("lock"),
        """
        The lock is what the last snapshot has: 3 files.
        [exit 0]
        """)
      let json = await ours.must("lock", "--json")
      #expect(json.output.hasPrefix(#"{"version":1,"inStep":true,"files":3,"recordedFiles":3,"#))
    }
  }

  @Test func `what the manifest does not select goes with the next apply`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let lock = try #require(story.read("civsync.lock"))
      let other = try Story()
      try other.manifest(sandbox, "collections: { c: { models: [1005] } }\n")
      await other.must("apply", "--yes")
      let theirs = try #require(other.read("civsync.lock"))
      try story.write(
        "<<<<<<< HEAD\n\(lock)||||||| base\n=======\n\(theirs)>>>>>>> other\n", to: "civsync.lock")
      await story.must("lock", "--resolve")
      #expect(try #require(story.read("civsync.lock")).contains("model 1005 "))
      await story.must("apply", "--yes")
      #expect(story.read("civsync.lock") == lock)
    }
  }

  @Test func `sides that cannot be read are refused, and the file stays`() async throws {
    let story = try Story()
    let text = "civsync-lock 2\n<<<<<<< HEAD\nmodel x\n=======\n>>>>>>> other\n"
    try story.write(text, to: "civsync.lock")
    let ran = await story.civsync("lock", "--resolve")
    #expect(ran.code == .stale)
    #expect(ran.errors.contains("error[C140]: the conflict in the lock `"))
    #expect(ran.errors.contains("cannot be settled: our side cannot be read: line 2: "))
    try story.write("=======\n", to: "civsync.lock")
    let astray = await story.civsync("lock", "--resolve")
    #expect(astray.code == .stale)
    #expect(astray.errors.contains("line 1 is a marker out of its place"))
    #expect(story.read("civsync.lock") == "=======\n")
  }

  @Test func `without a snapshot or a lock, it says so`() async throws {
    let story = try Story()
    story.expect(
      await story.civsync("lock"),
      """
      There is no lock yet: the first `civsync apply` writes it.
      [exit 0]
      """)
    #expect(!story.exists(".civsync"))
  }

  /// As `git merge` does it with two branches that both made the lock anew.
  private static func merge(_ ours: Story, _ theirs: Story) async throws {
    try ours.write("", to: "base.lock")
    let paths = [ours.path("civsync.lock"), ours.path("base.lock"), theirs.path("civsync.lock")]
    let git = try Child(
      "/usr/bin/git", ["merge-file", "--quiet"] + paths, in: ours.folder.string,
      ["HOME": ours.folder.string, "GIT_CONFIG_NOSYSTEM": "1"])
    #expect(try await git.end().status > 0)
  }
}
