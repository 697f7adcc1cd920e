import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

/// A plan without a network that has nothing to do is answered from what the last one came to and a
/// look at each file. It must say what the whole way says.
struct `A plan that is known already` {
  /// Notices what the whole way does and the short one does not.
  private final class Watch: SystemCallObserver {
    private let packs = Locked(0)

    /// How often the lock was read.
    var lockReads: Int { packs.withLock { $0 } }

    func willCall(_ call: String, path: String) -> Int32? {
      if call == "read", path.hasSuffix("/civsync.lock") { packs.withLock { $0 += 1 } }
      return nil
    }
  }

  static let manifest = """
    collections:
      c: { users: [aurora_studio], models: [1101, 1405, 999999] }
      d: { models: [1203], files: { types: [Model] }, tags: { none: [nothing] } }

    """

  func begin(_ sandbox: SandboxServer, _ link: String) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, "link: \(link)\n" + Self.manifest)
    _ = await story.run(["apply", "--yes"])
    #expect(story.placed().count > 5)
    return story
  }

  /// The plan as it is told with all that is remembered, and without.
  /// - Returns: both, and whether the first was answered the short way.
  private func both(
    _ story: Story, _ arguments: [String] = []
  ) async throws -> (short: String, whole: String, wasShort: Bool) {
    let watch = Watch()
    story.observe(watch)
    let short = await story.run(["plan", "--offline"] + arguments)
    let wasShort = watch.lockReads == 0
    story.observe(nil)
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: story.path(".civsync/" + name))
    }
    let whole = await story.run(["plan", "--offline"] + arguments)
    func text(_ ran: Ran) -> String {
      // What was read is remembered by one of them and not by the other.
      story.transcript(ran).split(separator: "\n")
        .filter { !$0.hasPrefix("reading ") && $0 != "[errors]" }.joined(separator: "\n")
    }
    return (text(short), text(whole), wasShort)
  }

  @Test func `is answered the short way, and in the same words`() async throws {
    try await withSandbox { sandbox in
      let story = try await begin(sandbox, "hardlink")
      await sandbox.stop()
      for arguments in [[], ["--json"], ["--detailed-exitcode"]] {
        await story.must("plan", "--offline")
        let (short, whole, wasShort) = try await both(story, arguments)
        #expect(wasShort)
        #expect(short == whole)
        #expect(short.contains("999999"), "\(short)")
      }
    }
  }

  /// What can happen between two plans, and whether the short way may still answer then.
  enum Event: CaseIterable {
    case nothing, touch, editContent, delete, replaceByFolder, loseObject, loseStore, editManifest
    case otherBytesOfManifest, editLock, loseLock, foreignFile, token, setRootElsewhere,
      symlinkFolder
    case apply, rollback, refusal

    static let ofFiles: [Event] = [.nothing, .touch, .editContent, .loseObject]
  }

  private func happen(
    _ event: Event, _ story: Story, _ dice: inout some RandomNumberGenerator
  ) async throws {
    let manager = FileManager.default
    let placed = story.placed().filter { $0.contains("/") }
    guard let name = placed.randomElement(using: &dice) else { return }
    let path = "models/" + name
    switch event {
    case .nothing: break
    case .touch: try story.touch(path)
    case .editContent: try? story.edit(path, timePutBack: false)
    case .delete: try manager.removeItem(atPath: story.path(path))
    case .replaceByFolder:
      try manager.removeItem(atPath: story.path(path))
      try manager.createDirectory(atPath: story.path(path), withIntermediateDirectories: false)
    case .loseObject:
      if let object = try? story.object(of: path) {
        try? manager.removeItem(atPath: story.path(object))
      }
    case .loseStore: try? manager.removeItem(atPath: story.path(".civsync/store/sha256"))
    case .editManifest:
      let text = story.read("civsync.yaml") ?? ""
      try story.write(text.replacing("1101, ", with: ""), to: "civsync.yaml")
    case .otherBytesOfManifest:
      try story.write((story.read("civsync.yaml") ?? "") + "# \(dice.next())\n", to: "civsync.yaml")
    case .editLock:
      let text = story.read("civsync.lock") ?? ""
      try story.write(text.replacing("nsfw 1", with: "nsfw 2"), to: "civsync.lock")
    case .loseLock: try? manager.removeItem(atPath: story.path("civsync.lock"))
    case .foreignFile: try story.write("mine", to: "models/loras/mine.safetensors")
    case .token: story.setEnvironment("CIVSYNC_TOKEN", "token-\(dice.next())")
    case .setRootElsewhere:
      let text = story.read("civsync.yaml") ?? ""
      try story.write(text.replacing("root: models", with: "root: other"), to: "civsync.yaml")
    case .symlinkFolder:
      let folder = String(name.prefix { $0 != "/" })
      try? manager.moveItem(atPath: story.path("models/" + folder), toPath: story.path("away"))
      try? manager.createSymbolicLink(
        atPath: story.path("models/" + folder), withDestinationPath: story.path("away"))
    case .apply: _ = await story.run(["apply", "--offline", "--yes"])
    case .rollback: _ = await story.run(["rollback", "HEAD~1", "--yes"])
    case .refusal: try story.write("{}\n", to: ".civsync/refusals.jsonl")
    }
  }

  @Test(arguments: ["hardlink", "symlink", "copy"])
  func `says the same as the whole way, whatever happened in between`(link: String) async throws {
    try await withSandbox { sandbox in
      for event in link == "hardlink" ? Event.allCases : Event.ofFiles {
        let story = try await begin(sandbox, link)
        var dice = SystemRandomNumberGenerator()
        _ = await story.run(["plan", "--offline"])
        try await happen(event, story, &dice)
        let (short, whole, wasShort) = try await both(story)
        #expect(short == whole, "\(event)")
        if event == .nothing { #expect(wasShort) }
      }
    }
  }

  @Test func `and after many things in a row`() async throws {
    try await withSandbox { sandbox in
      for seed in UInt64(1)...3 {
        let story = try await begin(sandbox, "auto")
        var dice = Seeded(state: seed)
        var past: [Event] = []
        for _ in 0..<5 {
          _ = await story.run(["plan", "--offline"])
          let event = Event.allCases.randomElement(using: &dice) ?? .nothing
          past.append(event)
          try await happen(event, story, &dice)
          let (short, whole, _) = try await both(story)
          #expect(short == whole, "seed \(seed): \(past)")
        }
      }
    }
  }
}

/// A small generator of its own, so that a failure repeats.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11 ^ state << 31
  }
}
