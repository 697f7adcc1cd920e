import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

/// What is not in the snapshots that are kept, and needed all the same.
struct `Collecting beside what is going on` {
  private static let both = "collections: { c: { models: [1001, 1002] } }\n"

  @Test func `a saved plan keeps what it takes from the store, as long as it is good`() async throws
  {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      try story.manifest(sandbox, Story.keepsLast + Self.both)
      await story.must("plan", "-o", "p.json")
      let kept = await story.collect()
      #expect(
        kept.output.replacing(story.folder.string, with: "PROJECT").contains(
          "= 1: a saved plan needs them: `PROJECT/p.json`"), "\(kept.output)")
      #expect(story.exists(object))
      // Under another name beside it is found, and so it is in the project's folder.
      try FileManager.default.moveItem(atPath: story.path("p.json"), toPath: story.path("q.json"))
      #expect(
        await story.collect().output.contains("a saved plan needs them: `\(story.path("q.json"))`"))
      #expect(story.exists(object))
      // Moved to where it is not known, it counts no more; put back it does.
      try story.write("", to: "there/x")
      try FileManager.default.moveItem(
        atPath: story.path("q.json"), toPath: story.path("there/q.json"))
      #expect(await story.must("gc", "--grace", "0s").output.contains("Would free 24 kB"))
      try FileManager.default.moveItem(
        atPath: story.path("there/q.json"), toPath: story.path("p.json"))
      await story.collect()
      await story.must("apply", "p.json")
      await story.expectSound()
      #expect(story.placed().count == 2)

      // Carried out it is spent, and its file of roots goes with the next collection.
      try story.manifest(
        sandbox, Story.keepsLast + "collections: { c: { models: [1001] } }\n")
      await story.must("apply", "--yes")
      await story.collect()
      #expect(!story.exists(object))
      let names = try FileManager.default.contentsOfDirectory(
        atPath: story.path(".civsync/store/roots"))
      #expect(names == story.registered())
    }
  }

  @Test func `a branch keeps where it stands, and what it has beside main`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      _ = try await git(story, "branch", "mine/before", "HEAD~1")
      await story.collect()
      #expect(story.exists(object))
      // A commit of somebody's on it, which is no snapshot, needs nothing and hides nothing.
      let tree = String(
        decoding: try await git(story, "hash-object", "-t", "tree", "-w", "/dev/null"),
        as: UTF8.self)
      let commit = try await git(
        story, "-c", "user.name=x", "-c", "user.email=x@localhost", "commit-tree",
        String(tree.prefix(40)), "-p", "HEAD~1", "-m", "notes")
      let id = String(decoding: commit, as: UTF8.self).prefix(40)
      _ = try await git(story, "branch", "-f", "mine/before", String(id))
      await story.collect()
      _ = try await git(story, "branch", "-D", "mine/before")
      await story.collect()
      #expect(!story.exists(object))
    }
  }

  @Test func `a plan that is saved before there is a store needs nothing of it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      await story.must("plan", "-o", "p.json")
      #expect(!story.exists(".civsync"))
      await story.must("apply", "p.json")
    }
  }

  @Test func `a switch that broke off keeps what it needs, and goes on afterwards`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      try story.manifest(sandbox, Story.keepsLast + Self.both)
      // After its commit point: the journal is there, the trees are not switched.
      story.observe(Break(after: "rename", "/journal/"))
      await story.must("apply", "--yes", code: .failed)
      story.observe(nil)
      let ran = await story.collect()
      #expect(ran.output.hasPrefix("Note: an apply begun at"), "\(ran.output)")
      #expect(ran.output.contains("= 1: an interrupted apply needs them"), "\(ran.output)")
      #expect(story.exists(object))
      let recovered = await story.must("apply", "--yes")
      #expect(recovered.errors.contains("recovered:"))
      #expect(story.placed().count == 2)
      await story.expectSound()
    }
  }

  @Test func `one that broke off before its commit point needs nothing more`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      try story.manifest(sandbox, Story.keepsLast + Self.both)
      story.observe(Break(before: "rename", "/journal/"))
      await story.must("apply", "--yes", code: .failed)
      story.observe(nil)
      // It was noted in the store before, and the last snapshot does not have it.
      let id = try #require(story.projectID)
      let roots = try #require(story.read(".civsync/store/roots/\(id)"))
      #expect(roots.contains(object.suffix(64)))
      await story.collect()
      #expect(!story.exists(object))
      await story.must("apply", "--yes")
      #expect(story.placed().count == 2)
      await story.expectSound()
    }
  }

  @Test func `the lock names what another machine resolved, and that stays`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      let lock = try #require(story.read("civsync.lock"))
      let before = String(
        decoding: try await git(story, "show", "HEAD~1:models/ea/1002.txt"), as: UTF8.self)
      #expect(before.contains(object.suffix(64)))
      let other = try Story()
      try other.manifest(sandbox, Self.both)
      await other.must("apply", "--yes")
      try story.write(try #require(other.read("civsync.lock")), to: "civsync.lock")
      #expect(await story.collect().output.contains("= 1: `civsync.lock` names them"))
      #expect(story.exists(object))
      try story.write(lock, to: "civsync.lock")
      await story.collect()
      #expect(!story.exists(object))
    }
  }

  @Test func `what is about to be needed is noted before it is fetched`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.both)
      let recorder = Calls()
      story.observe(recorder)
      await story.must("apply", "--yes")
      let calls = recorder.calls
      let noted = try #require(
        calls.firstIndex { $0.hasPrefix("fdatasync") && $0.contains("/roots/") })
      let fetched = try #require(
        calls.firstIndex {
          $0.hasPrefix("open") && $0.contains("/partial/") && !$0.contains(".civsync-tmp")
        })
      let journal = try #require(
        calls.firstIndex { $0.hasPrefix("rename") && $0.contains("/journal/") })
      #expect(noted < fetched && fetched < journal)
      let id = try #require(story.projectID)
      #expect(story.registered() == [id])
      let roots = try #require(story.read(".civsync/store/roots/\(id)"))
      for path in [Story.aurora, Story.night] {
        #expect(roots.contains(try story.object(of: path).suffix(64)))
      }
    }
  }
}

extension `Collecting beside what is going on` {
  @Test func `where the need cannot be noted nothing is fetched`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
      story.observe(Failing("write", "/roots/", code: 28))
      let ran = await story.must("apply", "--yes", code: .noSpace)
      #expect(
        ran.errors.replacing(/tmp-[0-9a-z]+/, with: "tmp-X").replacing(
          story.folder.string, with: "PROJECT") == """
            error[C217]: what is needed of the store `PROJECT/.civsync/store` could not be noted in it: cannot write `PROJECT/.civsync/store/roots/.civsync-tmp-X`: no space left on the device (ENOSPC); free some space there and run the command again; what was fetched is kept
              note: nothing was changed; what was fetched is kept

            """, "\(ran.errors)")
      #expect(sandbox.storage.requests == 0 && story.placed().isEmpty)
      story.observe(nil)
      await story.must("apply", "--yes")
    }
  }

  @Test func `an object that vanishes before the switch ends it`() async throws {
    try await withSandbox { sandbox in
      let (story, object) = try await Story.withLeftObject(sandbox)
      try story.manifest(
        sandbox, Story.keepsLast + "collections: { c: { models: [1001, 1002] } }\n")
      let photo = Photo(story)
      let path = story.path(object)
      story.observe(
        OnCall("fsync", "/roots/") { try? FileManager.default.removeItem(atPath: path) })
      let ran = await story.must("apply", "--yes", code: .stale)
      #expect(
        ran.errors == """
          error[C220]: the object of `loras/polar_night.safetensors` is not in the store any more
            note: sha256 \(object.suffix(64))
            note: nothing was changed
            help: run it again: the plan fetches it then, or says who has it

          """, "\(ran.errors)")
      #expect(Photo(story) == photo)
      story.observe(nil)
      await story.must("apply", "--yes")
      await story.expectSound()
    }
  }

  @Test func `a store that cannot be locked is not written to`() async throws {
    try await withSandbox { sandbox in
      let (story, _) = try await Story.withLeftObject(sandbox)
      let lock = ".civsync/store/LOCK"
      try FileManager.default.removeItem(atPath: story.path(lock))
      try story.write("", to: lock + "/file")
      story.expect(
        await story.civsync("gc", "--yes", "--grace", "0s", "--offline"),
        """
        [errors]
        error[C209]: the store `PROJECT/.civsync/store` cannot be locked: cannot open `PROJECT/.civsync/store/LOCK`: a folder stands where a file is needed (EISDIR); move the folder away or choose another path
        [exit 1]
        """)
      await story.must("apply", "--yes", code: .failed)
      // One that is missing is made, and one that is there needs no room.
      try FileManager.default.removeItem(atPath: story.path(lock))
      await story.must("apply", "--yes")
      story.observe(Failing("write", "/LOCK", code: 28))
      await story.collect()
    }
  }
}

/// Does something right before the first call of one kind on a path.
final class OnCall: SystemCallObserver {
  private let call: String
  private let part: String
  private let act: @Sendable () -> Void
  private let isDone = Locked(false)

  init(_ call: String, _ part: String, _ act: @escaping @Sendable () -> Void) {
    (self.call, self.part, self.act) = (call, part, act)
  }

  func willCall(_ name: String, path: String) -> Int32? {
    guard name == call, path.contains(part) else { return nil }
    let isFirst = isDone.withLock { done in
      defer { done = true }
      return !done
    }
    if isFirst { act() }
    return nil
  }
}

/// Fails one kind of call on a path.
final class Failing: SystemCallObserver {
  private let call: String
  private let part: String
  private let code: Int32

  init(_ call: String, _ part: String, code: Int32) {
    (self.call, self.part, self.code) = (call, part, code)
  }

  func willCall(_ name: String, path: String) -> Int32? {
    name == call && path.contains(part) ? code : nil
  }
}

/// Lets a run end at one call on a path, or right after it.
final class Break: SystemCallObserver {
  private let call: String
  private let part: String
  private let isAfter: Bool
  private let hasBegun = Locked(false)

  init(after call: String, _ part: String) { (self.call, self.part, isAfter) = (call, part, true) }
  init(before call: String, _ part: String) {
    (self.call, self.part, isAfter) = (call, part, false)
  }

  func willCall(_ name: String, path: String) -> Int32? {
    hasBegun.withLock { hasBegun in
      let isMeant = name == call && path.contains(part)
      if hasBegun || isMeant && !isAfter {
        hasBegun = true
        return 5
      }
      hasBegun = isMeant
      return nil
    }
  }
}

/// Every call with its path.
final class Calls: SystemCallObserver {
  private let all = Locked<[String]>([])

  var calls: [String] { all.withLock { $0 } }

  func willCall(_ call: String, path: String) -> Int32? {
    all.withLock { $0.append("\(call) \(path)") }
    return nil
  }
}
