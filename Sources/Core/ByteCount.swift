/// A number of bytes.
package struct ByteCount: Hashable, Sendable, Comparable {
  package var bytes: Int64

  package init(_ bytes: Int64) { self.bytes = bytes }

  package static let zero = ByteCount(0)

  package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
  package static func + (left: ByteCount, right: ByteCount) -> ByteCount {
    ByteCount(left.bytes.addingReportingOverflow(right.bytes).partialValue)
  }
  package static func += (left: inout ByteCount, right: ByteCount) { left = left + right }

  /// Reads `20GB`, `1.5 TB`, `300 MiB`, `4096`: decimal units for `kB`…`PB`, binary ones for
  /// `KiB`…`PiB`; case does not matter.
  package init?(parsing text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_") }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let value = Double(digits.filter { $0 != "_" }), let factor = Self.factors[unit] else {
      return nil
    }
    let bytes = value * factor
    guard bytes >= 0, bytes < 9.2e18 else { return nil }
    self.bytes = Int64(bytes.rounded())
  }

  private static let factors: [String: Double] = [
    "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15,
    "kib": 1_024, "mib": 1_048_576, "gib": 1_073_741_824,
    "tib": 1_099_511_627_776, "pib": 1_125_899_906_842_624,
  ]
}

extension ByteCount: CustomStringConvertible {
  /// Decimal units as disks and download pages count, with one decimal below a hundred: `18.2 GB`.
  package var description: String {
    var value = Double(bytes)
    var unit = "B"
    for next in ["kB", "MB", "GB", "TB", "PB"] where abs(value) >= 999.5 {
      value /= 1_000
      unit = next
    }
    if unit == "B" { return "\(bytes) B" }
    if abs(value) >= 99.95 { return "\(Int(value.rounded())) \(unit)" }
    let tenths = Int((value * 10).rounded())
    let fraction = tenths % 10 == 0 ? "" : ".\(abs(tenths % 10))"
    return "\(tenths / 10)\(fraction) \(unit)"
  }
}
