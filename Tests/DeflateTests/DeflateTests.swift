import Deflate
import Testing

struct DeflateTests {
  /// By Python's `zlib.compress(b"hello hello hello hello")`.
  private static let hello: [UInt8] = [
    120, 156, 203, 72, 205, 201, 201, 87, 200, 64, 39, 1, 104, 3, 8, 177,
  ]

  @Test func `what others compressed is read`() {
    #expect(Deflate.expanded(Self.hello, limit: 100) == Array("hello hello hello hello".utf8))
  }

  @Test(arguments: [0, 1, 70_000, 1_000_000])
  func `what goes in comes out`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    let small = try #require(Deflate.compressed(bytes))
    #expect(Deflate.expanded(small, limit: count) == bytes)
  }

  @Test func `no more is made than is wanted`() throws {
    let small = try #require(Deflate.compressed([UInt8](repeating: 7, count: 5_000_000)))
    #expect(small.count < 50_000)
    #expect(Deflate.expanded(small, limit: 4_999_999) == nil)
    #expect(Deflate.expanded(small, limit: 5_000_000)?.count == 5_000_000)
    #expect(Deflate.expanded(small, limit: 0) == nil)
  }

  @Test func `what is cut off, damaged or something else is nothing`() {
    for count in 0..<Self.hello.count {
      #expect(Deflate.expanded(Array(Self.hello.prefix(count)), limit: 100) == nil)
    }
    for place in Self.hello.indices.dropFirst(2) {
      var bytes = Self.hello
      bytes[place] ^= 0x55
      #expect(Deflate.expanded(bytes, limit: 100) == nil, "byte \(place)")
    }
    #expect(Deflate.expanded(Array("no stream at all".utf8), limit: 100) == nil)
  }
}
