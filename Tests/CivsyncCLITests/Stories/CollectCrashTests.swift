import CivitaiSandbox
import ClockTestSupport
import Core
import Engine
import Foundation
import Glibc
import SystemIO
import Testing

/// gc that is killed, that meets others, and that has no room.
struct `Collecting, interrupted and beside others` {
  private static let many =
    "collections: { c: { models: [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1101, 1104] } }\n"
  private static let one = "collections: { c: { models: [1001] } }\n"

  private func left(_ sandbox: SandboxServer) async throws -> Story {
    let story = try Story()
    try story.manifest(sandbox, Story.keepsLast + Self.many)
    await story.must("apply", "--yes")
    try story.manifest(sandbox, Story.keepsLast + Self.one)
    await story.must("apply", "--yes")
    return story
  }

  private func objects(_ story: Story) -> Int {
    (FileManager.default.subpaths(atPath: story.path(".civsync/store/sha256")) ?? [])
      .count { $0.count > 64 }
  }

  @Test func `killed between two objects it goes on next time`() async throws {
    try await withSandbox { sandbox in
      let story = try await left(sandbox)
      let all = objects(story)
      #expect(all > 6)
      for number in 0..<3 {
        story.observe(Dying(atUnlink: number))
        _ = await story.civsync("gc", "--yes", "--grace", "0s", "--offline")
        story.observe(nil)
        await story.expectSound()
      }
      #expect(objects(story) < all && objects(story) > 1)
      let ran = await story.collect("--offline")
      #expect(ran.output.contains("snapshot could not be gone back to offline before."))
      #expect(objects(story) == 1)
      await story.expectSound()
    }
  }

  @Test func `an object that cannot be removed is told, and the others go`() async throws {
    try await withSandbox { sandbox in
      let story = try await left(sandbox)
      story.observe(Stubborn())
      let ran = await story.collect("--offline", code: .failed)
      #expect(ran.output.contains("Could not be taken away: 1 object"), "\(ran.output)")
      story.observe(nil)
      #expect(objects(story) == 2)
    }
  }

  @Test func `while others write into the store it waits, or says so`() async throws {
    try await withSandbox { sandbox in
      let story = try await left(sandbox)
      let holder = LockHolder(process: 815, command: "civsync gc", since: "2026-01-01T00:00:00Z")
      func hold(_ mode: LockMode) throws -> FileLock {
        let path = story.folder.appending(".civsync/store/LOCK")
        guard case .acquired(let lock) = try FileSystem().tryLock(path, mode, holder: holder) else {
          throw CancellationError()
        }
        return lock
      }
      let writer = try hold(.shared)
      story.expect(
        await story.civsync("gc", "--yes", "--offline"),
        """
        [errors]
        error[C208]: the store `PROJECT/.civsync/store` is in use: another civsync works with it
          help: wait for it to end, or let this one wait: `--lock-timeout 10m`
        [exit 5]
        """)
      let before = story.clock.waited
      let waited = await story.must(
        "gc", "--yes", "--offline", "--lock-timeout", "30s", code: .locked)
      #expect(story.clock.waited - before == .seconds(30))
      #expect(
        waited.errors.hasPrefix(
          "note: waiting: the store `\(story.folder)/.civsync/store` is in use: another civsync works "
            + "with it\nerror[C208]"), "\(waited.errors)")
      // Looking needs no lock, and neither does another writer.
      await story.must("gc", "--offline")
      await story.must("apply", "--yes")
      writer.release()

      let collector = try hold(.exclusive)
      let refused = await story.must("apply", "--yes", code: .locked)
      #expect(
        refused.errors.contains(
          "is in use: another civsync is collecting in it: pid 815, civsync gc, since 2026"))
      await story.must("rollback", "HEAD~1", "--yes", code: .locked)
      await story.must("verify", "--repair", "--yes", code: .locked)
      await story.must("plan", "-o", "p.json", code: .locked)
      for reading in [["plan"], ["status"], ["log"], ["show", "HEAD"], ["verify"], ["gc"]] {
        let ran = await story.run(reading)
        #expect(ran.code == .ok, "\(ran.errors)")
      }
      collector.release()
      await story.must("apply", "--yes")
    }
  }

  @Test func `the project's lock is waited for too`() async throws {
    try await withSandbox { sandbox in
      let story = try await left(sandbox)
      let holder = LockHolder(process: 815, command: "civsync apply", since: "then")
      let path = story.folder.appending(".civsync/lock")
      guard case .acquired(let lock) = try FileSystem().tryLock(path, holder: holder) else {
        Issue.record("the lock was not free")
        return
      }
      let waited = await story.must("apply", "--yes", "--lock-timeout", "2m", code: .locked)
      #expect(story.clock.waited == .seconds(120))
      #expect(
        waited.errors.hasPrefix(
          "note: waiting: another civsync works on this project: pid 815, civsync apply, since then"
        ))
      #expect(waited.errors.ranges(of: "waiting").count == 1)
      lock.release()
    }
  }

  /// - Parameter isBare: neither the index nor the store's lock are there.
  @Test(arguments: [false, true])
  func `on a full disk it frees`(isBare: Bool) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      guard let disk = SmallDisk(at: story.path("disk"), megabytes: 4) else { return }
      let project = "disk/p"
      try story.write("", to: project + "/x")
      try story.manifest(sandbox, Story.keepsLast + Self.many)
      func move() throws {
        let text = try #require(story.read("civsync.yaml"))
        try story.write(text, to: project + "/civsync.yaml")
      }
      let options = ["--project", story.path(project), "-f", story.path(project + "/civsync.yaml")]
      try move()
      #expect(await story.run(["apply", "--yes"] + options).code == .ok)
      try story.manifest(sandbox, Story.keepsLast + Self.one)
      try move()
      #expect(await story.run(["apply", "--yes"] + options).code == .ok)
      if isBare {
        for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
          try? FileManager.default.removeItem(atPath: story.path(project + "/.civsync/" + name))
        }
        try FileManager.default.removeItem(atPath: story.path(project + "/.civsync/store/LOCK"))
      }
      disk.fill()
      #expect(disk.isFull)
      let ran = await story.run(
        ["gc", "--yes", "--offline", "--grace", "0s"] + options)
      #expect(ran.code == .ok, "\(ran.output)\(ran.errors)")
      #expect(ran.output.contains("\nFreed "), "\(ran.output)")
      #expect(!disk.isFull)
      #expect(await story.run(["verify"] + options).code == .ok)
    }
  }

  @Test func `two processes: one takes from the store what the other collects`() async throws {
    try await withSandbox { sandbox in
      let (one, other) = (try Story(), try Story())
      let store = "store: \(one.path("shared"))\nlink: symlink\n"
      func declare(_ story: Story, _ body: String) async throws {
        try story.manifest(sandbox, Story.keepsLast + store + body)
        await story.must("apply", "--yes")
      }
      try await declare(other, Self.one)
      for round in 0..<4 {
        // All is in the store, and nobody needs it: what is young stays, and the need is told anew.
        try await declare(one, Self.many)
        try await declare(one, Self.one)
        await one.must("gc", "--yes", "--offline")
        try one.manifest(sandbox, Story.keepsLast + store + Self.many)
        func apply() throws -> Child { try start(one, "apply", "--yes", "--lock-timeout", "1m") }
        func collect() throws -> Child {
          try start(
            other, "gc", "--yes", "--offline", "--irreplaceable", "--grace", "0s",
            "--lock-timeout", "1m")
        }
        let children =
          round % 2 == 0 ? [try apply(), try collect()] : [try collect(), try apply()]
        for child in children {
          let ended = try await child.end()
          #expect(ended.status == 0, "\(ended.text)")
        }
        for story in [one, other] { await story.expectSound() }
        #expect(one.placed().count == 9)
      }
    }
  }

  @Test func `kill -9 in the middle of it leaves a sound store, and the next one goes on`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.one)
      await story.must("apply", "--yes")
      let store = story.path(".civsync/store/sha256") + "/"
      var paths: [String] = []
      for number in 0..<2_000 {
        let bytes = Array("object \(number)".utf8)
        let hex = ContentHasher.digest(of: bytes).hex
        try FileManager.default.createDirectory(
          atPath: store + hex.prefix(2), withIntermediateDirectories: true)
        paths.append(store + hex.prefix(2) + "/" + hex)
        try Data(bytes).write(to: URL(filePath: paths[number]))
      }
      paths.sort()
      let arguments = ["gc", "--yes", "--offline", "--irreplaceable", "--grace", "0s"]
      for _ in 0..<2 {
        guard let next = paths.first(where: FileManager.default.fileExists) else { break }
        let child = try start(story, arguments)
        try await eventually("objects went") { !FileManager.default.fileExists(atPath: next) }
        child.signal(SIGKILL)
        // Where the machine is quick it may have been at its end.
        _ = try await child.end()
        await story.expectSound()
      }
      #expect(try await start(story, arguments).end().status == 0)
      #expect(objects(story) == 1)
      await story.expectSound()
    }
  }

  @Test func `Ctrl-C in the middle of it tells what went, and the rest stays`() async throws {
    try await withSandbox { sandbox in
      let story = try await left(sandbox)
      let all = objects(story)
      let old = story.path(".civsync/store/partial/\(String(repeating: "ab", count: 32))")
      try story.write("part", to: ".civsync/store/partial/\(String(repeating: "ab", count: 32))")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: old)
      let canceller = Canceller(atUnlink: 3)
      story.observe(canceller)
      let task = Task { await story.run(["gc", "--yes", "--offline", "--grace", "0s"]) }
      canceller.task.withLock { $0 = task }
      let ran = await task.value
      story.observe(nil)
      #expect(ran.code == .interrupted, "\(ran.errors)")
      #expect(ran.output.contains("Freed 3 objects"), "\(ran.output)")
      #expect(ran.output.contains("Stopped: `civsync gc --yes` goes on."), "\(ran.output)")
      #expect(objects(story) == all - 3 && FileManager.default.fileExists(atPath: old))
      await story.expectSound()
      await story.collect("--offline")
      #expect(objects(story) == 1 && !FileManager.default.fileExists(atPath: old))
    }
  }

  private func start(_ story: Story, _ arguments: String...) throws -> Child {
    try start(story, arguments)
  }

  private func start(_ story: Story, _ arguments: [String]) throws -> Child {
    var environment = ["HOME": story.folder.string, "PATH": "/usr/bin:/bin"]
    environment["LLVM_PROFILE_FILE"] =
      ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] ?? "/dev/null"
    return try Child(try builtProgram(), arguments, in: story.folder.string, environment)
  }
}

/// Everything fails from the n-th object on that is taken away: as if the process had been killed.
private final class Dying: SystemCallObserver {
  private let left: Locked<Int>
  init(atUnlink number: Int) { left = Locked(number) }

  func willCall(_ call: String, path: String) -> Int32? {
    left.withLock { left in
      if left < 0 { return EIO }
      if call == "unlink", path.contains("/sha256/") { left -= 1 }
      return left < 0 ? EIO : nil
    }
  }
}

/// The first object that is taken away does not go.
private final class Stubborn: SystemCallObserver {
  private let isDone = Locked(false)

  func willCall(_ call: String, path: String) -> Int32? {
    guard call == "unlink", path.contains("/sha256/") else { return nil }
    return isDone.withLock { done in
      defer { done = true }
      return done ? nil : EACCES
    }
  }
}

/// A file system of its own of a few megabytes, which goes with the last reference.
private final class SmallDisk: Sendable {
  private let path: String

  /// - Returns: `nil` where this user may not make one, which is said.
  init?(at path: String, megabytes: Int) {
    self.path = path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let options = "size=\(megabytes)m"
    guard unsafe mount("tmpfs", path, "tmpfs", 0, options) == 0 else {
      print("skipped: a small disk cannot be made here: \(errno)")
      return nil
    }
  }

  deinit { unsafe _ = umount2(path, Int32(MNT_DETACH)) }

  var isFull: Bool {
    guard let path = AbsolutePath(path) else { return false }
    return (try? FileSystem().freeSpace(path))?.available == .zero
  }

  func fill() {
    guard let file = unsafe fopen(path + "/ballast", "w") else { return }
    let block = [UInt8](repeating: 1, count: 4_096)
    while unsafe fwrite(block, 1, block.count, file) == block.count {
      if unsafe fflush(file) != 0 { break }
    }
    unsafe fclose(file)
  }
}

/// Stops a command when the n-th object was taken away, as Ctrl-C does.
private final class Canceller: SystemCallObserver {
  let task = Locked<Task<Ran, Never>?>(nil)
  private let left: Locked<Int>
  init(atUnlink number: Int) { left = Locked(number) }

  func willCall(_ call: String, path: String) -> Int32? {
    guard call == "unlink", path.contains("/sha256/") else { return nil }
    let isLast = left.withLock { left in
      left -= 1
      return left == 0
    }
    guard isLast else { return nil }
    // It may be quicker than whoever starts it notes it.
    while true {
      if let task = task.withLock({ $0 }) {
        task.cancel()
        return nil
      }
    }
  }
}
