import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Collecting what cannot be had again` {
  /// It stays, the reason is said, and `--irreplaceable` lets it go.
  private func expectStays(
    _ story: Story, _ object: String, _ words: String, _ more: String...,
    code: CommandExit = .ok, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let ran = await story.run(["gc", "--yes", "--grace", "0s"] + more)
    #expect(ran.code == code && story.exists(object), sourceLocation: sourceLocation)
    #expect(ran.output.contains(words), "\(ran.output)", sourceLocation: sourceLocation)
    #expect(
      ran.output.contains("goes with `--irreplaceable` alone, for good."),
      sourceLocation: sourceLocation)
    _ = await story.run(["gc", "--yes", "--grace", "0s", "--irreplaceable"] + more)
    #expect(!story.exists(object), sourceLocation: sourceLocation)
    await story.expectSound(sourceLocation: sourceLocation)
  }

  enum Change: CaseIterable {
    case deleted, replaced, archived, gated
  }

  @Test(arguments: Change.allCases)
  func `what the site has no more, or not for everybody, stays`(change: Change) async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      let (model, version) = (ModelID(1002), VersionID(10_021))
      switch change {
      case .deleted: try await sandbox.control(.deleteModel(model))
      case .replaced: try await sandbox.control(.replace(file: FileID(100_211)))
      case .archived: try await sandbox.control(.archive(model))
      case .gated:
        try await sandbox.control(.gate(version: version, endsAt: nil, permanent: true))
      }
      await expectStays(
        story, object, "! 1, 24 kB: the site has them no more, or not for everybody")
    }
  }

  @Test func `what was adopted stays`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      let bytes = try #require(story.data(Story.night))
      let own = try Story()
      try own.write("", to: Story.night)
      try bytes.write(to: URL(filePath: own.path(Story.night)))
      try own.manifest(sandbox, Story.keepsLast + "collections: { c: { models: [1001, 1002] } }\n")
      await own.must("apply", "--yes")
      let object = try own.object(of: Story.night)
      try own.manifest(sandbox, Story.keepsLast + "collections: { c: { models: [1001] } }\n")
      await own.must("apply", "--yes")
      await expectStays(own, object, "! 1, 24 kB: they were your own files", "--offline")
    }
  }

  @Test(arguments: [true, false])
  func `a declared object stays as long as it has no address`(hasAddress: Bool) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      let plan = await story.must("plan", "--json").output
      let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
      let url = "url: \"\(sandbox.apiURL)/api/download/models/10021?fileId=100211\""
      func declare(_ object: String?) async throws {
        let o = object.map { "  o: { objects: [{ sha256: \(digest), \($0) }] }\n" } ?? ""
        try story.manifest(
          sandbox, Story.keepsLast + "collections:\n  m: { models: [1001] }\n" + o)
        await story.must("apply", "--yes")
      }
      let place = "place: loras/mine.safetensors"
      try await declare("\(place), \(url)")
      let object = try story.object(of: "models/loras/mine.safetensors")
      if !hasAddress { try await declare(place) }
      try await declare(nil)
      if hasAddress {
        let ran = await story.collect()
        #expect(ran.output.contains("Freed 1 object"), "\(ran.output)")
        #expect(!story.exists(object))
      } else {
        await expectStays(story, object, "! 1, 24 kB: declared by their digest, without an address")
      }
    }
  }

  @Test func `what stands beside a file goes with it, and stays with it`() async throws {
    func options(_ gone: Bool) async throws {
      try await withSandbox { sandbox in
        let story = try Story()
        func declare(_ models: String) async throws {
          try story.manifest(
            sandbox,
            Story.keepsLast + "defaults: { sidecars: [json], previews: 1 }\n"
              + "collections: { c: { models: [\(models)] } }\n")
          await story.must("apply", "--yes")
        }
        try await declare("1001, 1002")
        try await declare("1001")
        if gone { try await sandbox.control(.deleteModel(ModelID(1002))) }
        let ran = await story.collect()
        // The file, its sidecar and its preview; those of the other model are placed.
        #expect(
          ran.output.contains(gone ? "! 3, " : "Freed 3 objects"), "\(gone): \(ran.output)")
        #expect(ran.output.contains("= 3: the last snapshot needs them"))
        await story.expectSound()
      }
    }
    try await options(false)
    try await options(true)
  }

  @Test func `what no snapshot knows stays`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox, keep: "")
      // As a run leaves it that came no further than to fetch: the history never heard of it.
      try FileManager.default.removeItem(atPath: story.path(".civsync/.git"))
      try FileManager.default.removeItem(atPath: story.path("civsync.lock"))
      try FileManager.default.removeItem(atPath: story.path("models"))
      await expectStays(story, object, "no snapshot knows them")
    }
  }

  @Test func `where the site does not answer all stays; on record alone it goes`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(
        sandbox, Story.fewRetries)
      try story.manifest(
        endpoint: "http://127.0.0.1:1",
        Story.keepsLast + Story.fewRetries + "collections: { c: { models: [1001] } }\n")
      let ran = await story.collect(code: .partial)
      #expect(
        ran.output.contains("! 1, 24 kB: the site did not say whether it still has them ("),
        "\(ran.output)")
      #expect(
        ran.output.contains(
          "Try again when the site answers; with `--offline` what is on record decides."))
      #expect(story.exists(object))
      await story.collect("--offline")
      #expect(!story.exists(object))
    }
  }

  @Test func `what upstream had withdrawn stays on record alone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      func declare(_ users: String) throws {
        try story.manifest(
          sandbox, Story.keepsLast + "collections: { c: { \(users) }, d: { models: [1203] } }\n")
      }
      try declare("users: [aurora_studio], types: [LORA]")
      await story.must("apply", "--yes")
      let object = try story.object(of: Story.night)
      try await sandbox.control(.deleteModel(ModelID(1002)))
      await story.must("apply", "--yes")
      await story.must("prune", "--withdrawn", "--yes")
      let ran = await story.collect("--offline")
      #expect(ran.output.contains("the site has them no more"), "\(ran.output)")
      #expect(story.exists(object))
    }
  }
}

extension Story {
  fileprivate static let fewRetries = "transfer: { retries: [] }\n"
}
