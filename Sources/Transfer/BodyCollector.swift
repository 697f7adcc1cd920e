internal import Core

/// Keeps an answer's body in memory, up to a limit.
// Safety: written on the event loop's thread while the exchange runs, read by its caller after.
final class BodyCollector: ResponseReceiver, @unchecked Sendable {
  private let limit: ByteCount
  private(set) var bytes: [UInt8] = []

  init(limit: ByteCount) { self.limit = limit }

  func begin(_ head: ResponseHead) -> Flow {
    // Announced lengths count compressed bytes: too long already means too long unpacked.
    if let length = head.headers.contentLength, length > limit.bytes {
      return .fail(.bodyTooLarge(limit: limit))
    }
    return .proceed
  }

  func receive(_ piece: UnsafeRawBufferPointer) -> Flow {
    guard Int64(bytes.count + piece.count) <= limit.bytes else {
      return .fail(.bodyTooLarge(limit: limit))
    }
    unsafe bytes.append(contentsOf: piece)
    return .proceed
  }

  func end() -> TransferError? { nil }
}
