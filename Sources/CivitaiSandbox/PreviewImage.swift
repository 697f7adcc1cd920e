/// A real, small PNG for the previews of versions: one colour, 64 × 96.
enum PreviewImage {
  static func png(_ id: UInt64) -> [UInt8] {
    let colour = Mixing.mix(id)
    let pixel = (0..<3).map { UInt8(truncatingIfNeeded: colour >> UInt64($0 * 8)) }
    let row: [UInt8] = [0] + (0..<64).flatMap { _ in pixel }
    let raw = (0..<96).flatMap { _ in row }
    let header = big(64) + big(96) + [8, 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + chunk("IDAT", zlib(raw)) + chunk("IEND", [])
  }

  /// One stored block: the image is below 65,536 bytes.
  private static func zlib(_ raw: [UInt8]) -> [UInt8] {
    let count = UInt64(raw.count)
    let length = ContentKind.little(count, 2) + ContentKind.little(~count, 2)
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in raw {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return [0x78, 0x01, 0x01] + length + raw + big(high << 16 | low)
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(UInt32(data.count)) + body + big(crc32(body))
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
