import Core
import Foundation

@testable import Transfer

/// Speaks as much HTTP/2 behind a `TLSServer` as a test needs: every request gets the same body.
///
/// Requests are held back until so many are there, which only streams of one connection can be.
// Safety: `input` is written by the server's one thread; the rest is behind locks.
final class FrameServer: @unchecked Sendable {
  private static let preface = 24
  private static let data: UInt8 = 0
  private static let headers: UInt8 = 1
  private static let settings: UInt8 = 4
  private static let ping: UInt8 = 6

  let server: TLSServer
  private let body: [UInt8]
  private let wanted = Locked(1)
  private let answered = Locked(0)

  init(body: [UInt8]) async throws {
    server = try await TLSServer("-quiet", "-alpn", "h2")
    self.body = body
    onThread { [self] in serve() }
  }

  var url: SafeURL { server.url }
  var answers: Int { answered.withLock { $0 } }

  /// From now on requests wait for each other until there are so many.
  func gather(_ count: Int) { wanted.withLock { $0 = count } }

  private func serve() {
    var bytes: [UInt8] = []
    var waiting: [[UInt8]] = []
    while case let piece = server.output.availableData, !piece.isEmpty {
      bytes += piece
      while let frame = takeFrame(&bytes) {
        switch frame.kind {
        case Self.settings where frame.flags & 1 == 0:
          send(Self.settings, flags: 0, on: [0, 0, 0, 0], [])
          send(Self.settings, flags: 1, on: [0, 0, 0, 0], [])
        case Self.ping where frame.flags & 1 == 0:
          send(Self.ping, flags: 1, on: [0, 0, 0, 0], frame.payload)
        case Self.headers: waiting.append(frame.stream)
        default: break
        }
      }
      guard waiting.count >= wanted.withLock({ $0 }) else { continue }
      for stream in waiting { answer(stream) }
      waiting = []
    }
  }

  private func takeFrame(
    _ bytes: inout [UInt8]
  ) -> (kind: UInt8, flags: UInt8, stream: [UInt8], payload: [UInt8])? {
    if bytes.starts(with: Array("PRI * HTTP/2.0".utf8)), bytes.count >= Self.preface {
      bytes.removeFirst(Self.preface)
    }
    guard bytes.count >= 9, bytes[0] < 0x50 else { return nil }
    let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
    guard bytes.count >= 9 + length else { return nil }
    defer { bytes.removeFirst(9 + length) }
    return (bytes[3], bytes[4], Array(bytes[5..<9]), Array(bytes[9..<9 + length]))
  }

  private func answer(_ stream: [UInt8]) {
    answered.withLock { $0 += 1 }
    let length = Array("\(body.count)".utf8)
    // `:status 200` and `content-length`, by their numbers in HPACK's fixed table.
    send(Self.headers, flags: 4, on: stream, [0x88, 0x0f, 0x0d, UInt8(length.count)] + length)
    send(Self.data, flags: 1, on: stream, body)
  }

  private func send(_ kind: UInt8, flags: UInt8, on stream: [UInt8], _ payload: [UInt8]) {
    let count = payload.count
    let length = [UInt8(count >> 16), UInt8(count >> 8 & 0xff), UInt8(count & 0xff)]
    try? server.input.write(contentsOf: length + [kind, flags] + stream + payload)
  }
}
