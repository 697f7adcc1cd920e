import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// A folder with placed files that the user moved to another disk and left a symbolic link for.
struct `A placed folder that a link stands for` {
  private static let asked =
    "defaults: { sidecars: [civitai.info] }\ncollections: { c: { models: [1001, 1002] } }\n"

  private func move(_ story: Story) throws {
    let files = FileManager.default
    try files.moveItem(atPath: story.path("models/loras"), toPath: story.path("big-disk"))
    try files.createSymbolicLink(
      atPath: story.path("models/loras"), withDestinationPath: story.path("big-disk"))
  }

  private func putBack(_ story: Story) throws {
    let files = FileManager.default
    try files.removeItem(atPath: story.path("models/loras"))
    try files.moveItem(atPath: story.path("big-disk"), toPath: story.path("models/loras"))
  }

  /// How many snapshots there are.
  private func snapshots(_ story: Story) async -> Int {
    await story.must("log").output.split(separator: "\n").count
  }

  @Test func `is said with what is behind it, and all is as before when it is back`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      let (lock, count) = (try #require(story.read("civsync.lock")), await snapshots(story))
      try move(story)
      try await sandbox.control(.resetCounts)
      let told = """
        Blocked, and you can change it: 2 entries
          `loras` is a symbolic link to `PROJECT/big-disk`, which civsync does not follow; put the folder back, or make what it leads to a tree of its own with `trees`, or a collection's `root`
            x 2 files behind it: Aurora Glow · v2.0, Polar Night · v1.0

        Nothing to do: no file is within reach. 2 are blocked.

        """
      story.expect(await story.civsync("plan"), told + "[exit 0]")
      story.expect(await story.civsync("apply", "--yes"), told + "[exit 3]")
      // A folder is one line: it is said each time.
      story.expect(await story.civsync("apply", "--yes"), told + "[exit 3]")
      let shown = await story.must("plan", "--format", "markdown").output
      #expect(shown.contains("2 files behind it"), "\(shown)")
      #expect(story.read("civsync.lock") == lock)
      #expect(await snapshots(story) == count)
      try putBack(story)
      await story.must("status")
      let plan = await story.must("plan", "--detailed-exitcode").output
      #expect(plan.contains("2 files are as the manifest wants them"), "\(plan)")
      await story.must("apply", "--yes")
      #expect(story.read("civsync.lock") == lock)
      #expect(await snapshots(story) == count)
      #expect(Photo(story) == before)
      #expect(sandbox.storage.requests == 0)
    }
  }

  @Test func `keeps in the records what comes and goes elsewhere meanwhile`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      try move(story)
      try story.manifest(
        sandbox, Self.asked.replacing("1001, 1002", with: "1001, 1002, 1004"))
      await story.must("apply", "--yes", code: .partial)
      // One that is deselected waits for the folder too.
      try story.manifest(sandbox, Self.asked.replacing("1001, 1002", with: "1001"))
      let waits = await story.must("apply", "--yes", code: .partial).output
      #expect(waits.contains("2 files behind it"), "\(waits)")
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes", code: .partial)
      await story.must("rollback", "HEAD~1", "--yes", code: .partial)
      await story.must("rollback", "@empty", "--yes", code: .partial)
      try putBack(story)
      try await sandbox.control(.resetCounts)
      await story.must("status")
      #expect(Photo(story).files == before.files)
      try story.manifest(sandbox, Self.asked.replacing("1001, 1002", with: "1001"))
      let gone = await story.must("apply", "--yes").output
      #expect(gone.contains("1 removed"), "\(gone)")
      #expect(sandbox.storage.requests == 0)
    }
  }

  @Test(arguments: [
    "    root: big-disk\n    layout: \"{file}\"\n", "    trees: [big]\n    layout: \"{file}\"\n",
  ])
  func `may become a tree of its own, as the plan advises`(key: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let head = "version: 1\nsource:\n  endpoints: [\"\(sandbox.apiURL)\"]\n"
      func write(_ trees: String, _ key: String) throws {
        try story.write(
          head + trees + "collections:\n  c:\n    models: [1001, 1002]\n" + key,
          to: "civsync.yaml")
      }
      let one = "root: models\nlayout: comfyui\n"
      try write(one, "")
      await story.must("apply", "--yes")
      try move(story)
      try await sandbox.control(.resetCounts)
      let isNamed = key.contains("trees")
      let two = "trees:\n  main: { root: models }\n  big: { root: big-disk }\n"
      if isNamed {
        // Where it goes to both trees, the plan says what is missing.
        try write(two, "")
        let plan = await story.must("plan").output
        #expect(plan.contains("`loras` leads to tree `big`"), "\(plan)")
      }
      try write(isNamed ? two : one, key)
      let told = await story.must("apply", "--yes").output
      #expect(told.contains("2 adopted, 2 released"), "\(told)")
      await story.must("status")
      let plan = await story.must("plan", "--detailed-exitcode").output
      #expect(plan.contains("2 files are as the manifest wants them"), "\(plan)")
      #expect(sandbox.storage.requests == 0)
      #expect(story.placed("big-disk").count == 2)
    }
  }

  @Test func `is told in a saved plan, which leaves it alone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      // A saved plan holds no companions.
      let asked = "collections: { c: { models: [1001, 1002] } }\n"
      try story.manifest(sandbox, asked)
      await story.must("apply", "--yes")
      try move(story)
      try story.manifest(sandbox, asked.replacing("1002", with: "1002, 1004"))
      await story.must("plan", "-o", "saved.json")
      let shown = await story.must("show", "saved.json").output
      #expect(shown.contains("2 files behind it"), "\(shown)")
      try putBack(story)
      // It says nothing else of these than that they stay.
      await story.must("apply", "saved.json", code: .partial)
      await story.must("status")
      let plan = await story.must("plan").output
      #expect(plan.contains("3 files are as the manifest wants them"), "\(plan)")
    }
  }
}
