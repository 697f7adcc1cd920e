extension PreviewImage {
  /// A real, small JPEG: one shade of grey, 64 × 96, baseline.
  ///
  /// All its blocks are alike, so that each but the first is two bits: no difference to the one
  /// before, and the end of the block.
  static func jpeg(_ id: UInt64) -> [UInt8] {
    let shade = 128 + Int(Mixing.mix(id) % 128)
    // Difference of 8 bits (`10`), end of block (`0`); then 95 blocks of `0`, `0`.
    var bits = [1, 0] + (0..<8).reversed().map { shade >> $0 & 1 } + [0]
    bits += [Int](repeating: 0, count: 2 * 95)
    while bits.count % 8 != 0 { bits.append(1) }
    let data = stride(from: 0, to: bits.count, by: 8).flatMap { start -> [UInt8] in
      let byte = UInt8(bits[start..<start + 8].reduce(0) { $0 << 1 | $1 })
      return byte == 0xFF ? [0xFF, 0] : [byte]
    }
    let quantization = [0] + [UInt8](repeating: 4, count: 64)
    // Codes of one and of two bits: no difference, a difference of 8 bits.
    let differences: [UInt8] = [0x00, 1, 1] + [UInt8](repeating: 0, count: 14) + [0, 8]
    // One code of one bit: the end of the block.
    let coefficients: [UInt8] = [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0]
    return [0xFF, 0xD8]
      + segment(0xE0, Array("JFIF".utf8) + [0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
      + segment(0xDB, quantization)
      + segment(0xC0, [8, 0, 96, 0, 64, 1, 1, 0x11, 0])
      + segment(0xC4, differences) + segment(0xC4, coefficients)
      + segment(0xDA, [1, 1, 0x00, 0, 63, 0]) + data + [0xFF, 0xD9]
  }

  private static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    let length = data.count + 2
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + data
  }
}
