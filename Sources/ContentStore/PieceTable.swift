/// Which bytes of an object are there: it is cut into pieces that come in any order, each of them from
/// its beginning to its end.
struct PieceTable: Sendable {
  /// Bytes of a piece, but for the last one: what a lost connection or process costs at most.
  static let pieceSize: Int64 = 8 << 20

  /// A piece as far as it is there.
  struct Record: Sendable, Equatable {
    var index: Int
    var filled: Int64
    var sum: UInt64
  }

  /// The object's length; `nil` while nobody knows it.
  private(set) var total: Int64?
  /// Bytes that are there.
  private(set) var received: Int64 = 0
  /// Up to where every byte is there.
  private(set) var front: Int64 = 0
  private var filled: [Int64] = []
  /// The sums of pieces that are begun and not whole, and of those that are.
  private var open: [Int: PieceSum] = [:]
  private var sums: [Int: UInt64] = [:]

  init() {}

  /// Everything of an object is there, and nobody will ask for the pieces' sums.
  init(whole size: Int64) {
    total = size
    received = size
    front = size
    filled = stride(from: 0, to: size, by: Int(Self.pieceSize)).map {
      min(Self.pieceSize, size - $0)
    }
  }

  /// Learns the object's length, which is no less than what is there.
  mutating func learn(total: Int64) { self.total = total }

  static func index(at offset: Int64) -> Int { Int(offset / pieceSize) }
  static func start(of index: Int) -> Int64 { Int64(index) * pieceSize }

  /// Whole bytes of a piece.
  private func length(of index: Int) -> Int64 {
    guard let total else { return Self.pieceSize }
    return min(Self.pieceSize, total - Self.start(of: index))
  }

  private func filled(_ index: Int) -> Int64 {
    filled.indices.contains(index) ? filled[index] : 0
  }

  /// Where the next byte of the piece belongs that holds `offset`.
  func next(at offset: Int64) -> Int64 {
    let index = Self.index(at: offset)
    return Self.start(of: index) + filled(index)
  }

  /// Up to where anything is there.
  var end: Int64 {
    guard let last = filled.lastIndex(where: { $0 > 0 }) else { return 0 }
    return Self.start(of: last) + filled[last]
  }

  var missing: [Range<Int64>] {
    var ranges: [Range<Int64>] = []
    func add(_ range: Range<Int64>) {
      if let last = ranges.last, last.upperBound == range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else if !range.isEmpty {
        ranges.append(range)
      }
    }
    for index in filled.indices where filled[index] < length(of: index) {
      let start = Self.start(of: index)
      add(start + filled[index]..<start + length(of: index))
    }
    let end = min(Self.start(of: filled.count), total ?? .max)
    add(end..<max(end, total ?? .max))
    return ranges
  }

  /// Notes bytes that were written at ``next(at:)`` of their pieces.
  /// - Returns: the pieces that are whole by them.
  mutating func take(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> [Record] {
    var whole: [Record] = []
    var position = offset
    let end = offset + Int64(bytes.count)
    while position < end {
      let index = Self.index(at: position)
      let stop = min(end, Self.start(of: index + 1))
      let part = unsafe UnsafeRawBufferPointer(
        rebasing: bytes[Int(position - offset)..<Int(stop - offset)])
      unsafe fill(index, part)
      if filled[index] == length(of: index), let sum = open.removeValue(forKey: index) {
        whole.append(Record(index: index, filled: filled[index], sum: sum.value))
        sums[index] = sum.value
      }
      position = stop
    }
    received += Int64(bytes.count)
    advanceFront()
    return whole
  }

  private mutating func fill(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
    if index >= filled.count {
      filled += Array(repeating: 0, count: index + 1 - filled.count)
    }
    unsafe open[index, default: PieceSum()].update(bytes)
    filled[index] += Int64(bytes.count)
  }

  private mutating func advanceFront() {
    while true {
      let index = Self.index(at: front)
      front = Self.start(of: index) + filled(index)
      guard front == Self.start(of: index + 1), filled.indices.contains(index + 1) else { return }
    }
  }

  /// Takes a piece as an earlier writer left it.
  mutating func restore(_ record: Record, _ sum: PieceSum) {
    let index = record.index
    if index >= filled.count {
      filled += Array(repeating: 0, count: index + 1 - filled.count)
    }
    filled[index] = record.filled
    received += record.filled
    if record.filled == length(of: index) {
      sums[index] = record.sum
    } else {
      open[index] = sum
    }
    advanceFront()
  }

  /// Every piece as far as it is there.
  var records: [Record] {
    sums.map { Record(index: $0, filled: filled[$0], sum: $1) }.sorted { $0.index < $1.index }
      + begun
  }

  /// The pieces that are begun and not whole.
  var begun: [Record] {
    open.map { Record(index: $0, filled: filled[$0], sum: $1.value) }
      .sorted { $0.index < $1.index }
  }
}
