internal import Core

/// Decides what one answer to a download is, and leads its bytes into the sink.
// Safety: written on the event loop's thread while the exchange runs, read by its caller after.
final class DownloadReceiver: ResponseReceiver, @unchecked Sendable {
  enum Verdict {
    /// The part is fetched, or what is left of it went to others.
    case done
    case redirect(String)
    /// The range cannot be had as it was asked for: ask for the whole file.
    case startOver
    /// It is not the file any more whose parts came before.
    case changed
    /// The server gives the whole file alone.
    case noParts
    case refused(body: [UInt8])
  }

  /// What is kept of a refusal's body.
  static let refusalLimit = 64 << 10

  private let download: SharedDownload
  private let id: Int
  /// Where the range that was asked for begins; `nil` when the whole file was.
  private let offset: Int64?
  private let asked = ContinuousClock.now

  private(set) var verdict = Verdict.refused(body: [])
  private var body: BodyWriter?
  /// Bytes of a body that is not the file.
  private var dropped = 0

  init(_ download: SharedDownload, _ id: Int, offset: Int64?) {
    self.download = download
    self.id = id
    self.offset = offset
  }

  private var request: DownloadRequest { download.request }
  private var sink: any ObjectSink { download.sink }

  func begin(_ head: ResponseHead) -> Flow {
    let waited = ContinuousClock.now - asked
    download.width.withLock { $0.answered(after: waited / .seconds(1)) }
    let isFurther = download.state.withLock { $0.hasBegun }
    switch (head.status, offset) {
    case (200, _) where isFurther:
      download.stopSplitting()
      return give(.noParts)
    case (200, _): return beginWhole(head.headers)
    case (206, let offset?):
      return isFurther
        ? beginFurther(head.headers, at: offset) : beginRange(head.headers, at: offset)
    case (206, nil):
      return .fail(.badContentRange(head.headers["Content-Range"] ?? "206 without being asked"))
    case (416, _?) where isFurther: return give(.changed)
    case (416, let offset?): return unsatisfied(head.headers, at: offset)
    case (200..<300, _): return .fail(.protocolError("status \(head.status) to a download"))
    default:
      if let location = head.location { verdict = .redirect(location) }
      return .proceed
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Flow {
    if let body {
      let flow = unsafe body.write(bytes)
      if case .stop = flow { verdict = .done }
      return flow
    }
    dropped += bytes.count
    if case .refused(let kept) = verdict {
      unsafe verdict = .refused(body: kept + bytes.prefix(Self.refusalLimit - kept.count))
    }
    // Nobody needs the text beside a redirect; a short one is read for the connection's sake.
    return dropped < Self.refusalLimit ? .proceed : .stop
  }

  func end() -> TransferError? {
    guard let body else { return nil }
    if let error = body.finish() { return error }
    verdict = .done
    return nil
  }

  func isQuiet(for seconds: Double) {
    download.state.withLock { $0.quiet[id] = seconds }
  }

  private func give(_ verdict: Verdict) -> Flow {
    self.verdict = verdict
    return .stop
  }

  private func beginWhole(_ headers: HTTPHeaders) -> Flow {
    let announced = headers["Content-Encoding"] == nil ? headers.contentLength : nil
    let givesParts = headers["Accept-Ranges"]?.lowercased() == "bytes"
    return write(
      BodyWriter.Beginning(
        headers: headers, offset: 0, announced: announced, keeping: false,
        canSplit: givesParts && ETag.isStrong(headers["ETag"])))
  }

  private func beginRange(_ headers: HTTPHeaders, at offset: Int64) -> Flow {
    guard let range = headers["Content-Range"].flatMap({ ContentRange($0) }),
      range.bounds?.lowerBound == offset
    else { return give(.startOver) }
    if let total = range.total, let known = sink.total, total != known { return give(.startOver) }
    if let then = sink.validator, let now = headers["ETag"], then != now {
      return give(.startOver)
    }
    return write(
      BodyWriter.Beginning(
        headers: headers, offset: offset, announced: range.total, keeping: true, canSplit: true))
  }

  /// Another part of the file that is being fetched.
  private func beginFurther(_ headers: HTTPHeaders, at offset: Int64) -> Flow {
    let (total, validator) = download.state.withLock { ($0.total, $0.validator) }
    guard let range = headers["Content-Range"].flatMap({ ContentRange($0) }),
      range.bounds?.lowerBound == offset, range.total == nil || range.total == total,
      headers["ETag"] == nil || headers["ETag"] == validator
    else { return give(.changed) }
    return write(
      BodyWriter.Beginning(
        headers: headers, offset: offset, announced: total, keeping: true, canSplit: true))
  }

  private func unsatisfied(_ headers: HTTPHeaders, at offset: Int64) -> Flow {
    guard headers["Content-Range"].flatMap({ ContentRange($0) })?.total == offset else {
      return give(.startOver)
    }
    do {
      try download.begin(
        id, keeping: true, validator: sink.validator, total: offset, canSplit: false)
    } catch {
      return .fail(.sinkFailed(SinkFailure(error)))
    }
    return give(.done)
  }

  private func write(_ beginning: BodyWriter.Beginning) -> Flow {
    let isDocument =
      request.rejectsDocuments
      && DocumentSniffer.isDocument(mediaType: beginning.headers.mediaType)
    body = BodyWriter(
      download, id, beginning,
      sniffing: request.rejectsDocuments ? (isDocument ? .refuses : .first) : .off,
      isFurther: download.state.withLock { $0.hasBegun })
    return .proceed
  }
}

/// What an ETag is good for.
enum ETag {
  /// Only a strong one may stand in `If-Range`.
  static func isStrong(_ validator: String?) -> Bool {
    guard let validator, validator.hasPrefix("\"") else { return false }
    // One that could not be sent is as good as none.
    return validator.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }
}
