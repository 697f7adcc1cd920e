import CivitaiSandbox
import Core
import DiskTestSupport
import Engine
import Foundation
import SystemIO
import Testing

struct `Objects that are restored` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let night = "models/loras/polar_night.safetensors"

  func begin(_ sandbox: SandboxServer, link: String = "hardlink") async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, "link: \(link)\ncollections: { c: { models: [1001, 1002] } }\n")
    await story.must("apply", "--yes")
    try await sandbox.control(.resetCounts)
    return story
  }

  /// The transcript with digests in words.
  func told(_ story: Story, _ ran: Ran) -> String {
    story.transcript(ran).replacing(/[0-9a-f]{64}/, with: "DIGEST")
      .replacing(/objects\/[0-9a-f]{12}/, with: "objects/SHORT")
      .replacing(/snapshot [0-9a-f]{10}/, with: "snapshot ID")
      .replacing(/aside\/[0-9-]+\//, with: "aside/TIME/")
  }

  @Test(.enabled(if: SmallDisk.Kind.available.contains(.tmpfs)))
  func `what is kept beside a store on another disk is told to be there, before and after`()
    async throws
  {
    let disk = try SmallDisk(.tmpfs, megabytes: 4)
    try await withSandbox { sandbox in
      let story = try Story()
      let store = disk.path + "/store"
      try story.manifest(sandbox, "store: \(store)\ncollections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      let names = try FileManager.default.subpathsOfDirectory(atPath: store + "/sha256")
      let object = try #require(names.first { $0.count > 64 })
      let path = store + "/sha256/" + object
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      try Data("edited".utf8).write(to: URL(filePath: path))
      let ran = await story.must("verify", "--repair", "--yes")
      #expect(
        ran.output.contains(
          "what it holds is kept in `damaged/` of the store, which is on another disk than "
            + ".civsync/aside/"), "\(ran.output)")
      #expect(ran.output.contains("> \(store)/damaged/\(object.suffix(64))"), "\(ran.output)")
      #expect(FileManager.default.fileExists(atPath: "\(store)/damaged/\(object.suffix(64))"))
    }
  }

  @Test func `an edit through a hard link: fetched, linked anew, and the edit kept`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let photo = Photo(story)
      let object = try story.object(of: Self.aurora)
      try story.edit(Self.aurora, timePutBack: false)
      let edited = try #require(story.data(Self.aurora))
      let shown = told(story, await story.civsync("verify", "--repair", answer: "n"))
      #expect(
        shown == """
          Restore 1 object
            ! loras/aurora_glow_v2.safetensors
              other content of the same size: it was written to
              sha256 DIGEST
              restored by fetching it
              what it holds is kept in .civsync/aside/

          Read 2 objects, 55 kB, in TIME: 1 sound, 1 edited.
          [errors]
          reading 2 objects, 55 kB
          Repair? [y/N] Nothing was changed.
          [exit 1]
          """)
      #expect(story.data(Self.aurora) == edited)
      #expect(sandbox.storage.requests == 0)
      let ran = await story.civsync("verify", "--repair", answer: "y")
      #expect(ran.code == .ok)
      #expect(
        told(story, ran).contains(
          """
          Kept aside: 1 file
            > .civsync/aside/TIME/main/loras/aurora_glow_v2.safetensors

          Repair complete: 1 object restored, 1 place linked anew · fetched 31 kB · snapshot ID.
          """), "\(told(story, ran))")
      #expect(sandbox.storage.requests == 1)
      #expect(Photo(story) == photo)
      #expect(story.contents(below: ".civsync/aside") == [edited])
      #expect(story.contents(below: ".civsync/store/damaged").isEmpty)
      let files = FileSystem()
      let placed = try #require(try files.status(story.folder.appending(Self.aurora)))
      let stored = try #require(try files.status(story.folder.appending(object)))
      #expect(placed.isSameFile(as: stored))
      #expect(stored.mode == 0o444)
      await story.must("verify")
      await story.must("status", "--verify")
      #expect(await story.must("plan").output.contains("Nothing to do"))
    }
  }

  @Test func `from a copy in the tree, without a network`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link: "copy")
      await sandbox.stop()
      let photo = Photo(story)
      let object = try story.object(of: Self.aurora)
      try story.edit(object, timePutBack: true)
      let rotten = try #require(story.data(object))
      let ran = await story.must("verify", "--repair", "--offline", "--yes")
      let text = told(story, ran)
      #expect(text.contains("restored from `loras/aurora_glow_v2.safetensors`"), "\(text)")
      #expect(
        text.contains("> .civsync/aside/TIME/objects/SHORT-aurora_glow_v2.safetensors"), "\(text)")
      #expect(story.contents(below: ".civsync/aside") == [rotten])
      #expect(Photo(story) == photo)
      // The copy stays a file of its own.
      let placed = try #require(try FileSystem().status(story.folder.appending(Self.aurora)))
      #expect(placed.links == 1)
      await story.must("verify")
      await story.must("status")
    }
  }

  @Test func `a missing object, from the hard link that is left of it`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      await sandbox.stop()
      let object = story.folder.appending(try story.object(of: Self.night))
      let files = FileSystem()
      try files.unlink(object)
      await story.must("verify", code: .verificationFailed)
      await story.must("verify", "--repair", "--offline", "--yes")
      #expect(try files.status(object) != nil)
      #expect(!story.exists(".civsync/aside"))
      await story.must("verify")
      await story.must("status", "--verify")
    }
  }

  @Test func `from what was kept aside or set aside once`() async throws {
    try await withSandbox { sandbox in
      for folder in [".civsync/aside/some/where", ".civsync/store/damaged"] {
        let story = try await begin(sandbox, link: "symlink")
        let object = try story.object(of: Self.aurora)
        let hex = try #require(object.split(separator: "/").last)
        let sound = try #require(story.data(object))
        try FileManager.default.createDirectory(
          atPath: story.path(folder), withIntermediateDirectories: true)
        try sound.write(to: URL(filePath: story.path("\(folder)/\(hex)")))
        try story.edit(object, timePutBack: true)
        let ran = await story.must("verify", "--repair", "--offline", "--yes")
        #expect(ran.output.contains("restored from `\(folder)/\(hex)`"), "\(ran.output)")
        #expect(story.data(Self.aurora) == sound)
        // The link still leads to it: nothing had to be linked anew.
        #expect(ran.output.contains("1 object restored."), "\(ran.output)")
        await story.must("verify")
      }
    }
  }

  @Test func `what cannot be had stays where it is, and is named with what to do`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link: "symlink")
      let object = try story.object(of: Self.aurora)
      try story.edit(object, timePutBack: false)
      let edited = try #require(story.data(object))
      let offline = await story.must(
        "verify", "--repair", "--offline", "--yes", code: .verificationFailed)
      #expect(offline.output.contains("run it without `--offline`"), "\(offline.output)")
      try await sandbox.control(.requireLogin(version: VersionID(10_011)))
      let ran = await story.must("verify", "--repair", "--yes", code: .verificationFailed)
      #expect(ran.output.contains("needs a login; run `civsync login`"), "\(ran.output)")
      #expect(ran.output.contains("0 objects restored, 1 still damaged"), "\(ran.output)")
      #expect(story.data(Self.aurora) == edited)
      try await sandbox.control(.open(version: VersionID(10_011)))
      await story.must("verify", "--repair", "--yes")
      await story.must("status", "--verify")
    }
  }

  @Test func `nothing is asked for where the manifest cannot be read`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      try story.edit(Self.aurora, timePutBack: false)
      try story.write("version: 1\nroot: [\n", to: "civsync.yaml")
      let before = story.contents(below: ".civsync/store")
      await story.must("verify", "--repair", "--yes", code: .manifestInvalid)
      #expect(story.contents(below: ".civsync/store") == before)
      #expect(sandbox.requests.routes.isEmpty)
    }
  }

  @Test func `objects that only an earlier snapshot needs`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let object = try story.object(of: Self.night)
      try story.manifest(sandbox, "link: hardlink\ncollections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      try story.edit(object, timePutBack: true)
      let ran = await story.must("verify", "--repair", "--yes")
      #expect(ran.output.contains("restored by fetching it"), "\(ran.output)")
      #expect(!ran.output.contains("linked anew"))
      await sandbox.stop()
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("status", "--verify")
    }
  }

  @Test func `what no snapshot knows is asked for by its digest`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let object = try story.object(of: Self.night)
      for name in [".civsync/.git", "models/loras/polar_night.safetensors"] {
        try FileManager.default.removeItem(atPath: story.path(name))
      }
      try story.edit(object, timePutBack: true)
      let ran = await story.must("verify", "--repair", "--yes")
      #expect(ran.output.contains("1 object restored"), "\(ran.output)")
      await story.must("verify")
    }
  }

  @Test func `permissions and times are set right, and nothing else happens`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let files = FileSystem()
      try files.setMode(story.folder.appending(Self.aurora), 0o644)
      try story.touch(Self.night)
      let before = await story.must("log").output
      let ran = await story.must("verify", "--repair", "--yes")
      #expect(ran.output.contains("Repair complete: 0 objects restored, 2 set right."))
      #expect(try files.status(story.folder.appending(Self.aurora))?.mode == 0o444)
      #expect(await story.must("log").output == before)
      #expect(await story.must("verify").output.split(separator: "\n").count == 1)
      #expect(await story.must("status").errors == "")
    }
  }

  @Test func `it is JSON for programs, and asks only where somebody answers`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      #expect(await story.run(["verify", "--repair"]).code == .usage)
      #expect(await story.run(["verify", "--yes"]).code == .usage)
      try story.edit(Self.aurora, timePutBack: true)
      let ran = await story.must("verify", "--repair", "--yes", "--json")
      struct Result: Decodable {
        struct Cure: Decodable {
          struct Source: Decodable { var kind: String }
          var source: Source?
        }
        struct Verification: Decodable { var read: Int }
        var version: Int
        var exit: Int
        var verification: Verification
        var restored: [Cure]
        var aside: [String]
        var snapshot: String?
      }
      let result = try JSONDecoder().decode(Result.self, from: Data(ran.output.utf8))
      #expect(result.version == 1 && result.exit == 0 && result.verification.read == 2)
      #expect(result.restored.map(\.source?.kind) == ["network"])
      #expect(result.aside.count == 1 && result.snapshot != nil)
      #expect(ran.errors.hasPrefix(#"{"version":1,"event":"reading""#), "\(ran.errors)")
    }
  }
}
