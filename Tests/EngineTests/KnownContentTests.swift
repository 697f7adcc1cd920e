import Core
import Index
import SystemIO
import Testing

@testable import Engine

/// Keeps what it hears, and can do something about it.
private final class Listener: EngineObserver {
  private let heard = Locked<[EngineEvent]>([])
  private let react: @Sendable (EngineEvent) -> Void

  init(_ react: @escaping @Sendable (EngineEvent) -> Void = { _ in }) { self.react = react }

  var readings: [(files: Int, bytes: ByteCount)] {
    heard.withLock { events in
      events.compactMap { event in
        if case .reading(let files, let bytes, _) = event { (files, bytes) } else { nil }
      }
    }
  }

  func handle(_ event: EngineEvent) {
    heard.withLock { $0.append(event) }
    react(event)
  }
}

struct `Content that has to be known` {
  let scratch: Scratch
  let files = FileSystem()

  init() throws { scratch = try Scratch() }

  private func content(_ listener: Listener, _ index: Index? = nil) -> KnownContent {
    KnownContent(
      index: index, files: files, now: 1_900_000_000,
      readers: BlockingExecutor(label: "test", width: 2), observer: listener)
  }

  private func file(_ text: String, _ name: String) throws -> FileToRead {
    let path = try scratch.write(text, to: name)
    return FileToRead(path: path, status: try #require(try files.status(path)))
  }

  @Test func `one file of many names is read once, and then remembered`() async throws {
    let first = try file("hello", "a")
    try files.link(first.path, to: scratch.path.appending("b"))
    let second = FileToRead(
      path: scratch.path.appending("b"),
      status: try #require(try files.status(scratch.path.appending("b"))))
    let (index, _) = Index.open(at: scratch.path.appending("index.sqlite"))
    let listener = Listener()
    let known = content(listener, index)
    for _ in 0..<2 {
      let found = try await known.contents(of: [first, second], why: .timeChanged)
      guard case .digest(let digest) = found[FileIdentity(first.status)] else {
        Issue.record("not read: \(found)")
        return
      }
      #expect(digest == ContentHasher.digest(of: Array("hello".utf8)))
    }
    #expect(listener.readings.map(\.files) == [1])
    #expect(listener.readings.first?.bytes == ByteCount(5))
    // Whoever asks for the content does not want to hear what it was.
    _ = try await known.contents(of: [first], why: .verifying)
    #expect(listener.readings.count == 2)
  }

  @Test func `what is gone or cannot be read is told, and the rest is read`() async throws {
    let gone = try file("gone", "gone")
    let link = try file("link", "link")
    let good = try file("good", "good")
    try files.unlink(gone.path)
    try files.unlink(link.path)
    try files.symlink("elsewhere", at: link.path)
    let found = try await content(Listener()).contents(of: [gone, link, good], why: .verifying)
    if case .gone = found[FileIdentity(gone.status)] {} else { Issue.record("\(found)") }
    if case .unreadable = found[FileIdentity(link.status)] {} else { Issue.record("\(found)") }
    if case .digest = found[FileIdentity(good.status)] {} else { Issue.record("\(found)") }
  }

  @Test func `reading ends when the task is cancelled`() async throws {
    let wanted = try (0..<40).map { try file("text \($0)", "file-\($0)") }
    let current = Locked<Task<CommandExit, Never>?>(nil)
    let gate = Locked(false)
    let known = content(
      Listener { event in
        guard case .reading = event else { return }
        current.withLock { $0?.cancel() }
        gate.withLock { $0 = true }
      })
    let task = Task { () -> CommandExit in
      while current.withLock({ $0 == nil }) { await Task.yield() }
      do {
        _ = try await known.contents(of: wanted, why: .verifying)
        return .ok
      } catch {
        return (error as? EngineError)?.exit ?? .failed
      }
    }
    current.withLock { $0 = task }
    #expect(await task.value == .interrupted)
    #expect(gate.withLock { $0 })
  }
}
