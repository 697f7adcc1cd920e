import Core
import SystemIO

/// What the runs of a project took: `runs.jsonl`, one line for each that had something to carry out.
/// Losing it costs the plan's guess at the time it takes, and what `civsync stats` shows.
struct RunRecords {
  /// A run that fetched less tells more about latency than about the line's rate.
  static let smallest: Int64 = 1_000_000
  /// How many of the last runs a guess is made from.
  static let counted = 10

  private let log: LineLog

  init(path: AbsolutePath, fileSystem: FileSystem) {
    log = LineLog(path: path, fileSystem: fileSystem)
  }

  func append(_ record: RunRecord) throws(SystemError) { try log.append([record]) }

  /// Oldest first. A line that cannot be read, or is of a later version, is passed over.
  func all() -> [RunRecord] { log.values(RunRecord.self).filter(\.isSound) }

  /// How long fetching so many bytes should take: the median of the last runs' rates.
  /// - Returns: `nil` when nothing is to be fetched or no run is known.
  func seconds(for bytes: ByteCount) -> Double? {
    guard bytes > .zero, let rate = Self.rate(of: all()) else { return nil }
    return Double(bytes.bytes) / rate
  }

  /// Bytes a second, by the runs that fetched enough to tell; `nil` without one.
  static func rate(of runs: [RunRecord]) -> Double? {
    let telling = runs.filter { $0.bytes >= smallest && $0.seconds > 0 }.suffix(counted)
    return medianOf(telling.map { Double($0.bytes) / $0.seconds })
  }
}

/// The middle one, or the mean of the two in the middle; `nil` of none.
package func medianOf(_ values: [Double]) -> Double? {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return nil }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
