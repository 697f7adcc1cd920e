import ContentStore
import Core
import Index
import SystemIO
import Testing

@testable import Engine

private final class Listener: EngineObserver {
  private let heard = Locked<[EngineEvent]>([])
  private let react: @Sendable (EngineEvent) -> Void

  init(_ react: @escaping @Sendable (EngineEvent) -> Void = { _ in }) { self.react = react }

  /// Bytes that were told, in their order.
  var bytes: [Int64] {
    heard.withLock { events in
      events.compactMap { if case .readOn(_, _, let bytes, _) = $0 { bytes.bytes } else { nil } }
    }
  }

  func handle(_ event: EngineEvent) {
    heard.withLock { $0.append(event) }
    react(event)
  }
}

struct `Reading objects again` {
  let scratch: Scratch
  let store: ContentStore
  let index: Index

  init() throws {
    scratch = try Scratch()
    store = ContentStore(root: scratch.path.appending("store"))
    try store.prepare()
    (index, _) = Index.open(at: scratch.path.appending("index.sqlite"))
  }

  private func add(_ texts: [String]) throws -> [FoundObject] {
    for (number, text) in texts.enumerated() {
      let file = try scratch.write(text, to: "source-\(number)")
      try store.ingest(
        file, expecting: ContentHasher.digest(of: Array(text.utf8)), by: .copy)
    }
    try store.publish()
    return try store.census().objects
  }

  private func reading(
    _ listener: Listener = Listener(), interval: Duration = .seconds(10), budget: Duration? = nil,
    elapsed: @escaping @Sendable () -> Duration = { .zero }
  ) -> ObjectsReading {
    ObjectsReading(
      store: store, index: index, now: 1_900_000_000,
      readers: BlockingExecutor(label: "test", width: 2), observer: listener, interval: interval,
      timeBudget: budget, elapsed: elapsed)
  }

  @Test func `sound ones are remembered with how they look, damaged ones are not`() async throws {
    let objects = try add(["one", "two", "three"])
    let bad = try FileSystem().open(store.path(of: objects[1].digest), .update)
    try bad.write([0x21][...])
    let outcome = await reading().read(objects)
    #expect(outcome.readings.count == 3)
    #expect(!outcome.isOutOfTime && !outcome.isStopped)
    let known = index.verifiedObjects()
    #expect(Set(known.keys) == [objects[0].digest, objects[2].digest])
    #expect(
      known[objects[0].digest]
        == VerifiedObject(stamp: FileStamp(objects[0].status), time: 1_900_000_000))
  }

  @Test func `after its time no object is begun`() async throws {
    let objects = try add((0..<20).map { "text \($0)" })
    let looks = Locked(0)
    let outcome = await reading(
      budget: .seconds(5),
      elapsed: {
        looks.withLock { count in
          count += 1
          return .seconds(count)
        }
      }
    ).read(objects)
    #expect(outcome.isOutOfTime)
    #expect(outcome.readings.count == 4)
    #expect(index.verifiedObjects().count == 4)
  }

  @Test func `progress is told within one object, and never beyond the whole`() async throws {
    let text = String(repeating: "x", count: 5 << 20) + "y"
    let objects = try add([text])
    let listener = Listener()
    _ = await reading(listener, interval: .zero).read(objects)
    let size = Int64(text.utf8.count)
    #expect(listener.bytes == listener.bytes.sorted())
    #expect(Set(listener.bytes).count >= 5)
    #expect(listener.bytes.allSatisfy { $0 <= size })
  }

  @Test func `stopping keeps what was read`() async throws {
    let objects = try add((0..<40).map { "text \($0)" })
    let current = Locked<Task<ObjectsReading.Outcome, Never>?>(nil)
    let listener = Listener { event in
      if case .readOn = event { current.withLock { $0?.cancel() } }
    }
    let reading = reading(listener, interval: .zero)
    let task = Task {
      while current.withLock({ $0 == nil }) { await Task.yield() }
      return await reading.read(objects)
    }
    current.withLock { $0 = task }
    let outcome = await task.value
    #expect(outcome.isStopped)
    #expect(!outcome.readings.isEmpty && outcome.readings.count < 40)
    #expect(index.verifiedObjects().count == outcome.readings.count)
  }
}
