import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// A project knows its store again: one whose disk is not mounted is not an empty one.
struct `The store that a project used` {
  private static let aurora = "models/loras/aurora_glow_v2.safetensors"
  private static let two = "store: disk/store\ncollections: { c: { models: [1001, 1002] } }\n"

  /// Ways in which a disk goes.
  enum Loss: CaseIterable {
    /// The mount point is gone with it.
    case gone
    /// The mount point is there, and empty.
    case unmounted
    /// The folder itself is there, and empty.
    case emptied

    func happen(to story: Story) throws {
      let disk = self == .emptied ? "disk/store" : "disk"
      try story.move(disk, to: "away")
      if self != .gone {
        try FileManager.default.createDirectory(
          atPath: story.path(disk), withIntermediateDirectories: true)
      }
    }

    func end(in story: Story) throws {
      let disk = self == .emptied ? "disk/store" : "disk"
      if self != .gone { try FileManager.default.removeItem(atPath: story.path(disk)) }
      try story.move("away", to: disk)
    }
  }

  /// A project with two snapshots.
  private func begun(_ sandbox: SandboxServer, _ body: String = two) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, body.replacing("1001, 1002", with: "1001"))
    await story.must("apply", "--yes")
    try story.manifest(sandbox, body)
    await story.must("apply", "--yes")
    return story
  }

  private static let needing = [
    ["plan"], ["plan", "--offline"], ["plan", "-o", "saved.plan"], ["apply", "--yes"],
    ["gc"], ["gc", "--yes"], ["rollback", "HEAD~1", "--yes"], ["rollback", "@empty", "--dry-run"],
    ["verify"], ["verify", "--repair", "--yes"], ["protect", "--all"], ["store", "stats"],
    ["store", "path", "0123"],
  ]

  @Test(arguments: Loss.allCases)
  func `that is not there stops what needs it, and nothing is made in its place`(
    loss: Loss
  ) async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let photo = Photo(story)
      try loss.happen(to: story)
      _ = try await sandbox.control(.resetCounts)
      let before = story.everything()
      for arguments in Self.needing {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed, "\(arguments)")
        #expect(
          ran.errors.contains("error[C179]: the store is not there: `\(story.path("disk/store"))`"),
          "\(arguments): \(ran.errors)")
        #expect(story.everything() == before, "\(arguments)")
      }
      for arguments in [["status"], ["log"], ["why", "loras/aurora_glow_v2.safetensors"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == (arguments == ["status"] ? .drift : .ok), "\(arguments)")
        #expect(ran.errors.contains("note: the store is not there: "), "\(ran.errors)")
      }
      #expect(sandbox.storage.requests == 0)
      try loss.end(in: story)
      await story.must("status")
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == photo)
      #expect(sandbox.storage.requests == 0)
    }
  }

  @Test func `that is not there is told with where it would be, and with what to do`() async throws
  {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      try Loss.gone.happen(to: story)
      let text = story.transcript(await story.civsync("apply", "--yes"))
        .replacing(/(mounted at `)[^`]*/, with: { $0.1 + "MOUNT" })
        .replacing(
          "no disk is mounted on the way there: it would lie on the system's own",
          with: "it would lie on the disk that is mounted at `MOUNT`")
      #expect(
        text == """
          [errors]
          error[C179]: the store is not there: `PROJECT/disk/store`
            note: the last folder on the way that is there is `PROJECT`
            note: it would lie on the disk that is mounted at `MOUNT`
            help: mount its disk, or put the folder back; only if it is lost for good, `civsync store forget` lets the next `civsync apply` make one anew, from the files that are placed and the network
          [exit 1]
          """, "\(text)")
    }
  }

  @Test func `without its VERSION is told so, and one line puts that back`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let version = try #require(story.read("disk/store/VERSION"))
      try FileManager.default.removeItem(atPath: story.path("disk/store/VERSION"))
      for arguments in [["plan"], ["apply", "--yes"], ["gc", "--yes"], ["store", "stats"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed)
        #expect(ran.errors.contains("error[C179]: the store is not whole: "), "\(ran.errors)")
        #expect(
          ran.errors.contains("`echo civsync-store 1 > \(story.path("disk/store/VERSION"))`"))
        #expect(!story.exists("disk/store/VERSION"))
      }
      try story.write(version, to: "disk/store/VERSION")
      await story.must("apply", "--yes")
    }
  }

  @Test func `is no other one, until the user says that it shall be`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let other = try await begun(sandbox)
      try story.move("disk", to: "away")
      try FileManager.default.moveItem(atPath: other.path("disk"), toPath: story.path("disk"))
      let before = story.everything()
      for arguments in Self.needing {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed, "\(arguments)")
        #expect(
          ran.errors.contains(
            "error[C223]: the store `\(story.path("disk/store"))` is not the one that this project "
              + "used"), "\(arguments): \(ran.errors)")
        #expect(story.everything() == before, "\(arguments)")
      }
      let status = await story.civsync("status")
      #expect(status.errors.contains("is not the one that this project used"))
      #expect(
        await story.must("store", "forget", "--json").output
          == #"{"version":1,"forgotten":true,"store":"\#(story.path("disk/store"))"}"# + "\n")
      await story.must("apply", "--yes")
      #expect(story.read("disk/store/ID") == story.storeID.map { $0 + "\n" })
      await story.must("status")
      await story.must("rollback", "@empty", "--yes")
      #expect(story.registered(in: "disk/store").count == 2)
    }
  }

  @Test func `that is lost is begun anew on the user's word, from what is placed`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let former = try #require(story.storeID)
      try FileManager.default.removeItem(atPath: story.path("disk"))
      let told = await story.must("store", "forget")
      #expect(
        told.output.stable(story) == """
          The store is given up. The next `civsync apply` takes what it finds at PROJECT/disk/store, or makes a store there.

          """)
      _ = try await sandbox.control(.resetCounts)
      await story.must("apply", "--yes")
      #expect(sandbox.storage.requests == 0)
      await story.must("status", "--verify")
      await story.must("verify")
      let id = try #require(story.storeID)
      #expect(id != former && !id.isEmpty)
      // The new one is watched over like the first.
      try story.move("disk", to: "away")
      await story.must("apply", "--yes", code: .failed)
    }
  }

  @Test func `that is there is not given up`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let before = story.everything()
      story.expect(
        await story.civsync("store", "forget"),
        """
        [errors]
        error[C224]: the store `PROJECT/disk/store` is there, and nothing speaks against it
          note: nothing was changed
          help: only a store that is lost can be given up; `store:` names another, once the folder was moved there
        [exit 64]
        """)
      #expect(story.everything() == before)
    }
  }

  @Test func `is known again where it was moved, and in a project that was`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      let id = story.storeID
      _ = try await sandbox.control(.resetCounts)
      try story.move("disk", to: "other")
      try story.manifest(sandbox, Self.two.replacing("disk", with: "other"))
      // Those that read no manifest else find it too.
      await story.must("status")
      await story.must("verify")
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("apply", "--yes")
      #expect(story.storeID == id && !story.exists("disk"))
      #expect(sandbox.storage.requests == 0)

      let moved = try await begun(sandbox, Self.two.replacing("store: disk/store\n", with: ""))
      _ = try await sandbox.control(.resetCounts)
      let after = try Story()
      try FileManager.default.removeItem(atPath: after.folder.string)
      let manifest = try #require(moved.read("civsync.yaml"))
        .replacing("root: models", with: "root: \(moved.path("models"))")
      try FileManager.default.createDirectory(
        atPath: after.folder.string, withIntermediateDirectories: true)
      try after.write(manifest, to: "civsync.yaml")
      for name in [".civsync", "civsync.lock"] {
        try FileManager.default.moveItem(atPath: moved.path(name), toPath: after.path(name))
      }
      await after.must("plan")
      await after.must("rollback", "HEAD~1", "--yes")
      #expect(sandbox.storage.requests == 0)
      #expect(!moved.exists(".civsync"))
      #expect(after.read(".civsync/project.json")?.contains(after.path(".civsync/store")) == true)
    }
  }

  @Test func `of a civsync that gave no names is taken for what it is, and gets one`() async throws
  {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      try story.forgetNames()
      await story.must("status")
      await story.must("gc")
      // Without its files of needs its objects tell.
      try FileManager.default.removeItem(atPath: story.path("disk/store/roots"))
      await story.must("plan")
      try story.move("disk", to: "away")
      try FileManager.default.createDirectory(
        atPath: story.path("disk"), withIntermediateDirectories: true)
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("error[C179]: the store is not there: "))
      try FileManager.default.removeItem(atPath: story.path("disk"))
      try story.move("away", to: "disk")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(story.read("disk/store/ID") == story.storeID.map { $0 + "\n" })
    }
  }

  @Test func `and has none of its objects is not taken for it`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      try story.forgetNames()
      try story.move("disk", to: "away")
      try story.write("civsync-store 1\n", to: "disk/store/VERSION")
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("error[C223]: "), "\(ran.errors)")
      #expect(!story.exists("disk/store/sha256"))
    }
  }

  @Test func `of a version that nobody here knows is refused by all who read it`() async throws {
    try await withSandbox { sandbox in
      let story = try await begun(sandbox)
      try story.write("civsync-store 9\n", to: "disk/store/VERSION")
      let before = story.everything()
      for arguments in Self.needing + [["status"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .failed, "\(arguments)")
        #expect(
          ran.errors.contains(
            "error[C032]: cannot look at the store `\(story.path("disk/store"))`: the store "),
          "\(arguments): \(ran.errors)")
        #expect(
          ran.errors.contains("has the format `civsync-store 9`, which this civsync does not know"))
        #expect(story.everything() == before, "\(arguments)")
      }
      for arguments in [["log"], ["why", "loras/aurora_glow_v2.safetensors"]] {
        let ran = await story.run(arguments)
        #expect(ran.code == .ok && ran.errors.contains("has the format `civsync-store 9`"))
      }
    }
  }
}

extension Story {
  /// What the project calls its store.
  fileprivate var storeID: String? {
    read(".civsync/project.json")?.firstMatch(of: /"storeID" : "([0-9a-f]*)"/)
      .map { String($0.1) }
  }

  fileprivate func move(_ path: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: self.path(path), toPath: self.path(other))
  }

  /// Project and store as a civsync left them that gave stores no names.
  fileprivate func forgetNames() throws {
    try FileManager.default.removeItem(atPath: path("disk/store/ID"))
    let text = try #require(read(".civsync/project.json"))
    try write(
      text.replacing(/,\s*"storeID" : "[0-9a-f]*"/, with: ""), to: ".civsync/project.json")
    try #require(storeID == nil)
  }

  /// The paths of all that there is, but for what only makes commands quicker, or tells who has a lock.
  fileprivate func everything() -> Set<String> {
    Set(FileManager.default.subpaths(atPath: folder.string) ?? [])
      .filter { !$0.hasPrefix(".civsync/index.sqlite") && !$0.hasSuffix("LOCK") }
  }
}
