import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// A project's folder that was copied, not moved: what it names is another project's.
struct `A project that was copied` {
  private static let night = "loras/polar_night.safetensors"

  /// - Parameter root: where the models are.
  private func manifest(
    _ story: Story, _ sandbox: SandboxServer, root: String, _ head: String = ""
  ) throws {
    try story.write(
      "version: 1\nroot: \(root)\nlayout: comfyui\nlink: copy\n\(head)"
        + "source:\n  endpoints: [\"\(sandbox.apiURL)\"]\n"
        + "collections: { c: { models: [1002] } }\n", to: "civsync.yaml")
  }

  private func copy(of story: Story) throws -> Story {
    let copy = try Story()
    try FileManager.default.removeItem(atPath: copy.folder.string)
    try FileManager.default.copyItem(atPath: story.folder.string, toPath: copy.folder.string)
    return copy
  }

  @Test func `is not told to move the other's folder, and takes its own copy over`() async throws {
    try await withSandbox { sandbox in
      let one = try Story()
      try manifest(one, sandbox, root: "models")
      await one.must("apply", "--yes")
      let copy = try copy(of: one)
      let marker = copy.path("models/.civsync-root")
      // Before the copy has an id of its own and after.
      for arguments in [["plan"], ["apply", "--yes"], ["plan"]] {
        let told = await copy.run(arguments)
        #expect(told.code == .failed)
        #expect(told.errors.contains("error[C053]"), "\(told.errors)")
        #expect(
          told.errors.contains(
            "help: this folder is a copy of the project in `\(one.folder)`, marker and all: remove "
              + "`\(marker)`, and what stands in it is this project's"), "\(told.errors)")
      }
      try FileManager.default.removeItem(atPath: marker)
      try await sandbox.control(.resetCounts)
      await copy.must("apply", "--yes")
      await copy.must("plan", "--detailed-exitcode")
      try FileManager.default.removeItem(atPath: copy.path("models/" + Self.night))
      await copy.must("apply", "--yes")
      await copy.must("rollback", "@empty", "--yes")
      #expect(copy.placed().isEmpty)
      #expect(one.placed() == [Self.night])
      await one.must("status")
      #expect(sandbox.storage.requests == 0)
    }
  }

  @Test func `whose folder is named by its whole path is told to have one of its own`()
    async throws
  {
    try await withSandbox { sandbox in
      let one = try Story()
      try manifest(one, sandbox, root: one.path("models"))
      await one.must("apply", "--yes")
      let copy = try copy(of: one)
      for arguments in [["plan"], ["apply", "--yes"], ["rollback", "@empty", "--yes"]] {
        let told = await copy.run(arguments)
        #expect(told.code == .failed)
        #expect(
          told.errors.contains(
            "help: the project in `\(one.folder)` has it: set `root:` to a folder of this project's "
              + "own"), "\(told.errors)")
      }
      try manifest(copy, sandbox, root: "own")
      let plan = await copy.must("plan").output
      #expect(plan.contains("Repair 1 file"), "\(plan)")
      await copy.must("apply", "--yes")
      #expect(copy.placed("own") == [Self.night])
      await copy.must("rollback", "HEAD~1", "--yes")
      #expect(one.placed() == [Self.night])
      await one.must("status")
      await one.must("plan", "--detailed-exitcode")
    }
  }

  @Test func `and one that is gone is told apart from one that is there`() async throws {
    try await withSandbox { sandbox in
      let one = try Story()
      let two = try Story()
      let store = "store: \(two.path("shared"))\n"
      try manifest(one, sandbox, root: two.path("models"), store)
      await one.must("apply", "--yes")
      try manifest(two, sandbox, root: "models", store)
      let told = await two.civsync("apply", "--yes")
      #expect(
        told.errors.contains("help: the project in `\(one.folder)` has it: set `root:`"),
        "\(told.errors)")
      try FileManager.default.removeItem(atPath: one.path(".civsync"))
      let gone = await two.civsync("apply", "--yes")
      #expect(
        gone.errors.contains(
          "help: that project was in `\(one.folder)`, which is not there: if it is gone for good"),
        "\(gone.errors)")
    }
  }

  @Test func `leaves a store that others use where it is`() async throws {
    try await withSandbox { sandbox in
      let (one, two) = (try Story(), try Story())
      let store = one.path("shared")
      for story in [one, two] {
        try manifest(story, sandbox, root: "models", "store: \(store)\n")
        await story.must("apply", "--yes")
      }
      let own = two.path("own")
      try manifest(two, sandbox, root: "models", "store: \(own)\n")
      let told = await two.must("plan", code: .manifestInvalid).errors
      #expect(told.contains("note: used by the project in `\(one.folder)` too"), "\(told)")
      #expect(
        told.contains(
          "help: others need it where it is: copy the folder first, `cp -a \(store) \(own)`"),
        "\(told)")
      let copied = try Child("/usr/bin/env", ["cp", "-a", store, own], in: two.folder.string, [:])
      #expect(try await copied.end().status == 0)
      await two.must("apply", "--yes")
      await two.must("verify")
      await two.must("plan", "--detailed-exitcode")
      await one.must("verify")
    }
  }
}
