internal import Core

/// Decides what one answer to a download is, and leads a file's bytes into the sink.
// Safety: written on the event loop's thread while the exchange runs, read by its caller after.
final class DownloadReceiver: ResponseReceiver, @unchecked Sendable {
  enum Verdict {
    case complete(DownloadInfo)
    case redirect(String)
    /// The range cannot be had as it was asked for: ask for the whole file.
    case startOver(reason: String)
    case refused(body: [UInt8])
  }

  /// What is kept of a refusal's body.
  static let refusalLimit = 64 << 10

  private let request: DownloadRequest
  private let sink: any ObjectSink
  private let progress: @Sendable (Int64) -> Void
  /// Where the range that was asked for begins; `nil` when the whole file was.
  private let offset: Int64?
  private let url: SafeURL

  private(set) var verdict = Verdict.refused(body: [])
  private var body: BodyWriter?
  /// Bytes of a body that is not the file.
  private var dropped = 0

  init(
    _ request: DownloadRequest, url: SafeURL, sink: any ObjectSink, offset: Int64?,
    progress: @escaping @Sendable (Int64) -> Void
  ) {
    self.request = request
    self.url = url
    self.sink = sink
    self.offset = offset
    self.progress = progress
  }

  func begin(_ head: ResponseHead) -> Flow {
    switch (head.status, offset) {
    case (200, _): return beginWhole(head.headers)
    case (206, let offset?): return beginRange(head.headers, at: offset)
    case (206, nil):
      return .fail(.badContentRange(head.headers["Content-Range"] ?? "206 without being asked"))
    case (416, let offset?): return unsatisfied(head.headers, at: offset)
    case (200..<300, _): return .fail(.protocolError("status \(head.status) to a download"))
    default:
      if let location = head.location { verdict = .redirect(location) }
      return .proceed
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Flow {
    if let body { return unsafe body.write(bytes) }
    dropped += bytes.count
    if case .refused(let kept) = verdict {
      unsafe verdict = .refused(body: kept + bytes.prefix(Self.refusalLimit - kept.count))
    }
    // Nobody needs the text beside a redirect; a short one is read for the connection's sake.
    return dropped < Self.refusalLimit ? .proceed : .stop
  }

  func end() -> TransferError? {
    guard let body else { return nil }
    switch body.finish() {
    case .success(let info): verdict = .complete(info)
    case .failure(let error): return error
    }
    return nil
  }

  private func beginWhole(_ headers: HTTPHeaders) -> Flow {
    let announced = headers["Content-Encoding"] == nil ? headers.contentLength : nil
    return write(headers, at: 0, announced: announced)
  }

  private func beginRange(_ headers: HTTPHeaders, at offset: Int64) -> Flow {
    let text = headers["Content-Range"] ?? ""
    guard let range = ContentRange(text), range.bounds?.lowerBound == offset else {
      return startOver("the server sent another range: `\(text)`")
    }
    if let total = range.total, let expected = request.expectedLength, total != expected {
      return startOver("the file has \(total) bytes now, not \(expected)")
    }
    if let then = sink.validator, let now = headers["ETag"], then != now {
      return startOver("the file has changed on the server")
    }
    // Without a validator only the length speaks for the old bytes.
    if !ETag.isStrong(sink.validator), range.total == nil || request.expectedLength == nil {
      return startOver("nothing tells whether the file is still the same")
    }
    return write(headers, at: offset, announced: range.total)
  }

  private func unsatisfied(_ headers: HTTPHeaders, at offset: Int64) -> Flow {
    let total = headers["Content-Range"].flatMap { ContentRange($0) }?.total
    let expected = request.expectedLength
    guard (total ?? expected) == offset, expected == nil || expected == offset else {
      return startOver("the file ends before byte \(offset)")
    }
    do {
      try sink.start(at: offset, validator: sink.validator, total: offset)
    } catch {
      return .fail(.sinkFailed(SinkFailure(error)))
    }
    let info = DownloadInfo(
      received: 0, resumedAt: offset, total: offset, validator: sink.validator, url: url)
    verdict = .complete(info)
    return .stop
  }

  private func startOver(_ reason: String) -> Flow {
    verdict = .startOver(reason: reason)
    return .stop
  }

  private func write(_ headers: HTTPHeaders, at offset: Int64, announced: Int64?) -> Flow {
    let isDocument =
      request.rejectsDocuments && DocumentSniffer.isDocument(mediaType: headers.mediaType)
    body = BodyWriter(
      sink: sink, url: url, offset: offset, headers: headers,
      announced: announced, expected: request.expectedLength,
      sniffing: request.rejectsDocuments ? (isDocument ? .refuses : .first) : .off,
      progress: progress)
    return .proceed
  }
}

/// What an ETag is good for.
enum ETag {
  /// Only a strong one may stand in `If-Range`.
  static func isStrong(_ validator: String?) -> Bool { validator?.hasPrefix("\"") == true }
}
