import Testing

@testable import Transfer

@Suite struct SegmentPoolTests {
  private func pool(_ missing: Range<Int64>...) -> SegmentPool {
    SegmentPool(missing, pieceSize: 10)
  }

  private func take(
    _ pool: inout SegmentPool, _ length: Int64
  ) throws -> (id: Int, range: Range<Int64>) {
    let given = pool.take(length)
    return try #require(given)
  }

  @Test func `the lowest bytes are given first, up to a piece's end`() throws {
    var pool = pool(3..<10, 20..<57)
    #expect(pool.remaining == 44)
    let first = try take(&pool, 1)
    #expect(first.range == 3..<10)
    let second = try take(&pool, 11)
    #expect(second.range == 20..<40)
    let third = try take(&pool, 1_000)
    #expect(third.range == 40..<57)
    var part = pool.claim(second.id, 15)
    #expect(part == (20, 15))
    part = pool.claim(second.id, 15)
    #expect(part == (35, 5))
    part = pool.claim(second.id, 15)
    #expect(part == (40, 0))
    pool.leave(second.id)
    part = pool.claim(third.id, 4)
    #expect(part == (40, 4))
    pool.leave(third.id)
    let range1 = try take(&pool, 1_000).range
    #expect(range1 == 44..<57)
    #expect(!pool.isEmpty)
  }

  @Test func `when all is given, the longest is halved at a piece's end`() throws {
    var pool = pool(0..<100)
    let first = try take(&pool, .max)
    let part = pool.claim(first.id, 5)
    #expect(part == (0, 5))
    let second = try take(&pool, 1)
    #expect(second.range == 60..<100)
    let third = try take(&pool, 1)
    #expect(third.range == 40..<60)
    #expect(pool.left(first.id) == 5..<40)
    var last = third
    while let more = pool.take(1) { last = more }
    #expect(last.range.count == 10)
    #expect(!pool.canGive)
  }

  @Test func `of two for one stretch it is theirs who bring something first`() throws {
    var pool = pool(0..<30)
    let slow = try take(&pool, .max)
    _ = pool.claim(slow.id, 4)
    let given = pool.takeOver(slow.id)
    let second = try #require(given)
    #expect(second.range == 4..<30 && pool.left(second.id) == 4..<30)
    var third = pool.takeOver(slow.id)
    #expect(third == nil && pool.remaining == 26)
    var loser = pool.settle(second.id)
    #expect(loser == slow.id && pool.isOut(slow.id))
    var part = pool.claim(second.id, 6)
    #expect(part == (4, 6))
    part = pool.claim(slow.id, 6)
    #expect(part == (0, 0))
    pool.leave(slow.id)
    #expect(pool.left(second.id) == 10..<30)

    third = pool.takeOver(second.id)
    let late = try #require(third)
    loser = pool.settle(second.id)
    #expect(loser == late.id && pool.isOut(late.id))
    part = pool.claim(late.id, 6)
    #expect(part == (0, 0))
    pool.leave(late.id)
    #expect(pool.remaining == 20)
  }

  @Test func `who waits for a stretch gets it when the other fails, and leaves it when failing`()
    throws
  {
    var pool = pool(0..<30)
    let slow = try take(&pool, .max)
    var given = pool.takeOver(slow.id)
    let first = try #require(given)
    pool.leave(first.id)
    #expect(pool.isOut(first.id) && pool.left(slow.id) == 0..<30)
    given = pool.takeOver(slow.id)
    let second = try #require(given)
    pool.leave(slow.id)
    #expect(pool.isOut(slow.id) && pool.left(second.id) == 0..<30 && !pool.isOut(second.id))
    let loser = pool.settle(second.id)
    #expect(loser == nil)
    pool.leave(second.id)
    #expect(pool.remaining == 30)
  }

  @Test func `what has no end is not taken over`() throws {
    var pool = pool(0..<Int64.max)
    let first = try take(&pool, .max)
    let second = pool.takeOver(first.id)
    #expect(second == nil)
  }

  @Test func `a length that becomes known cuts what had no end`() throws {
    var pool = pool(0..<Int64.max)
    let first = try take(&pool, .max)
    #expect(!pool.canGive)
    pool.learn(total: 95)
    pool.trim(first.id, to: 25)
    #expect(pool.left(first.id) == 0..<30)
    let range2 = try take(&pool, 1_000).range
    #expect(range2 == 30..<95)
    pool.restart(first.id)
    #expect(pool.left(first.id) == 0..<Int64.max)
  }

  @Test func `what was cut off is taken back where nobody has begun it`() throws {
    var pool = pool(0..<100)
    let first = try take(&pool, .max)
    pool.trim(first.id, to: 20)
    let second = try take(&pool, 30)
    pool.absorb(first.id)
    #expect(pool.left(first.id) == 0..<100)
    #expect(pool.left(second.id) == nil)
    let part = pool.claim(second.id, 5)
    #expect(part == (0, 0))
  }

  @Test func `the sum of connections grows as long as it helps`() {
    var width = ConnectionWidth(most: 32)
    var now = 0.0
    /// What a server gives that lets each connection have one unit, and all of them `most`.
    func run(_ most: Int, seconds: Double) {
      let end = now + seconds
      while now < end {
        while width.used < width.allowed { width.enter() }
        while width.isTooWide { width.leave() }
        width.received(min(width.used, most) * 1_000)
        now += 0.05
        width.look(at: now)
      }
    }
    width.enter()
    run(100, seconds: 2)
    #expect(width.allowed == 32)
    width.pushedBack(at: now)
    #expect(width.allowed == 16)
    run(100, seconds: 50)
    #expect(width.allowed == 16)

    width = ConnectionWidth(most: 32)
    width.enter()
    now = 0
    run(6, seconds: 2)
    // Eight gave half as much again as four, sixteen nothing more.
    #expect(width.allowed == 8)
  }

  @Test func `one connection is left while there is a reason, and then as many as before`() {
    var width = ConnectionWidth(most: 32)
    for _ in 0..<3 { width.enter() }
    #expect(width.hasRoom && !width.isTooWide)
    width.isNarrow = true
    #expect(!width.hasRoom && width.isTooWide)
    for _ in 0..<2 { width.leave() }
    #expect(!width.hasRoom && !width.isTooWide)
    width.isNarrow = false
    #expect(width.hasRoom)
  }
}
