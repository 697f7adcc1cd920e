import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Objects that are read again` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let night = "models/loras/polar_night.safetensors"

  func begin(_ sandbox: SandboxServer, link: String = "hardlink") async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, "link: \(link)\ncollections: { c: { models: [1001, 1002] } }\n")
    await story.must("apply", "--yes")
    return story
  }

  /// The transcript with digests in words.
  func told(_ story: Story, _ arguments: String...) async -> String {
    story.transcript(await story.run(arguments)).replacing(/[0-9a-f]{64}/, with: "DIGEST")
  }

  @Test func `all is well, and is said with what was read`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      await sandbox.stop()
      #expect(
        await told(story, "verify") == """
          Read 2 objects, 55 kB, in TIME: all sound.
          [errors]
          reading 2 objects, 55 kB
          [exit 0]
          """)
    }
  }

  @Test func `bit rot is told with the places that show it, and no command takes it for sound`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let photo = Photo(story)
      try story.edit(Self.aurora, timePutBack: true)
      let bytes = try #require(story.data(Self.aurora))
      await story.must("status")
      let text = """
        Bit rot: 1 object
          ! loras/aurora_glow_v2.safetensors
            other content; size and time are those that it was stored with
            sha256 DIGEST

        Read 2 objects, 55 kB, in TIME: 1 sound, 1 bit rot.
        No command takes them for sound. `civsync verify --repair` restores what it can, and keeps what they hold.
        [errors]
        reading 2 objects, 55 kB
        [exit 7]
        """
      #expect(await told(story, "verify") == text)
      // The next run calls it the same, although its time is another one now.
      #expect(await told(story, "verify") == text)
      await story.must("status", code: .drift)
      await story.must("apply", "--yes")
      #expect(Photo(story) == photo)
      #expect(story.contents(below: ".civsync/aside") == [bytes])
      await story.must("verify")
    }
  }

  @Test func `an edit, a cut and a loss are told apart`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "link: symlink\ncollections: { c: { models: [1001, 1002, 1004, 1006] } }\n")
      await story.must("apply", "--yes")
      let placed = story.placed().filter { $0.hasSuffix("safetensors") }.prefix(4)
      let objects = try placed.map { try story.object(of: "models/" + $0) }
      try story.edit(objects[0], timePutBack: false)
      let files = FileSystem()
      let cut = story.folder.appending(objects[1])
      try files.setMode(cut, 0o644)
      try files.open(cut, .update).truncate(to: 100)
      try files.unlink(story.folder.appending(objects[2]))
      let ran = await story.run(["verify", "--json"])
      #expect(ran.code == .verificationFailed)
      let report = try JSONDecoder().decode(Report.self, from: Data(ran.output.utf8))
      func kind(_ index: Int) -> String? {
        report.damaged.first { objects[index].hasSuffix($0.sha256) }?.kind
      }
      #expect(kind(0) == "edited")
      #expect(kind(1) == "truncated")
      #expect(kind(2) == "missing")
      #expect(kind(3) == nil)
      #expect(report.damaged.count == 3)
      #expect(report.damaged.flatMap(\.places).map(\.standing) == ["shared", "shared", "shared"])
      #expect(report.damaged.first { $0.kind == "truncated" }?.bytes == 100)
      #expect(report.objects == report.read)
      let shown = await told(story, "verify")
      #expect(shown.contains("a link to it, which leads nowhere"), "\(shown)")
      #expect(shown.contains("100 B of "), "\(shown)")
    }
  }

  struct Report: Decodable {
    struct Damage: Decodable {
      struct Shown: Decodable { var standing: String }
      var sha256: String
      var kind: String
      var bytes: Int64?
      var places: [Shown]
    }
    struct Sample: Decodable { var seed: String }
    var objects: Int
    var read: Int
    var neverRead: Int
    var sample: Sample?
    var damaged: [Damage]
  }

  @Test func `what only looks wrong is said and harms nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      let files = FileSystem()
      try files.setMode(story.folder.appending(Self.aurora), 0o644)
      try story.touch(Self.night)
      for name in ["sha256/note", "sha256/ab/x", "partial/.civsync-tmp-1"] {
        try story.write("xyz", to: ".civsync/store/" + name)
        try story.touch(".civsync/store/" + name)
      }
      // A running command may just be making this one.
      try story.write("xyz", to: ".civsync/store/partial/.civsync-tmp-2")
      #expect(
        await told(story, "verify") == """
          1 object has other permissions than read-only for all (644).
          1 object is sound, and another time says otherwise: each look has to read it.

          No part of the store: 3 names
            ? partial/.civsync-tmp-1 (3 B), left by a run that was ended
            ? sha256/ab/x (3 B)
            ? sha256/note (3 B)

          Read 2 objects, 55 kB, in TIME: all sound.
          `civsync verify --repair` sets that right.
          [errors]
          reading 2 objects, 55 kB
          [exit 0]
          """)
    }
  }

  @Test func `samples come round, and one that looks wrong is in each of them`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      func sample(_ options: String...) async throws -> Report {
        let ran = await story.run(["verify", "--sample", "50%", "--json"] + options)
        return try JSONDecoder().decode(Report.self, from: Data(ran.output.utf8))
      }
      let first = try await sample("--seed", "5")
      #expect(first.sample?.seed == "5")
      #expect(first.read == 1 && first.neverRead == 1)
      let second = try await sample()
      #expect(second.read == 1 && second.neverRead == 0)
      let shown = await story.must("verify", "--sample", "50%", "--seed", "3")
      #expect(shown.output.contains("drawn with `--seed 3`"))
      #expect(shown.output.contains("All were read since 2026-01-01"), "\(shown.output)")
      try story.edit(Self.aurora, timePutBack: false)
      for seed in 0..<3 {
        #expect(try await sample("--seed", "\(seed)").damaged.count == 1)
      }
    }
  }

  @Test func `a place with bytes of its own is told to be sound`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, link: "copy")
      try story.edit(try story.object(of: Self.aurora), timePutBack: true)
      let shown = await told(story, "verify", "--newest-first", "--time-budget", "1h")
      #expect(
        shown.contains("the place has bytes of its own, which look as they were placed"), "\(shown)"
      )
    }
  }

  @Test func `a store that is gone is an unmounted disk, not a thousand missing objects`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox)
      try FileManager.default.removeItem(atPath: story.path(".civsync/store"))
      let text = await told(story, "verify")
      #expect(
        text.hasPrefix(
          """
          [errors]
          error[C179]: the store is not there: `PROJECT/.civsync/store`
            note: the last folder on the way that is there is `PROJECT/.civsync`

          """), "\(text)")
      #expect(
        text.hasSuffix(
          """
            help: mount its disk, or put the folder back; only if it is lost for good, `civsync store forget` lets the next `civsync apply` make one anew, from the files that are placed and the network
          [exit 1]
          """), "\(text)")
    }
  }

  @Test func `before the first apply there is nothing to read`() async throws {
    let story = try Story()
    #expect(await story.must("verify").output == "The store holds no object.\n")
    #expect(!story.exists(".civsync"))
  }

  @Test(arguments: [
    ["--sample", "0%"], ["--sample", "101%"], ["--sample", "ten"], ["--seed", "4"],
    ["--time-budget", "10"],
  ])
  func `options that mean nothing are refused`(options: [String]) async throws {
    let story = try Story()
    #expect(await story.run(["verify"] + options).code == .usage)
  }
}
