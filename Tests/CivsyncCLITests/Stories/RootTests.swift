import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Roots and the state folder` {
  private static let asked = "collections: { c: { models: [1001] } }\n"

  /// A project with one file placed.
  private func placed(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, Self.asked)
    await story.must("apply", "--yes")
    return story
  }

  private func remove(_ story: Story, _ path: String) throws {
    try FileManager.default.removeItem(atPath: story.path(path))
  }

  @Test func `a root without its marker is not touched: its disk may not be mounted`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      try remove(story, "models")
      try FileManager.default.createDirectory(
        atPath: story.path("models"), withIntermediateDirectories: true)
      story.expect(
        await story.civsync("plan"),
        """
        [errors]
        error[C053]: the root `PROJECT/models` cannot be used
          note: its marker `.civsync-root` is gone; is its disk mounted?
          help: civsync never makes a root anew that it has used: mount it or put it back
        [exit 1]
        """)
      for arguments in [["apply", "--yes"], ["rollback", "@empty", "--yes"], ["status"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed)
        #expect(ran.errors.contains("its marker `.civsync-root` is gone; is its disk mounted?"))
      }
      try remove(story, "models")
      await story.must("apply", "--yes", code: .failed)
      #expect(!story.exists("models"))
    }
  }

  @Test func `a root that is another one than before wants the folder moved`() async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      let before = Photo(story)
      let text = try #require(story.read("civsync.yaml"))
      try story.write(text.replacing("root: models", with: "root: weights"), to: "civsync.yaml")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        [errors]
        error[C051]: the root of tree `main` is another one than before
          note: before: `PROJECT/models`
          note: now: `PROJECT/weights`
          help: move the folder: `mv PROJECT/models PROJECT/weights`, then run this again; or set `root:` back
        [exit 4]
        """)
      #expect(!story.exists("weights"))
      try FileManager.default.moveItem(
        atPath: story.path("models"), toPath: story.path("weights"))
      await story.must("apply", "--yes")
      #expect(Photo(story, "weights").files == before.files)
    }
  }

  @Test func `the root of another project is refused`() async throws {
    try await withSandbox { sandbox in
      let first = try await placed(sandbox)
      let second = try Story()
      try second.write(
        """
        version: 1
        root: \(first.path("models"))
        layout: flat
        source: { endpoints: ["\(sandbox.apiURL)"] }
        collections: { c: { models: [1002] } }

        """, to: "civsync.yaml")
      let before = first.placed()
      let ran = await second.civsync("apply", "--yes")
      #expect(ran.code == .failed)
      #expect(ran.errors.contains("it belongs to the tree `main` of the project"))
      #expect(first.placed() == before)
    }
  }

  @Test func `a file where the root should be is said`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("a file", to: "models")
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("a file stands where the folder should be; move it away"))
      #expect(story.read("models") == "a file")
    }
  }

  @Test func `a store that the manifest moves wants its folder moved`() async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      let text = try #require(story.read("civsync.yaml"))
      try story.write("store: objects\n" + text, to: "civsync.yaml")
      story.expect(
        await story.civsync("plan"),
        """
        [errors]
        error[C050]: the manifest names another store than the one in use
          note: in use: `PROJECT/.civsync/store`
          note: named: `PROJECT/objects`
          help: move the folder first: `mv PROJECT/.civsync/store PROJECT/objects`
        [exit 4]
        """)
      try FileManager.default.moveItem(
        atPath: story.path(".civsync/store"), toPath: story.path("objects"))
      await story.must("apply", "--yes")
      await story.must("status")
      await story.must("rollback", "@empty", "--yes")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.placed().count == 1)
      #expect(!story.exists(".civsync/store"))
    }
  }

  @Test func `a lock with the marks of a merge is refused`() async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      let lock = try #require(story.read("civsync.lock"))
      try story.write(
        lock.replacing("model 1001", with: "<<<<<<< ours\nmodel 1001"), to: "civsync.lock")
      story.expect(
        await story.civsync("plan"),
        """
        [errors]
        error[C041]: the lock `PROJECT/civsync.lock` cannot be used: line 4: a merge conflict is not settled (`<<<<<<<`); take one side and run again
          help: settle it with `civsync lock --resolve`
        [exit 6]
        """)
      await story.must("apply", "--yes", code: .stale)
      #expect(story.read("civsync.lock")?.contains("<<<<<<<") == true)
      try remove(story, "civsync.lock")
      await story.must("apply", "--yes")
      #expect(story.read("civsync.lock") == lock)
    }
  }

  @Test func `the lock alone brings the same names to another machine`() async throws {
    try await withSandbox { sandbox in
      let first = try await placed(sandbox)
      try await sandbox.control(.rename(model: ModelID(1001), name: "Called Otherwise"))
      let second = try Story()
      try second.manifest(sandbox, Self.asked)
      try second.write(try #require(first.read("civsync.lock")), to: "civsync.lock")
      await second.must("apply", "--yes")
      #expect(Photo(second) == Photo(first))
    }
  }

  @Test(arguments: [
    ("{ \"version\": 1", "C012", "is damaged"),
    ("{ \"version\": 1 }", "C012", "is damaged"),
    ("{ \"version\": 7 }", "C011", "is of version 7, this civsync knows version 1"),
  ])
  func `a project file that cannot be used stops everything`(
    content: String, code: String, text: String
  ) async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      try story.write(content, to: ".civsync/project.json")
      for arguments in [["plan"], ["apply", "--yes"], ["status"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed)
        #expect(ran.errors.hasPrefix("error[\(code)]: "))
        #expect(ran.errors.contains(text))
      }
    }
  }

  @Test func `a damaged index is set aside and begun anew`() async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      try story.write("this is no database at all, whatever reads it", to: ".civsync/index.sqlite")
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.contains("note: "))
      #expect(story.exists(".civsync/index.sqlite.corrupt-1"))
      await story.must("status")
    }
  }

  @Test func `a state folder that cannot be made is said`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("a file", to: ".civsync")
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("C021"))
      #expect(!story.exists("models"))
    }
  }

  @Test func `one that writes keeps others from writing, not from looking`() async throws {
    try await withSandbox { sandbox in
      let story = try await placed(sandbox)
      let holder = LockHolder(
        process: 815, command: "civsync apply", since: "2026-01-01T00:00:00Z")
      let attempt = try FileSystem().tryLock(
        story.folder.appending(".civsync/lock"), holder: holder)
      guard case .acquired(let lock) = attempt else {
        Issue.record("the lock was not free")
        return
      }
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        [errors]
        error[C020]: another civsync works on this project: pid 815, civsync apply, since 2026-01-01T00:00:00Z
          help: wait for it to end, or stop it with Ctrl-C; plan, log and status work meanwhile
        [exit 5]
        """)
      await story.must("rollback", "@empty", "--yes", code: .locked)
      await story.must("plan")
      await story.must("status")
      await story.must("log")
      lock.release()
      await story.must("apply", "--yes")
    }
  }

  @Test func `there is nothing to go back to before the first apply`() async throws {
    let story = try Story()
    story.expect(
      await story.civsync("rollback", "HEAD~1", "--yes"),
      """
      [errors]
      error[C082]: there is no snapshot yet
        help: the first `civsync apply` makes one
      [exit 1]
      """)
    #expect(!story.exists(".civsync"))
    let status = await story.must("status")
    #expect(status.output.contains("Nothing is placed yet"))
    let log = await story.must("log")
    #expect(log.output.isEmpty == false)
  }
}
