import Core
import Sidecars
import Synchronization
import Transfer

/// Brings pictures, two at a time, without a token.
struct CompanionFetcher: Sendable {
  let http: HTTPClient
  let context: EngineContext
  let pacer: FetchPacer

  /// The largest picture that is taken.
  static let limit: Int64 = 20 << 20
  private static let width = 2

  enum Picture: Sendable {
    case found([UInt8])
    case failed(String)
    /// Not asked, or not to the end.
    case interrupted
  }

  func fetch(_ urls: Set<SafeURL>) async -> [SafeURL: Picture] {
    await withTaskGroup(of: (SafeURL, Picture).self) { group in
      var pictures: [SafeURL: Picture] = [:]
      var waiting = urls.sorted { $0.wire < $1.wire }.makeIterator()
      for _ in 0..<Self.width {
        if let url = waiting.next() { group.addTask { (url, await fetch(url)) } }
      }
      while let (url, picture) = await group.next() {
        pictures[url] = picture
        if let next = waiting.next() { group.addTask { (next, await fetch(next)) } }
      }
      return pictures
    }
  }

  private func fetch(_ url: SafeURL) async -> Picture {
    if Task.isCancelled { return .interrupted }
    var request = DownloadRequest(url: url, rejectsDocuments: true)
    request.isSmall = true
    let retries = RetryPolicy(delays: [.seconds(5), .seconds(15)])
    do throws(TransferError) {
      let (outcome, bytes) = try await withRetries(
        retries, clock: context.clock, random: context.random,
        classify: { result in
          RetryDecision.standard(result.map { $0.0 })
        },
        operation: { _ throws(TransferError) in
          await pacer.enter()
          defer { pacer.leave() }
          let sink = MemorySink(limit: Self.limit)
          let outcome = try await http.download(request, into: sink, progress: { _ in })
          return (outcome, sink.bytes)
        })
      return Self.read(outcome, bytes)
    } catch {
      switch error {
      case .cancelled, .closed: return .interrupted
      case .notAModel: return .failed("a web page or message came instead of a picture")
      case .sinkFailed: return .failed("it is larger than \(ByteCount(Self.limit))")
      default: return .failed("\(error)")
      }
    }
  }

  private static func read(_ outcome: DownloadOutcome, _ bytes: [UInt8]) -> Picture {
    switch outcome {
    case .refused(let response, _): return .failed("the server answered \(response.status)")
    case .complete:
      return PictureFormat(bytes) == nil ? .failed("it is no picture") : .found(bytes)
    }
  }
}

/// A download that is kept in memory, up to a limit.
private final class MemorySink: ObjectSink {
  struct TooLarge: Error {}

  private let limit: Int64
  private let collected = Mutex<[UInt8]>([])

  init(limit: Int64) { self.limit = limit }

  var bytes: [UInt8] { collected.withLock { $0 } }
  var received: Int64 { Int64(bytes.count) }
  var validator: String? { nil }
  var total: Int64? { nil }
  var missing: [Range<Int64>] { [received..<Int64.max] }
  var pieceSize: Int64 { .max }

  func start(keeping: Bool, validator: String?, total: Int64?) throws {
    if let total, total > limit { throw TooLarge() }
    if !keeping { collected.withLock { $0 = [] } }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    try collected.withLock { collected in
      guard Int64(collected.count + bytes.count) <= limit else { throw TooLarge() }
      unsafe collected.append(contentsOf: bytes)
    }
  }
}
