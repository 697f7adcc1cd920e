import Core
import DiskTestSupport
import Foundation
import ProgramTestSupport
import SystemIO
import Testing

/// Does not let the first opening pass.
private final class FirstOpen: SystemCallObserver {
  private let isDone = Locked(false)

  func willCall(_ call: String, path: String) -> Int32? {
    guard call == "open" else { return nil }
    return isDone.withLock { done in
      defer { done = true }
      return done ? nil : 13
    }
  }
}

@Suite struct FileLockTests {
  let folder: TemporaryFolder
  let files = FileSystem()
  let holder = LockHolder(process: 7, command: "civsync apply", since: "12:00, noon")
  var path: AbsolutePath { folder.path.appending("lock") }

  init() throws { folder = try TemporaryFolder() }

  private func lock() throws -> FileLock? {
    if case .acquired(let lock) = try files.tryLock(path, holder: holder) { return lock }
    return nil
  }

  @Test func `a second attempt is told who holds the lock`() throws {
    let first = try #require(try lock())
    guard case .held(let by) = try files.tryLock(path, holder: holder) else {
      Issue.record("the lock was taken twice")
      return
    }
    #expect(by == holder)
    #expect(by?.text == "pid 7, civsync apply, since 12:00, noon")
    first.release()
    first.release()
    #expect(try files.lockHolder(path) == nil)
    #expect(try lock() != nil)
  }

  @Test func `several share a lock, and keep out who wants it alone`() throws {
    func share() throws -> FileLock? {
      if case .acquired(let lock) = try files.tryLock(path, .shared, holder: holder) { return lock }
      return nil
    }
    let first = try #require(try share())
    let second = try #require(try share())
    #expect(try files.lockHolder(path) == nil)
    #expect(try lock() == nil)
    first.release()
    second.release()
    let alone = try #require(try lock())
    #expect(try share() == nil)
    alone.release()
    #expect(try share() != nil)
  }

  @Test func `without room a lock has no name, and holds all the same`() throws {
    let full = FileSystem(observer: Recorder { call, _ in call == "write" ? Code.noSpace : nil })
    guard case .acquired(let first) = try full.tryLock(path, holder: holder) else {
      Issue.record("it was not taken")
      return
    }
    guard case .held(by: nil) = try files.tryLock(path, holder: holder) else {
      Issue.record("the lock was taken twice")
      return
    }
    first.release()
  }

  @Test func `a lock file of another user's is enough`() throws {
    _ = try folder.write("", to: "lock")
    let other = FileSystem(observer: FirstOpen())
    guard case .acquired = try other.tryLock(path, .shared, holder: holder) else {
      Issue.record("it was not taken")
      return
    }
  }

  @Test func `a lock ends with its last reference`() throws {
    do { _ = try #require(try lock()) }
    #expect(try lock() != nil)
  }

  @Test func `a holder's text that makes no sense names nobody`() throws {
    for text in ["", "pid x, a, since b", "pid 1 since 2", "nobody, since"] {
      #expect(LockHolder(parsing: text) == nil)
    }
    #expect(try files.lockHolder(folder.path.appending("none")) == nil)
  }

  @Test func `another process that holds the lock keeps us out until it ends`() throws {
    let (input, output) = (Pipe(), Pipe())
    let child = try Program(
      "/usr/bin/flock", [path.string, "sh", "-c", "echo ready; cat"],
      input: input.fileHandleForReading, output: output.fileHandleForWriting)
    #expect(output.fileHandleForReading.availableData == Data("ready\n".utf8))
    guard case .held(by: nil) = try files.tryLock(path, holder: holder) else {
      Issue.record("the lock was taken twice")
      return
    }
    try input.fileHandleForWriting.close()
    child.wait()
    #expect(try lock() != nil)
  }
}

@Suite struct BlockingExecutorTests {
  private struct Failure: Error, Equatable {}

  @Test func `results and errors come back`() async throws {
    let executor = BlockingExecutor(label: "test", width: 2)
    #expect(await executor.run { 42 } == 42)
    await #expect(throws: Failure.self) {
      try await executor.run { () throws(Failure) -> Int in throw Failure() }
    }
  }

  @Test func `never more than its width run at once, and all run`() async {
    let executor = BlockingExecutor(label: "test", width: 3)
    let counts = Locked((now: 0, most: 0, done: 0))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          await executor.run {
            counts.withLock {
              $0.now += 1
              $0.most = max($0.most, $0.now)
            }
            counts.withLock {
              $0.now -= 1
              $0.done += 1
            }
          }
        }
      }
    }
    let (now, most, done) = counts.withLock { $0 }
    #expect(now == 0)
    #expect(most <= 3)
    #expect(done == 200)
  }

  @Test func `one thread keeps the order`() async {
    let executor = BlockingExecutor(label: "test", width: 0)
    let seen = Locked<[Int]>([])
    for number in 0..<20 { await executor.run { seen.withLock { $0.append(number) } } }
    #expect(seen.withLock { $0 } == Array(0..<20))
  }
}

@Suite struct TextOutputTests {
  @Test func `a reader that went away gives an error, not a signal`() throws {
    let pipe = Pipe()
    let output = TextOutput(
      descriptor: pipe.fileHandleForWriting.fileDescriptor, name: "the pipe")
    #expect(output.write("hello\n") == nil)
    #expect(pipe.fileHandleForReading.availableData == Data("hello\n".utf8))
    try pipe.fileHandleForReading.close()
    #expect(output.write("again")?.symbol == "EPIPE")
    #expect(output.error?.symbol == "EPIPE")
    #expect(output.write("more")?.description.hasPrefix("cannot write `the pipe`") == true)
  }

  @Test func `a full disk gives an error`() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let output = TextOutput(descriptor: full.fileDescriptor, name: "full")
    #expect(output.write("x")?.isFull == true)
  }

  @Test func `a pipe that must not block takes all in the end`() async throws {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    let text = String(repeating: "0123456789", count: 50_000)
    let executor = BlockingExecutor(label: "writer", width: 1)
    async let error = executor.run {
      let error = TextOutput(descriptor: descriptor, name: "pipe").write(text)
      try? pipe.fileHandleForWriting.close()
      return error
    }
    let reader = BlockingExecutor(label: "reader", width: 1)
    let read = await reader.run { pipe.fileHandleForReading.readDataToEndOfFile().count }
    #expect(await error == nil)
    #expect(read == 500_000)
  }

  @Test func `the standard streams know whether they are terminals`() {
    // What they are depends on who runs the tests; columns imply a terminal.
    for stream in [StandardStream.input, .output, .error] where stream.columns != nil {
      #expect(stream.isTerminal)
    }
    #expect(TextOutput(.error).error == nil)
    #expect(TextOutput(.output).write("") == nil)
  }
}
