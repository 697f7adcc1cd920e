/// What differs between two texts, line by line: the shortest way from one to the other, by
/// Myers' greedy algorithm.
package struct LineDifference: Sendable, Equatable {
  package enum Line: Sendable, Equatable {
    case same(String)
    case removed(String)
    case added(String)
  }

  /// Lines of one place, with those around it.
  package struct Hunk: Sendable, Equatable {
    /// Lines before it in each text.
    package var oldStart: Int
    package var newStart: Int
    package var lines: [Line]

    package var oldCount: Int { lines.count { if case .added = $0 { false } else { true } } }
    package var newCount: Int { lines.count { if case .removed = $0 { false } else { true } } }

    /// `@@ -1,3 +1,4 @@`
    package var header: String {
      let old = oldCount == 0 ? oldStart : oldStart + 1
      let new = newCount == 0 ? newStart : newStart + 1
      return "@@ -\(old),\(oldCount) +\(new),\(newCount) @@"
    }
  }

  package var hunks: [Hunk]

  /// Lines of a text that are looked at, and lines that may differ: what needs more is not shown
  /// line by line.
  static let lineLimit = 50_000
  static let changeLimit = 1_000
  /// Unchanged lines that are shown around a change.
  static let around = 3

  /// - Returns: `nil` when the texts are too long or too different.
  package init?(from old: [UInt8], to new: [UInt8]) {
    let (before, after) = (Self.lines(old), Self.lines(new))
    guard max(before.count, after.count) <= Self.lineLimit,
      let lines = Self.script(before, after)
    else { return nil }
    hunks = Self.hunks(lines)
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line, as: UTF8.self)
  }

  private static func script(
    _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [Line]? {
    let limit = min(changeLimit, old.count + new.count)
    let middle = limit + 1
    // How far into the old text each diagonal gets, and as it was before each further change.
    var reach = [Int](repeating: 0, count: 2 * limit + 3)
    var rows: [[Int]] = []
    for changes in 0...limit {
      rows.append(Array(reach[middle - changes - 1...middle + changes + 1]))
      for diagonal in stride(from: -changes, through: changes, by: 2) {
        let (left, right) = (reach[middle + diagonal - 1], reach[middle + diagonal + 1])
        let adds = diagonal == -changes || diagonal != changes && left < right
        var x = adds ? right : left + 1
        while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
        reach[middle + diagonal] = x
        if x >= old.count, x - diagonal >= new.count { return walkBack(rows, old, new) }
      }
    }
    return nil
  }

  private static func walkBack(
    _ rows: [[Int]], _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [Line] {
    var lines: [Line] = []
    var (x, y) = (old.count, new.count)
    for (changes, row) in rows.enumerated().reversed() {
      let middle = changes + 1
      let diagonal = x - y
      let (left, right) = (row[middle + diagonal - 1], row[middle + diagonal + 1])
      let adds = diagonal == -changes || diagonal != changes && left < right
      let from = adds ? right : left
      let start = (x: from, y: from - (adds ? diagonal + 1 : diagonal - 1))
      while x > start.x, y > start.y {
        (x, y) = (x - 1, y - 1)
        lines.append(.same(text(old[x])))
      }
      if changes > 0 { lines.append(adds ? .added(text(new[y - 1])) : .removed(text(old[x - 1]))) }
      (x, y) = start
    }
    return lines.reversed()
  }

  private static func hunks(_ lines: [Line]) -> [Hunk] {
    func isChange(_ line: Line) -> Bool { if case .same = line { false } else { true } }
    var hunks: [Hunk] = []
    var (old, new) = (0, 0)
    var positions: [(old: Int, new: Int)] = []
    for line in lines {
      positions.append((old, new))
      if case .added = line {} else { old += 1 }
      if case .removed = line {} else { new += 1 }
    }
    var index = 0
    while let first = lines[index...].firstIndex(where: isChange) {
      var last = first
      while let next = lines[(last + 1)...].firstIndex(where: isChange),
        next - last <= 2 * around + 1
      {
        last = next
      }
      let start = max(index, first - around)
      let end = min(lines.count - 1, last + around)
      hunks.append(
        Hunk(
          oldStart: positions[start].old, newStart: positions[start].new,
          lines: Array(lines[start...end])))
      index = end + 1
    }
    return hunks
  }
}
