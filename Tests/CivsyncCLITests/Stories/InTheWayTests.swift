import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Files that are not civsync's` {
  private static let asked = "collections: { c: { models: [1001, 1002] } }\n"
  private static let glow = "models/loras/aurora_glow_v2.safetensors"
  private static let night = "models/loras/polar_night.safetensors"

  /// What the site offers at a place.
  private func content(_ place: String, _ sandbox: SandboxServer) async throws -> Data {
    let story = try Story()
    try story.manifest(sandbox, Self.asked)
    await story.must("apply", "--yes")
    return try #require(FileManager.default.contents(atPath: story.path(place)))
  }

  private func data(_ story: Story, _ path: String) -> Data? {
    FileManager.default.contents(atPath: story.path(path))
  }

  @Test func `one with other content blocks its place and stays as it is`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("my own notes", to: Self.night)
      try story.write("something else", to: "models/loras/mine.safetensors")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 31 kB
          loras/
            + aurora_glow_v2.safetensors  31 kB  Aurora Glow · v2.0

        Blocked, and you can change it: 1 entry
          a file that civsync did not place is in the way at `loras/polar_night.safetensors`; move it or set `place:`
            x Polar Night · v1.0 (1002@10021)

        Plan: 1 create, 1 blocked · fetch 31 kB · needs 31 kB of FREE free
        Apply complete: 1 created · fetched 31 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 3]
        """)
      #expect(story.read(Self.night) == "my own notes")
      #expect(story.exists(Self.glow))
      story.expect(
        await story.civsync("status"),
        """
        Clean: 1 file as snapshot ID placed it.
        2 other files in the trees are not civsync's.
        [exit 0]
        """)
      // Out of the way, it may be placed.
      try FileManager.default.removeItem(atPath: story.path(Self.night))
      await story.must("apply", "--yes")
      #expect(data(story, Self.night) == (try await content(Self.night, sandbox)))
      #expect(story.read("models/loras/mine.safetensors") == "something else")
    }
  }

  @Test func `one of the same size is read, and blocks all the same`() async throws {
    try await withSandbox { sandbox in
      var wrong = try await content(Self.night, sandbox)
      wrong[wrong.count / 2] ^= 1
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("", to: Self.night)
      try wrong.write(to: URL(filePath: story.path(Self.night)))
      await story.must("apply", "--yes", code: .partial)
      #expect(data(story, Self.night) == wrong)
    }
  }

  @Test func `one with the wanted content is adopted, and released in the end`() async throws {
    try await withSandbox { sandbox in
      let bytes = try await content(Self.night, sandbox)
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("", to: Self.night)
      try bytes.write(to: URL(filePath: story.path(Self.night)))
      try await sandbox.control(.resetCounts)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 31 kB
          loras/
            + aurora_glow_v2.safetensors  31 kB  Aurora Glow · v2.0

        Adopt 1 file of yours with the wanted content
          = loras/polar_night.safetensors  24 kB  Polar Night · v1.0

        Plan: 1 create, 1 adopt · fetch 31 kB · needs 55 kB of FREE free
        Apply complete: 1 created, 1 adopted · fetched 31 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [exit 0]
        """)
      #expect(sandbox.storage.requests == 1)
      await story.must("status")
      await story.must("plan", "--detailed-exitcode")
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Release 1 file: yours again, and left in place
          < loras/polar_night.safetensors
            Polar Night · v1.0; no longer selected by the manifest

        Plan: 1 release, 1 keep
        Apply complete: 1 released · snapshot ID.
        `civsync rollback HEAD~1` undoes it.
        [exit 0]
        """)
      #expect(data(story, Self.night) == bytes)
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("rollback", "@empty", "--yes")
      #expect(data(story, Self.night) == bytes)
      #expect(!story.exists(Self.glow))
    }
  }

  @Test func `a folder in the way blocks too`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("inside", to: Self.night + "/inside.txt")
      let ran = await story.must("apply", "--yes", code: .partial)
      #expect(ran.output.contains("a file that civsync did not place is in the way"))
      #expect(story.read(Self.night + "/inside.txt") == "inside")
    }
  }

  @Test func `a link that leads out of the root is not followed`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      try story.write("kept", to: "elsewhere/kept.txt")
      try story.write("", to: "models/marker")
      try FileManager.default.createSymbolicLink(
        atPath: story.path("models/loras"), withDestinationPath: story.path("elsewhere"))
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Blocked, and you can change it: 2 entries
          `loras` is a symbolic link to `PROJECT/elsewhere`, which civsync does not follow; put the folder back, or make what it leads to a tree of its own with `trees`, or a collection's `root`
            x 2 files behind it: Aurora Glow · v2.0, Polar Night · v1.0

        Nothing to do: no file is within reach. 2 are blocked.
        [exit 3]
        """)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: story.path("elsewhere"))
          == ["kept.txt"])
    }
  }

  @Test func `a placed file that was replaced by hand is repaired, and kept aside`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try story.write("edited by hand", to: Self.night)
      try FileManager.default.removeItem(atPath: story.path(Self.glow))
      story.expect(
        await story.civsync("status"),
        """
        Missing: 1 file
          - loras/aurora_glow_v2.safetensors

        Modified: 1 file
          ~ loras/polar_night.safetensors
            the content changed

        Drift: 1 missing, 1 modified; 0 as snapshot ID placed them.
        `civsync plan` shows what would repair it, `civsync apply` does it.
        [exit 10]
        """)
      try await sandbox.control(.resetCounts)
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Repair 2 files
          ! loras/aurora_glow_v2.safetensors  missing
          ! loras/polar_night.safetensors
            Polar Night · v1.0; the content changed
            your changed file goes to .civsync/aside/

        Plan: 2 repair · nothing to fetch (55 kB already in the store)
        Kept aside: 1 file that you had changed
          > .civsync/aside/20260101-000300/main/loras/polar_night.safetensors

        Apply complete: 2 repaired · snapshot ID.
        [exit 0]
        """)
      #expect(Photo(story) == before)
      #expect(sandbox.storage.requests == 0)
      let aside = story.placed(".civsync/aside")
      #expect(aside.count == 1)
      #expect(
        aside.first.flatMap { story.read(".civsync/aside/" + $0) } == "edited by hand")
      await story.must("status")
    }
  }

  @Test func `an edit through the link is noticed, healed and kept`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      let path = story.path(Self.night)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.write(contentsOf: Data("another header".utf8))
      try handle.close()
      await story.must("status", code: .drift)
      await story.must("apply", "--yes")
      #expect(Photo(story) == before)
      let aside = story.placed(".civsync/aside").compactMap {
        story.read(".civsync/aside/" + $0)
      }
      #expect(aside.count == 1)
      #expect(aside.first?.hasPrefix("another header") == true)
      await story.must("status")
    }
  }

  @Test func `a rollback keeps what the user changed aside too`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.write("edited by hand", to: Self.night)
      story.expect(
        await story.civsync("rollback", "@empty", "--yes"),
        """
        Remove 2 files
          - loras/aurora_glow_v2.safetensors
            Aurora Glow · v2.0; not in that snapshot
          - loras/polar_night.safetensors
            Polar Night · v1.0; not in that snapshot
            your changed file goes to .civsync/aside/

        Plan: 2 remove · removing frees no disk
        Kept aside: 1 file that you had changed
          > .civsync/aside/20260101-000200/main/loras/polar_night.safetensors

        Rollback to `@empty` complete: 2 removed · snapshot ID.
        What was taken out of the trees stays in the store.
        `civsync rollback HEAD~1` undoes this rollback.
        [exit 0]
        """)
      #expect(story.placed().isEmpty)
      let aside = story.placed(".civsync/aside")
      #expect(
        aside.first.flatMap { story.read(".civsync/aside/" + $0) } == "edited by hand")
    }
  }

  @Test func `a rollback without its objects is refused and changes nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      let store = story.path(".civsync/store/sha256")
      for name in try FileManager.default.subpathsOfDirectory(atPath: store)
      where name.contains("/74d34442e3c4") {
        try FileManager.default.removeItem(atPath: store + "/" + name)
      }
      story.expect(
        await story.civsync("rollback", "HEAD~1", "--yes"),
        """
        Create 1 file, 24 kB
          loras/
            + polar_night.safetensors  24 kB  (not in the store) Polar Night · v1.0

        Plan: 1 create, 1 keep · 1 not in the store
        [errors]
        error[C064]: the store does not have everything that the snapshot needs; nothing was changed
          note: `polar_night.safetensors` of Polar Night · v1.0, sha256 74d34442e3c40d0279aa11573d4cb838772f087079a1df53763dd0f0b8e97667
          help: declare these files and run `civsync apply`, which fetches them; what is damaged `civsync verify --repair` restores
        [exit 1]
        """)
      #expect(Photo(story) == before)
      let dry = await story.must("rollback", "HEAD~1", "--dry-run", code: .failed)
      #expect(dry.errors.contains("error[C064]"), "\(dry.errors)")
    }
  }
}
