import Core

@testable import Transfer

/// A sink in memory that takes pieces in any order and keeps the rules of `ObjectSink`.
final class PieceSink: ObjectSink {
  struct State {
    var bytes: [UInt8] = []
    /// Which bytes are there.
    var has: [Bool] = []
    /// How many of them.
    var count: Int64 = 0
    var validator: String?
    var starts: [Bool] = []
    var isBroken = false
  }

  let pieceSize: Int64
  private let state: Locked<State>

  init(
    pieceSize: Int64, having bytes: [UInt8] = [], _ has: [Range<Int>] = [], validator: String? = nil
  ) {
    self.pieceSize = pieceSize
    var state = State(bytes: bytes, has: Array(repeating: false, count: bytes.count))
    for range in has { for index in range { state.has[index] = true } }
    state.validator = validator
    state.count = Int64(state.has.count { $0 })
    self.state = Locked(state)
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  /// For each beginning of a body: whether what was there was kept.
  var starts: [Bool] { state.withLock { $0.starts } }
  var isWhole: Bool { state.withLock { state in state.has.allSatisfy(\.self) && !state.isBroken } }
  var received: Int64 { state.withLock { $0.count } }
  var validator: String? { state.withLock { $0.validator } }

  var total: Int64? { state.withLock { $0.has.isEmpty ? nil : Int64($0.has.count) } }

  var missing: [Range<Int64>] {
    state.withLock { state in
      guard !state.has.isEmpty else { return [0..<Int64.max] }
      var ranges: [Range<Int64>] = []
      for index in state.has.indices where !state.has[index] {
        let (start, end) = (Int64(index), Int64(index) + 1)
        if let last = ranges.last, last.upperBound == start {
          ranges[ranges.count - 1] = last.lowerBound..<end
        } else {
          ranges.append(start..<end)
        }
      }
      return ranges
    }
  }

  func start(keeping: Bool, validator: String?, total: Int64?) throws {
    state.withLock { state in
      state.starts.append(keeping)
      if !keeping { (state.bytes, state.has, state.count) = ([], [], 0) }
      state.validator = validator
      guard let total = total.map(Int.init), total > state.bytes.count else { return }
      state.bytes += Array(repeating: 0, count: total - state.bytes.count)
      state.has += Array(repeating: false, count: total - state.has.count)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
    let copy = unsafe Array(bytes)
    state.withLock { state in
      for (index, byte) in copy.enumerated() {
        let place = Int(offset) + index
        guard state.has.indices.contains(place) else {
          state.isBroken = true
          return
        }
        // In order within a piece, and nothing twice.
        let isFirst = place % Int(pieceSize) == 0
        if state.has[place] || !isFirst && !state.has[place - 1] { state.isBroken = true }
        state.bytes[place] = byte
        state.has[place] = true
        state.count += 1
      }
    }
  }
}
