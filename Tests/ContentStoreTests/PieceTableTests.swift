import Testing

@testable import ContentStore

@Suite struct PieceTableTests {
  private let piece = PieceTable.pieceSize

  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  }

  private func sum(_ parts: [[UInt8]]) -> UInt64 {
    var sum = PieceSum()
    for part in parts { unsafe part.withUnsafeBytes { unsafe sum.update($0) } }
    return sum.value
  }

  /// The values of `xxhsum -H1`.
  @Test(arguments: [
    ("", 0xef46_db37_51d8_e999 as UInt64), ("a", 0xd24e_c4f1_a98c_6e5b),
    ("abc", 0x44bc_2cf5_ad77_0999),
    ("The quick brown fox jumps over the lazy dog", 0x0b24_2d36_1fda_71bc),
  ])
  func `checksums are those of the specification`(text: String, expected: UInt64) {
    #expect(sum([Array(text.utf8)]) == expected)
  }

  @Test func `a checksum does not depend on how the bytes come`() {
    let all = bytes(1_003)
    let whole = sum([all])
    for cut in [1, 31, 32, 33, 40, 500, 999, 1_002] {
      #expect(sum([Array(all[..<cut]), Array(all[cut...])]) == whole, "\(cut)")
      #expect(sum([Array(all[..<cut]), [], Array(all[cut...])]) == whole, "\(cut)")
    }
    #expect(sum([all, [1]]) != whole)
  }

  @Test func `pieces come in any order, and the front stops at the first gap`() {
    var table = PieceTable()
    table.learn(total: 2 * piece + 10)
    let part = bytes(1_000)
    func take(_ count: Int, at offset: Int64) -> [PieceTable.Record] {
      unsafe part[..<count].withUnsafeBytes { unsafe table.take($0, at: offset) }
    }
    #expect(take(10, at: 2 * piece).map(\.index) == [2])
    #expect(take(1_000, at: piece).isEmpty)
    #expect(table.front == 0 && table.received == 1_010)
    #expect(table.missing == [0..<piece, piece + 1_000..<2 * piece])
    #expect(table.next(at: piece) == piece + 1_000)
    #expect(take(500, at: 0).isEmpty)
    #expect(table.front == 500)
    #expect(table.begun.map(\.filled) == [500, 1_000])
    #expect(table.records.map(\.index) == [2, 0, 1])
  }

  @Test func `without a length there is no end`() {
    var table = PieceTable()
    #expect(table.missing == [0..<Int64.max])
    _ = unsafe bytes(10).withUnsafeBytes { unsafe table.take($0, at: 0) }
    #expect(table.missing == [10..<Int64.max])
    table.learn(total: 10)
    #expect(table.missing.isEmpty)
    #expect(PieceTable(whole: 0).missing.isEmpty)
    #expect(PieceTable(whole: piece).front == piece)
  }
}
