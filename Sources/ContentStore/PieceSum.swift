/// A cheap checksum of a piece, to find bytes that a power cut took or mixed up: XXH64 with seed 0,
/// as its specification has it (github.com/Cyan4973/xxHash, `doc/xxhash_spec.md`). It proves nothing
/// against anybody who means harm; the digest of the whole object does.
struct PieceSum: Sendable, Equatable {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
  private static let stripe = 32

  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (
    prime1 &+ prime2, prime2, 0, 0 &- prime1
  )
  private var length: UInt64 = 0
  /// Bytes that do not fill a stripe yet.
  private var rest: [UInt8] = []

  static func == (left: PieceSum, right: PieceSum) -> Bool { left.value == right.value }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var offset = 0
    if !rest.isEmpty {
      offset = min(Self.stripe - rest.count, bytes.count)
      unsafe rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<offset]))
      guard rest.count == Self.stripe else { return }
      let whole = rest
      rest = []
      unsafe whole.withUnsafeBytes { unsafe stripes($0) }
    }
    let end = offset + (bytes.count - offset) / Self.stripe * Self.stripe
    unsafe stripes(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
    if end < bytes.count {
      unsafe rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[end...]))
    }
  }

  /// Whole stripes. Words are read through a bound pointer, and shifted without a look at how far:
  /// this runs for every byte that comes, also where nothing is optimised.
  private mutating func stripes(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, unsafe !bytes.isEmpty else { return }
    if UInt(bitPattern: base) % 8 == 0 {
      unsafe words(base.assumingMemoryBound(to: UInt64.self), bytes.count / 8)
    } else {
      let aligned = unsafe [UInt64](unsafeUninitializedCapacity: bytes.count / 8) { words, count in
        unsafe UnsafeMutableRawBufferPointer(words).copyMemory(from: bytes)
        count = bytes.count / 8
      }
      unsafe aligned.withUnsafeBufferPointer { words in
        if let base = words.baseAddress { unsafe self.words(base, words.count) }
      }
    }
  }

  private mutating func words(_ words: UnsafePointer<UInt64>, _ count: Int) {
    let (prime1, prime2) = (Self.prime1, Self.prime2)
    var (a, b, c, d) = lanes
    var index = 0
    while index < count {
      a = unsafe a &+ words[index].littleEndian &* prime2
      a = (a &<< 31 | a &>> 33) &* prime1
      b = unsafe b &+ words[index &+ 1].littleEndian &* prime2
      b = (b &<< 31 | b &>> 33) &* prime1
      c = unsafe c &+ words[index &+ 2].littleEndian &* prime2
      c = (c &<< 31 | c &>> 33) &* prime1
      d = unsafe d &+ words[index &+ 3].littleEndian &* prime2
      d = (d &<< 31 | d &>> 33) &* prime1
      index = index &+ 4
    }
    lanes = (a, b, c, d)
  }

  /// The checksum of all that was given so far; more may follow.
  var value: UInt64 {
    var sum: UInt64
    if length >= UInt64(Self.stripe) {
      let (a, b, c, d) = lanes
      sum =
        Self.rotate(a, 1) &+ Self.rotate(b, 7) &+ Self.rotate(c, 12) &+ Self.rotate(d, 18)
      for lane in [a, b, c, d] {
        sum = (sum ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    } else {
      sum = Self.prime5
    }
    sum &+= length
    sum = unsafe rest.withUnsafeBytes { unsafe Self.tail(sum, $0) }
    sum = (sum ^ (sum >> 33)) &* Self.prime2
    sum = (sum ^ (sum >> 29)) &* Self.prime3
    return sum ^ (sum >> 32)
  }

  private static func tail(_ sum: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum = sum
    var offset = 0
    while offset + 8 <= bytes.count {
      sum = unsafe rotate(sum ^ round(0, word(bytes, offset)), 27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = unsafe UInt64(
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian)
      sum = rotate(sum ^ (half &* prime1), 23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < bytes.count {
      sum = unsafe rotate(sum ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
      offset += 1
    }
    return sum
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* prime2, 31) &* prime1
  }

  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value &<< count | value &>> (64 &- count)
  }
}
