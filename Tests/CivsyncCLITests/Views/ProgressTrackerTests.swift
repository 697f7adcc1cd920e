import Core
import Engine
import Testing

@testable import CivsyncCLI
@testable import Transfer

@Suite struct `The state of a run's progress` {
  private let file = Digest(bytes: [UInt8](repeating: 7, count: 32))

  /// What the one file waits for after these events, each at its second.
  private func wait(
    _ events: [(Double, EngineEvent)], at time: Double
  ) throws -> ProgressState.Wait? {
    var tracker = ProgressTracker()
    let file = try #require(file)
    _ = tracker.take(.fetching(files: 1, bytes: ByteCount(100)), at: 0)
    _ = tracker.take(.fetchBegan(file, name: "f", bytes: ByteCount(100)), at: 0)
    for (time, event) in events { _ = tracker.take(event, at: time) }
    let state = tracker.state(at: time)
    return try #require(state.active.first).wait
  }

  @Test func `follows a file from its turn to its bytes`() throws {
    let file = try #require(file)
    var events: [(Double, EngineEvent)] = []
    #expect(try wait(events, at: 0) == .turn)
    events.append((1, .fetchTries(file, has: 0)))
    #expect(try wait(events, at: 1) == .turn)
    events.append((2, .fetchAsked(file)))
    #expect(try wait(events, at: 2) == .answer)
    events.append((3, .fetchAdvanced(file, bytes: 10)))
    #expect(try wait(events, at: 3) == nil)
  }

  @Test func `counts down to the next try`() throws {
    let file = try #require(file)
    let notice = RetryNotice(attempt: 1, delay: .seconds(5), reason: "r")
    let events: [(Double, EngineEvent)] = [
      (2, .fetchAsked(file)), (3, .fetchRetries(file, name: "f", notice)),
    ]
    #expect(try wait(events, at: 4) == .retry(seconds: 4))
    #expect(try wait(events, at: 9) == .retry(seconds: 0))
    #expect(try wait(events + [(9, .fetchTries(file, has: 0))], at: 9) == .turn)
  }

  @Test func `says of a pause that all wait for its end`() throws {
    let file = try #require(file)
    var events: [(Double, EngineEvent)] = [(1, .fetchAdvanced(file, bytes: 10))]
    events.append((2, .fetchHeld(.quiet(until: "08:00"))))
    #expect(try wait(events, at: 2) == .paused(until: "08:00"))
    events.append((3, .fetchHeld(.full)))
    #expect(try wait(events, at: 3) == .full)
    events.append((4, .fetchHeld(nil)))
    #expect(try wait(events, at: 4) == nil)
  }

  @Test func `learns from the server how large a file is`() throws {
    let file = try #require(file)
    var tracker = ProgressTracker()
    _ = tracker.take(.fetching(files: 1, bytes: .zero), at: 0)
    _ = tracker.take(.fetchBegan(file, name: "f", bytes: .zero), at: 0)
    for _ in 1...2 { _ = tracker.take(.fetchSized(file, bytes: 100), at: 1) }
    _ = tracker.take(.fetchAdvanced(file, bytes: 10), at: 1)
    let state = tracker.state(at: 2)
    #expect(state.total == ByteCount(100) && state.done == ByteCount(10))
    #expect(state.active.map(\.total) == [ByteCount(100)])
  }

  @Test func `has no rate left when nothing came for long`() throws {
    let file = try #require(file)
    var tracker = ProgressTracker()
    _ = tracker.take(.fetching(files: 1, bytes: ByteCount(100)), at: 0)
    _ = tracker.take(.fetchBegan(file, name: "f", bytes: ByteCount(100)), at: 0)
    for second in 1...5 {
      _ = tracker.take(.fetchAdvanced(file, bytes: Int64(second)), at: Double(second))
    }
    #expect(tracker.state(at: 5).rate == 1)
    #expect(tracker.state(at: 60).rate == 0)
  }
}
