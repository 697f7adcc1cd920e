/// Which connection fetches which bytes of an object: stretches of whole pieces, the lowest first, so
/// that the digest, which reads in order, has never long to wait.
struct SegmentPool: Sendable {
  typealias Part = (id: Int, range: Range<Int64>)

  /// Stretches begin and end at multiples of it, or where bytes are that came before.
  private let pieceSize: Int64
  /// What nobody fetches yet, lowest first.
  private var waiting: [Range<Int64>]
  /// What is left of the stretches that are under way.
  private var active: [Int: Range<Int64>] = [:]
  /// Who asks for the stretch of another that stands still: it is theirs when bytes come for them first.
  private var rivals: [Int: Int] = [:]
  private var nextID = 0

  init(_ missing: [Range<Int64>], pieceSize: Int64) {
    waiting = missing
    self.pieceSize = pieceSize
  }

  /// Whether every byte was claimed.
  var isEmpty: Bool { waiting.isEmpty && active.values.allSatisfy(\.isEmpty) }
  /// Whether there is something for one more connection.
  var canGive: Bool {
    var copy = self
    return copy.take(1) != nil
  }
  /// Bytes that nobody claimed yet.
  var remaining: Int64 {
    waiting.reduce(0) { $0 + Int64($1.count) } + active.values.reduce(0) { $0 + Int64($1.count) }
  }

  /// Everything is to be fetched again, by one connection.
  mutating func restart(_ id: Int) {
    waiting = []
    rivals = [:]
    active = [id: 0..<Int64.max]
  }

  /// Learns the object's length: what was thought to have no end has one.
  mutating func learn(total: Int64) {
    func cut(_ range: Range<Int64>) -> Range<Int64> {
      range.upperBound == .max ? min(range.lowerBound, total)..<total : range
    }
    waiting = waiting.map(cut).filter { !$0.isEmpty }
    active = active.mapValues(cut)
  }

  // MARK: Taking

  /// The lowest stretch that nobody has, of about `length` bytes; when there is none, the further half
  /// of the longest that is under way.
  mutating func take(_ length: Int64) -> Part? {
    guard let range = takeWaiting(length) ?? takeHalf() else { return nil }
    nextID += 1
    active[nextID] = range
    return (nextID, range)
  }

  private mutating func takeWaiting(_ length: Int64) -> Range<Int64>? {
    guard let first = waiting.first else { return nil }
    let end = min(first.upperBound, boundary(after: first.lowerBound, atLeast: length))
    if end == first.upperBound {
      waiting.removeFirst()
    } else {
      waiting[0] = end..<first.upperBound
    }
    return first.lowerBound..<end
  }

  private mutating func takeHalf() -> Range<Int64>? {
    let longest = active.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
    guard let (id, range) = longest, range.upperBound < .max else { return nil }
    let middle = boundary(after: range.lowerBound, atLeast: Int64(range.count) / 2)
    guard middle < range.upperBound else { return nil }
    active[id] = range.lowerBound..<middle
    return middle..<range.upperBound
  }

  /// The first multiple of the piece that lies so far behind `offset`, or further.
  private func boundary(after offset: Int64, atLeast length: Int64) -> Int64 {
    let (end, overflow) = offset.addingReportingOverflow(max(1, length))
    guard !overflow, end <= Int64.max - pieceSize else { return .max }
    return (end + pieceSize - 1) / pieceSize * pieceSize
  }

  /// Cuts a stretch that is under way; the rest is for others.
  mutating func trim(_ id: Int, to length: Int64) {
    guard let range = active[id] else { return }
    let end = boundary(after: range.lowerBound, atLeast: length)
    guard end < range.upperBound else { return }
    active[id] = range.lowerBound..<end
    waiting.insert(
      end..<range.upperBound, at: waiting.firstIndex { $0.lowerBound > end } ?? waiting.endIndex)
  }

  /// Nobody else can help: the others lose their stretches, and this one goes on as far as nothing
  /// came behind it.
  mutating func absorb(_ id: Int) {
    rivals = [:]
    for other in active.keys.sorted() where other != id { leave(other) }
    while let range = active[id],
      let next = waiting.first(where: { $0.lowerBound == range.upperBound })
    {
      active[id] = range.lowerBound..<next.upperBound
      waiting.removeAll { $0 == next }
    }
  }

  // MARK: Fetching

  /// Bytes came for a stretch: how many of them belong to it, and where.
  mutating func claim(_ id: Int, _ count: Int) -> (offset: Int64, count: Int) {
    guard let range = active[id] else { return (0, 0) }
    let taken = min(Int64(count), range.upperBound - range.lowerBound)
    active[id] = range.lowerBound + taken..<range.upperBound
    return (range.lowerBound, Int(taken))
  }

  /// What is left of a stretch.
  func left(_ id: Int) -> Range<Int64>? { active[rivals[id] ?? id] }

  /// A connection is done with its stretch; what is left of it is for others.
  mutating func leave(_ id: Int) {
    guard rivals.removeValue(forKey: id) == nil else { return }
    if let rival = rival(to: id) {
      active[rival] = active.removeValue(forKey: id)
      rivals[rival] = nil
      return
    }
    guard let range = active.removeValue(forKey: id), !range.isEmpty else { return }
    let place = waiting.firstIndex { $0.lowerBound > range.lowerBound } ?? waiting.endIndex
    waiting.insert(range, at: place)
  }

  // MARK: Two for one stretch

  /// One more connection for a stretch that is under way; `nil` where that is nothing with an end, or two
  /// are at it already.
  mutating func takeOver(_ id: Int) -> Part? {
    guard let range = active[id], !range.isEmpty, range.upperBound < .max, rival(to: id) == nil
    else {
      return nil
    }
    nextID += 1
    rivals[nextID] = id
    return (nextID, range)
  }

  /// Bytes came for a connection: where two ask for one stretch it is this one's from now on.
  /// - Returns: the other one, which has nothing to fetch any more.
  mutating func settle(_ id: Int) -> Int? {
    if rivals.isEmpty { return nil }
    if let slow = rivals.removeValue(forKey: id) {
      active[id] = active.removeValue(forKey: slow)
      return slow
    }
    guard let rival = rival(to: id) else { return nil }
    rivals[rival] = nil
    return rival
  }

  /// Whether a connection lost its stretch to another.
  func isOut(_ id: Int) -> Bool { active[id] == nil && rivals[id] == nil }

  private func rival(to id: Int) -> Int? { rivals.first { $0.value == id }?.key }
}
