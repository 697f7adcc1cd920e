import ContentStore
import Core
import Index
import SystemIO

/// Reads objects of a store, on as many threads as have processors to hash on.
struct ObjectsReading: Sendable {
  /// How many objects, or how many bytes of them, are read before it is remembered that they are
  /// sound: what a crash may cost.
  private static let batch = (objects: 1_024, bytes: Int64(1) << 30)

  let store: ContentStore
  let index: Index?
  /// Seconds since 1970.
  let now: Int64
  let readers: BlockingExecutor
  let observer: any EngineObserver
  let interval: Duration
  /// No object is begun after so long.
  let timeBudget: Duration?
  /// How long it has taken by now.
  let elapsed: @Sendable () -> Duration

  struct Outcome: Sendable {
    var readings: [(object: FoundObject, reading: ObjectReading)] = []
    var isOutOfTime = false
    var isStopped = false
  }

  func read(_ objects: [FoundObject]) async -> Outcome {
    let bytes = objects.reduce(Int64(0)) { $0 + $1.status.size }
    observer.handle(.reading(files: objects.count, bytes: ByteCount(bytes), .verifying))
    let work = Locked(Work(objects: objects, bytes: bytes))
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<min(2, objects.count) {
          group.addTask { await readers.run { self.work(on: work) } }
        }
      }
    } onCancel: {
      work.withLock { $0.outcome.isStopped = true }
    }
    return await readers.run {
      let (outcome, fresh) = work.withLock { ($0.outcome, $0.fresh) }
      self.index?.noteVerified(fresh)
      return outcome
    }
  }

  fileprivate struct Work: Sendable {
    let objects: [FoundObject]
    let bytes: Int64
    var next = 0
    var bytesDone: Int64 = 0
    var outcome = Outcome()
    var fresh: [Digest: VerifiedObject] = [:]
    /// Of those, in bytes.
    var freshBytes: Int64 = 0
    var lastTold = ContinuousClock.now
  }

  private func work(on work: Locked<Work>) {
    var reader = ObjectReader(store)
    while let object = take(work) {
      // Told piece by piece: one object may take minutes.
      var told: Int64?
      let reading = reader.read(object) {
        let piece = told.map { min(1 << 20, object.status.size - $0) } ?? 0
        told = (told ?? 0) + piece
        let (isStopped, event) = work.withLock { work in
          (work.outcome.isStopped, work.advance(by: piece, every: interval))
        }
        if let event { observer.handle(event) }
        return isStopped
      }
      let (event, full) = work.withLock { work in
        let event = work.advance(by: object.status.size - (told ?? 0), every: interval)
        work.note(object, reading, now: now)
        return (event, work.takeFresh(Self.batch))
      }
      if !full.isEmpty { index?.noteVerified(full) }
      if let event { observer.handle(event) }
    }
  }

  private func take(_ work: Locked<Work>) -> FoundObject? {
    work.withLock { work in
      guard !work.outcome.isStopped, work.next < work.objects.count else { return nil }
      if let timeBudget, elapsed() >= timeBudget {
        work.outcome.isOutOfTime = true
        return nil
      }
      defer { work.next += 1 }
      return work.objects[work.next]
    }
  }
}

extension ObjectsReading.Work {
  /// - Returns: what to tell, if that was not told a while ago.
  fileprivate mutating func advance(by bytes: Int64, every interval: Duration) -> EngineEvent? {
    bytesDone += bytes
    let now = ContinuousClock.now
    let filesDone = outcome.readings.count
    guard now - lastTold >= interval, filesDone < objects.count else { return nil }
    lastTold = now
    return .readOn(
      files: filesDone, of: objects.count, bytes: ByteCount(bytesDone),
      ofBytes: ByteCount(self.bytes))
  }

  fileprivate mutating func note(_ object: FoundObject, _ reading: ObjectReading, now: Int64) {
    if reading == .cancelled { return }
    outcome.readings.append((object, reading))
    guard case .sound(let status) = reading else { return }
    fresh[object.digest] = VerifiedObject(stamp: FileStamp(status), time: now)
    freshBytes += status.size
  }

  fileprivate mutating func takeFresh(
    _ batch: (objects: Int, bytes: Int64)
  ) -> [Digest: VerifiedObject] {
    guard fresh.count >= batch.objects || freshBytes >= batch.bytes else { return [:] }
    defer { (fresh, freshBytes) = ([:], 0) }
    return fresh
  }
}
