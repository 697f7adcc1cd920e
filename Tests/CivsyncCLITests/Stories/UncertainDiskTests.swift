import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Synchronization
import SystemIO
import Testing

/// What the proofs of durability found.
struct `A disk that fails once` {
  private static let asked = "collections: { c: { models: [1001] } }\n"

  /// Fails calls of one kind on one kind of path, from the moment when another call was made.
  private final class Failing: SystemCallObserver {
    private let call: String?
    private let path: String
    private let begin: (call: String, path: String)?
    private let hasBegun: Mutex<Bool>

    init(_ call: String?, _ path: String, after begin: (call: String, path: String)? = nil) {
      (self.call, self.path, self.begin) = (call, path, begin)
      hasBegun = Mutex(begin == nil)
    }

    func willCall(_ call: String, path: String) -> Int32? {
      hasBegun.withLock { hasBegun in
        if hasBegun, self.call ?? call == call, self.path.isEmpty || path.contains(self.path) {
          return EIO
        }
        if let begin, call == begin.call, path.contains(begin.path) { hasBegun = true }
        return nil
      }
    }
  }

  private func leftovers(_ story: Story, _ folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: story.path(folder))
    return (names ?? []).filter { $0.hasPrefix(".civsync-tmp-") }
  }

  @Test func `what was tried in a tree and could not be removed goes with the next command`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.observe(Failing("unlink", "/models/.civsync-tmp-"))
      let ran = await story.must("apply", "--yes", code: .failed)
      #expect(ran.errors.contains("error[C059]"), "\(ran.errors)")
      #expect(leftovers(story, "models").count == 1)
      story.observe(nil)
      await story.must("verify", "--repair", "--offline", "--yes")
      #expect(leftovers(story, "models") == [])
      await story.must("apply", "--yes")
    }
  }

  @Test func `the length of an object is not guessed when the store does not tell it`() async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.observe(Failing("stat", "/sha256/", after: ("rename", "/sha256/")))
      let ran = await story.must("apply", "--yes", code: .failed)
      let text = story.transcript(ran).replacing(/[0-9a-f]{64}/, with: "DIGEST")
        .replacing(/sha256\/[0-9a-f]{2}/, with: "sha256/XX")
      #expect(
        text.contains(
          """
          error[C222]: cannot look at what was fetched: cannot look at `PROJECT/.civsync/store/sha256/XX/DIGEST`: \
          the disk reported an error (EIO); look at the system log (`dmesg`) and check the disk before you go on
            note: nothing was changed; what was fetched is kept
          """), "\(text)")
      #expect(story.placed().isEmpty && !story.exists("civsync.lock"))
      story.observe(nil)
      await story.must("apply", "--yes")
    }
  }

  @Test func `a companion that the store does not tell of is not left out`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "defaults: { sidecars: [civitai.info] }\n" + Self.asked)
      await story.must("apply", "--yes")
      let before = Photo(story)
      let object = try story.object(of: "models/loras/aurora_glow_v2.civitai.info")
      await story.must("rollback", "@empty", "--yes")
      story.observe(Failing("stat", object))
      let ran = await story.must("rollback", "HEAD~1", "--yes", code: .failed)
      #expect(ran.errors.contains("error[C032]"), "\(ran.errors)")
      #expect(ran.errors.contains("nothing was changed"), "\(ran.errors)")
      #expect(story.placed().isEmpty)
      story.observe(nil)
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story) == before)
    }
  }

  @Test func `a lock that was being written leaves nothing beside the manifest`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      story.observe(Failing(nil, "", after: ("write", "/.civsync-tmp-lock")))
      await story.must("apply", "--yes", code: .failed)
      #expect(leftovers(story, ".") == [".civsync-tmp-lock"])
      story.observe(nil)
      await story.must("verify", "--repair", "--offline", "--yes")
      #expect(leftovers(story, ".") == [] && story.exists("civsync.lock"))
    }
  }
}
