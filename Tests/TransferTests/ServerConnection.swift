import Glibc

@testable import Transfer

/// One accepted connection of a `ScriptedServer`.
// Safety: `buffer` belongs to the connection's thread; the descriptor is behind a lock.
final class ServerConnection: @unchecked Sendable {
  let number: Int
  /// `nil` once closed, so that a late hang-up does not hit a descriptor that was given out anew.
  private let descriptor: Locked<CInt?>
  private var buffer: [UInt8] = []

  init(_ descriptor: CInt, number: Int) {
    self.descriptor = Locked(descriptor)
    self.number = number
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends everything, or what the peer still takes.
  func send(_ bytes: [UInt8]) {
    guard let descriptor = descriptor.withLock({ $0 }) else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { piece in
        unsafe Glibc.send(descriptor, piece.baseAddress, piece.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// An answer with `Content-Length` and these further header lines.
  func answer(_ status: String, _ headers: [String] = [], body: [UInt8] = []) {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
    send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
  }

  func answer(_ status: String, _ headers: [String] = [], text: String) {
    answer(status, headers, body: Array(text.utf8))
  }

  /// Ends the connection in good order, after what was sent.
  func hangUp() {
    descriptor.withLock { _ = $0.map { shutdown($0, Int32(SHUT_RDWR)) } }
  }

  /// Ends the connection with a TCP reset.
  func reset() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      var option = linger(l_onoff: 1, l_linger: 0)
      let size = socklen_t(MemoryLayout<linger>.size)
      unsafe setsockopt(open, SOL_SOCKET, SO_LINGER, &option, size)
      close(open)
      descriptor = nil
    }
  }

  func finish() {
    descriptor.withLock { descriptor in
      if let open = descriptor { close(open) }
      descriptor = nil
    }
  }

  /// The next request; `nil` at the end of the connection or when it is none.
  func readRequest() -> ReceivedRequest? {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = buffer.firstRange(of: end) {
        let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
        return request(head, bodyFrom: range.upperBound)
      }
      guard readMore() else { return nil }
    }
  }

  private func request(_ head: String, bodyFrom start: Int) -> ReceivedRequest? {
    var lines = head.split(separator: "\r\n")[...]
    guard let first = lines.popFirst()?.split(separator: " "), first.count == 3 else { return nil }
    var headers = HTTPHeaders()
    for line in lines {
      let halves = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers.add(String(halves[0]), String(halves.last?.drop { $0 == " " } ?? ""))
    }
    let end = start + Int(headers.contentLength ?? 0)
    while buffer.count < end {
      guard readMore() else { return nil }
    }
    let body = Array(buffer[start..<end])
    buffer.removeFirst(end)
    return ReceivedRequest(
      method: String(first[0]), target: String(first[1]), headers: headers, body: body,
      connection: number)
  }

  private func readMore() -> Bool {
    guard let descriptor = descriptor.withLock({ $0 }) else { return false }
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe piece.withUnsafeMutableBytes { bytes in
      unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }
    guard count > 0 else { return false }
    buffer += piece[..<count]
    return true
  }
}
