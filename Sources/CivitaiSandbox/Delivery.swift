internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTPTypes

/// Why a handler ends its connection without a whole answer.
struct ConnectionCut: Error {}

/// An answer on its way: head, where its bytes come from, and what goes wrong with them.
struct Delivery: Sendable {
  enum Source: Sendable {
    case bytes([UInt8])
    case content(FileContent, from: Int64)
  }

  /// How it ends before all is sent.
  enum Cut: Sendable {
    case close, reset, stall
  }

  var status: Int
  var headers: [(name: String, value: String)]
  var source: Source
  /// Bytes of the source that belong to the answer.
  var length: Int64
  /// Bytes that are sent beyond those of the source.
  var padding: Int64 = 0
  /// What happens after how many bytes.
  var cut: (kind: Cut, after: Int64)?
  /// The byte of the answer that is sent wrong.
  var wrongByte: Int64?
  var throttle: Int?

  init(_ answer: Answer) {
    self.init(
      status: answer.status, headers: answer.headers, source: .bytes(answer.body),
      length: Int64(answer.body.count))
  }

  init(_ file: FileAnswer) {
    self.init(
      status: file.status, headers: file.headers,
      source: .content(file.content, from: file.range.lowerBound),
      length: file.range.upperBound - file.range.lowerBound)
  }

  private init(
    status: Int, headers: [(name: String, value: String)], source: Source, length: Int64
  ) {
    self.status = status
    self.headers = headers
    self.source = source
    self.length = length
  }

  /// Lets a fault act on what is sent; faults that choose another answer were heeded before.
  mutating func apply(_ fault: Fault) {
    let point = min(length, max(0, fault.after ?? length / 2))
    switch fault.kind {
    case .truncate, .expire: cut = (.close, point)
    case .reset: cut = (.reset, point)
    case .stall: cut = (.stall, point)
    case .wrongBytes: wrongByte = length > 0 ? min(point, length - 1) : nil
    case .throttle: throttle = fault.bytesPerSecond
    case .tooMuch: padding = 100
    case .tooLittle: length -= min(length, 100)
    case .truncatedJSON: length = point
    default: break
    }
  }

  var head: HTTPResponse {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    fields[.contentLength] = String(length + padding)
    return HTTPResponse(status: .init(code: status), headerFields: fields)
  }

  /// `count` bytes of the answer from `offset` on.
  private func bytes(at offset: Int64, count: Int) -> [UInt8] {
    let kept = Int(max(0, min(Int64(count), length - offset)))
    var bytes: [UInt8]
    switch source {
    case .bytes(let all): bytes = Array(all.dropFirst(Int(offset)).prefix(kept))
    case .content(let content, let from): bytes = content.bytes(at: from + offset, count: kept)
    }
    if let wrongByte, wrongByte >= offset, wrongByte < offset + Int64(bytes.count) {
      bytes[Int(wrongByte - offset)] ^= 0x01
    }
    bytes.append(contentsOf: repeatElement(0, count: count - kept))
    return bytes
  }

  /// Sends it all, or as much as it is to; back-pressure of the connection is awaited.
  ///
  /// - Parameters:
  ///   - rate: bytes per second that hold now, `nil` for no limit; asked before each piece.
  ///   - sent: told of each piece that went out.
  @concurrent func send(
    _ writer: consuming ResponseWriter, on channel: any Channel,
    rate: @escaping @Sendable () -> Int?,
    sent report: @escaping @Sendable (Int) -> Void
  ) async throws {
    var sent: Int64 = 0
    var body = try await writer.writeHead(head)
    let end = cut?.after ?? length + padding
    let clock = ContinuousClock()
    var due = clock.now
    while sent < end {
      let limit = throttle ?? rate()
      let piece = limit.map { max(512, min(262_144, $0 / 16)) } ?? 262_144
      let count = Int(min(Int64(piece), end - sent))
      try await body.write(ByteBuffer(bytes: bytes(at: sent, count: count)))
      sent += Int64(count)
      report(count)
      if let limit {
        due = max(due, clock.now - .seconds(1)) + .seconds(Double(count) / Double(max(1, limit)))
        try await clock.sleep(until: due)
      }
    }
    guard let cut else { return try await body.finish(nil) }
    try await Self.end(cut.kind, channel)
  }

  /// Ends the connection as the fault says; what was written before is on the wire by then.
  private static func end(_ cut: Cut, _ channel: any Channel) async throws {
    try await channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer()))
    switch cut {
    case .close: break
    case .reset: try await reset(channel)
    case .stall: try await Task.sleep(for: Hang.patience)
    }
    throw ConnectionCut()
  }

  /// Closes so that the client sees a reset: lingering for no time discards and sends RST.
  static func reset(_ channel: any Channel) async throws {
    if let options = channel as? any SocketOptionProvider {
      try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
    try await channel.close()
  }
}

/// A request that is never answered.
enum Hang {
  /// After this the connection closes without an answer.
  static let patience = Duration.seconds(60)
}
