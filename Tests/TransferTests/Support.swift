import Core
import Glibc

@testable import Transfer

/// A sink in memory that keeps the rules of `ObjectSink` and notes what it was told.
final class MemorySink: ObjectSink {
  struct State {
    var bytes: [UInt8] = []
    var validator: String?
    var starts: [Start] = []
    var failure: SinkTestError?
    var failsToStart = false
  }

  struct Start: Equatable {
    var offset: Int64
    var validator: String?
    var total: Int64?
  }

  private let state: Locked<State>

  init(_ bytes: [UInt8] = [], validator: String? = nil) {
    state = Locked(State(bytes: bytes, validator: validator))
  }

  convenience init(failing failure: SinkTestError, atStart: Bool = false) {
    self.init()
    state.withLock {
      $0.failure = failure
      $0.failsToStart = atStart
    }
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var starts: [Start] { state.withLock { $0.starts } }
  var received: Int64 { Int64(bytes.count) }
  var validator: String? { state.withLock { $0.validator } }
  var total: Int64? { nil }
  var missing: [Range<Int64>] { [received..<Int64.max] }
  var pieceSize: Int64 { .max }

  func start(keeping: Bool, validator: String?, total: Int64?) throws {
    try state.withLock { state throws(SinkTestError) in
      if state.failsToStart, let failure = state.failure { throw failure }
      if !keeping { state.bytes = [] }
      state.starts.append(
        Start(offset: Int64(state.bytes.count), validator: validator, total: total))
      state.validator = validator
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    let copy = unsafe Array(bytes)
    try state.withLock { state throws(SinkTestError) in
      if let failure = state.failure { throw failure }
      state.bytes += copy
    }
  }
}

struct SinkTestError: Error, Equatable, CustomStringConvertible {
  var description = "disk full"
}

/// What threads wait on until a test lets them go.
// Safety: both members are only used through the C functions made for them.
@safe final class Gate: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe semaphore.initialize(to: sem_t())
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  /// Lets every thread pass, now and later.
  func open() { unsafe sem_post(semaphore) }

  func wait() {
    unsafe sem_wait(semaphore)
    unsafe sem_post(semaphore)
  }
}

/// Something that happens on another thread and is awaited by the test.
struct Signal: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func fire() { continuation.yield() }

  func wait(count: Int = 1) async {
    var left = count
    for await _ in stream {
      left -= 1
      if left == 0 { return }
    }
  }
}

let binary: [UInt8] = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

func client(
  environment: [String: String] = [:], _ change: (inout HTTPConfiguration) -> Void = { _ in }
) throws -> HTTPClient {
  var configuration = HTTPConfiguration(
    userAgent: "civsync/test (+https://example.org)", environment: environment)
  change(&configuration)
  return try HTTPClient(configuration)
}

extension ScriptedServer {
  /// Promises `binary`, gives its first thousand bytes, and nothing more until the gate opens.
  convenience init(stallingUntil gate: Gate) throws {
    try self.init { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(binary.count)\r\n\r\n")
      connection.send(Array(binary[..<1_000]))
      gate.wait()
    }
  }
}

/// What `body` throws, for an exact comparison; `nil` when it succeeds.
func failure<Value>(
  of body: () async throws(TransferError) -> Value
) async -> TransferError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
