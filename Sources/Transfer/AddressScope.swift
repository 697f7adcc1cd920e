internal import Core
internal import Glibc

/// Tells addresses of private networks from public ones.
enum AddressScope {
  /// Whether a URL's host is, by its text alone, this machine or an address of a private network.
  /// Every spelling that resolvers take counts (`127.1`, `0x7f000001`, `2130706433`).
  static func isLocal(_ url: SafeURL) -> Bool {
    url.isLoopback || isLocal(address: url.host)
  }

  /// The same for a numeric address, with or without brackets; false for a name.
  static func isLocal(address text: String) -> Bool {
    let bare = text.filter { $0 != "[" && $0 != "]" }.prefix { $0 != "%" }
    var four = in_addr()
    if unsafe inet_aton(String(bare), &four) != 0 {
      return isLocal(four: UInt32(bigEndian: four.s_addr))
    }
    var six = [UInt8](repeating: 0, count: 16)
    let isSix = unsafe six.withUnsafeMutableBytes { buffer in
      unsafe inet_pton(AF_INET6, String(bare), buffer.baseAddress) == 1
    }
    return isSix && isLocal(six: six)
  }

  /// 198.18.0.0/15 is missing on purpose: local tunnels answer every name with such an address.
  private static func isLocal(four address: UInt32) -> Bool {
    let ranges: [(base: UInt32, bits: UInt32)] = [
      (0x0000_0000, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16),
      (0xac10_0000, 12), (0xc0a8_0000, 16), (0xe000_0000, 3),
    ]
    return ranges.contains { address >> (32 - $0.bits) == $0.base >> (32 - $0.bits) }
  }

  private static func isLocal(six: [UInt8]) -> Bool {
    // Unspecified and loopback; unique local; link and site local.
    if six[..<15].allSatisfy({ $0 == 0 }), six[15] <= 1 { return true }
    if six[0] & 0xfe == 0xfc || (six[0] == 0xfe && six[1] & 0x80 == 0x80) { return true }
    let tail = six[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    let translated: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
    let head = Array(six[..<12])
    return (head == mapped || head == translated) && isLocal(four: tail)
  }
}
