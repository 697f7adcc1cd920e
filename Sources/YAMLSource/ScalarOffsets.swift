/// Finds the byte where the n-th Unicode scalar of a text begins: libyaml counts scalars, spans
/// count bytes.
struct ScalarOffsets {
  private static let stride = 64
  private let bytes: [UInt8]
  private let base: Int
  /// The byte of every 64th scalar; empty for a text of ASCII, where both counts are one.
  private var checkpoints: [Int] = []

  /// - Parameters:
  ///   - bytes: valid UTF-8.
  ///   - base: how many bytes at its start libyaml does not see.
  init(_ bytes: [UInt8], base: Int) {
    self.bytes = bytes
    self.base = base
    guard !bytes.dropFirst(base).allSatisfy({ $0 < 0x80 }) else { return }
    var scalars = 0
    for (offset, byte) in bytes.enumerated().dropFirst(base) where byte & 0xC0 != 0x80 {
      if scalars % Self.stride == 0 { checkpoints.append(offset) }
      scalars += 1
    }
  }

  func byte(ofScalar index: Int) -> Int {
    guard let last = checkpoints.indices.last else { return min(base + index, bytes.count) }
    let checkpoint = min(index / Self.stride, last)
    var offset = checkpoints[checkpoint]
    var left = index - checkpoint * Self.stride
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }
}
