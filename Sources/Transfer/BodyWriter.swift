internal import Core

/// Leads one body into a sink: holds the first bytes back until they are known to be no document,
/// and counts against the promised length.
// Safety: used on the event loop's thread alone, through its `DownloadReceiver`.
final class BodyWriter {
  enum Sniffing {
    case off
    /// The first bytes decide.
    case first
    /// The headers already decided; the first bytes are only for the message.
    case refuses
  }

  private let sink: any ObjectSink
  private let url: SafeURL
  private let offset: Int64
  private let headers: HTTPHeaders
  /// The whole object's length, as the server says and as the caller knows.
  private let announced: Int64?
  private let expected: Int64?
  private let progress: @Sendable (Int64) -> Void

  private var sniffing: Sniffing
  private var held: [UInt8] = []
  private var hasStarted = false
  private var written: Int64 = 0

  init(
    sink: any ObjectSink, url: SafeURL, offset: Int64, headers: HTTPHeaders, announced: Int64?,
    expected: Int64?, sniffing: Sniffing, progress: @escaping @Sendable (Int64) -> Void
  ) {
    self.sink = sink
    self.url = url
    self.offset = offset
    self.headers = headers
    self.announced = announced
    self.expected = expected
    self.progress = progress
    // In the middle of a file, what looks like markup may be content.
    if case .first = sniffing, offset > 0 { self.sniffing = .off } else { self.sniffing = sniffing }
  }

  private var length: Int64? { announced ?? expected }

  func write(_ bytes: UnsafeRawBufferPointer) -> Flow {
    switch sniffing {
    case .off: return unsafe pass(bytes)
    case .refuses:
      return unsafe .fail(notAModel(Array(UnsafeRawBufferPointer(rebasing: bytes.prefix(400)))))
    case .first:
      unsafe held.append(contentsOf: bytes)
      return decide(isAll: held.count >= DocumentSniffer.window)
    }
  }

  /// The body came to its end.
  func finish() -> Result<DownloadInfo, TransferError> {
    if case .refuses = sniffing { return .failure(notAModel([])) }
    if case .first = sniffing, case .fail(let error) = decide(isAll: true) {
      return .failure(error)
    }
    if let error = startOnce() { return .failure(error) }
    let total = offset + written
    if let length, total < length { return .failure(tooShort(total, of: length)) }
    return .success(
      DownloadInfo(
        received: written, resumedAt: offset, total: total,
        validator: headers["ETag"] ?? (offset > 0 ? sink.validator : nil), url: url))
  }

  private func decide(isAll: Bool) -> Flow {
    switch DocumentSniffer.verdict(held, isAll: isAll) {
    case .undecided: return .proceed
    case .document: return .fail(notAModel(held))
    case .other:
      sniffing = .off
      let first = held
      held = []
      return unsafe first.withUnsafeBytes { unsafe pass($0) }
    }
  }

  private func pass(_ bytes: UnsafeRawBufferPointer) -> Flow {
    if let error = startOnce() { return .fail(error) }
    let total = offset + written + Int64(bytes.count)
    if let length, total > length {
      // More than was promised is another file than the one that was wanted: nothing of it is
      // worth going on from. If the sink cannot even drop it, the length is still the news.
      try? sink.start(at: 0, validator: nil, total: nil)
      return .fail(.lengthMismatch(expected: length, actual: total))
    }
    do {
      unsafe try sink.append(bytes)
    } catch {
      return .fail(.sinkFailed(SinkFailure(error)))
    }
    written += Int64(bytes.count)
    progress(offset + written)
    return .proceed
  }

  /// The sink hears of the body as late as possible: `start(at: 0)` drops what it had. The length
  /// is looked at here too: that a document came is the better news than that it is too short.
  private func startOnce() -> TransferError? {
    guard !hasStarted else { return nil }
    if let announced, let expected, announced != expected {
      return .lengthMismatch(expected: expected, actual: announced)
    }
    hasStarted = true
    do {
      try sink.start(
        at: offset, validator: headers["ETag"] ?? (offset > 0 ? sink.validator : nil),
        total: length)
    } catch {
      return .sinkFailed(SinkFailure(error))
    }
    return nil
  }

  /// A chunked body that ends was meant to end there; one that ends with its connection may just
  /// have been cut off, and a part of a file may be all that a server gives at a time.
  private func tooShort(_ total: Int64, of length: Int64) -> TransferError {
    let isChunked = headers["Transfer-Encoding"]?.lowercased().contains("chunked") == true
    return isChunked && offset == 0
      ? .lengthMismatch(expected: length, actual: total) : .connectionLost(received: written)
  }

  private func notAModel(_ bytes: [UInt8]) -> TransferError {
    .notAModel(contentType: headers.mediaType, excerpt: DocumentSniffer.excerpt(bytes))
  }
}
