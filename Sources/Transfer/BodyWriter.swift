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

  /// What the answer's head says of the body.
  struct Beginning {
    var headers: HTTPHeaders
    var offset: Int64
    /// The whole object's length, as the server says.
    var announced: Int64?
    /// It is of the file whose parts the sink has.
    var keeping: Bool
    /// The server gives parts of the file too.
    var canSplit: Bool
  }

  private let download: SharedDownload
  private let id: Int
  private let beginning: Beginning

  private var sniffing: Sniffing
  private var held: [UInt8] = []
  private var hasStarted = false
  private var written: Int64 = 0

  /// - Parameter isFurther: another body of this file went into the sink before.
  init(
    _ download: SharedDownload, _ id: Int, _ beginning: Beginning, sniffing: Sniffing,
    isFurther: Bool
  ) {
    self.download = download
    self.id = id
    self.beginning = beginning
    hasStarted = isFurther
    // In the middle of a file, what looks like markup may be content.
    if case .first = sniffing, beginning.offset > 0 {
      self.sniffing = .off
    } else {
      self.sniffing = sniffing
    }
  }

  /// `.stop`: the rest of the body is not for this connection.
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
  func finish() -> TransferError? {
    if case .refuses = sniffing { return notAModel([]) }
    if case .first = sniffing, case .fail(let error) = decide(isAll: true) { return error }
    if let error = startOnce() { return error }
    let left = download.end(id)
    // It may have been cut off, and a part of a file may be all that a server gives at a time.
    return left > 0 ? .connectionLost(received: written) : nil
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
    let part = download.claim(id, bytes.count)
    let end = part.offset + Int64(part.count)
    if let longest = download.request.longest, end > longest {
      // Nothing of it is worth going on from. If the sink cannot even drop it, the length is still the
      // news.
      try? download.sink.start(keeping: false, validator: nil, total: nil)
      return .fail(.lengthMismatch(expected: longest, actual: end))
    }
    if part.count > 0 {
      do {
        let own = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<part.count])
        unsafe try download.sink.write(own, at: part.offset)
      } catch {
        return .fail(.sinkFailed(SinkFailure(error)))
      }
      written += Int64(part.count)
      download.wrote(part.count)
    }
    return part.count < bytes.count ? .stop : .proceed
  }

  /// The sink hears of the body as late as possible: it may drop what it had. The length is looked at
  /// here too: that a document came is the better news than that it is too long.
  private func startOnce() -> TransferError? {
    guard !hasStarted else { return nil }
    if let announced = beginning.announced, let longest = download.request.longest,
      announced > longest
    {
      return .lengthMismatch(expected: longest, actual: announced)
    }
    hasStarted = true
    do {
      try download.begin(
        id, keeping: beginning.keeping,
        validator: beginning.headers["ETag"]
          ?? (beginning.keeping ? download.sink.validator : nil),
        total: beginning.announced, canSplit: beginning.canSplit)
    } catch {
      return .sinkFailed(SinkFailure(error))
    }
    return nil
  }

  private func notAModel(_ bytes: [UInt8]) -> TransferError {
    .notAModel(
      contentType: beginning.headers.mediaType, excerpt: DocumentSniffer.excerpt(bytes))
  }
}
