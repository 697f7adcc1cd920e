import Core
import FoundationEssentials
import SystemIO

/// How fast earlier runs fetched: `runs.jsonl`, one line for each run that fetched enough to tell,
/// appended. Losing it costs nothing but the plan's guess at the time it takes.
struct RunRecords {
  struct Line: Codable, Equatable {
    var version = 1
    /// Seconds since 1970.
    var time: Int64
    var files: Int
    var bytes: Int64
    var seconds: Double
    var outcome: Outcome
  }

  enum Outcome: String, Codable {
    case fetched, partial, interrupted
  }

  /// A run that fetched less tells more about latency than about the line's rate.
  static let smallest: Int64 = 1_000_000
  /// How many of the last runs a guess is made from.
  static let counted = 10

  private let path: AbsolutePath
  private let fileSystem: FileSystem

  init(path: AbsolutePath, fileSystem: FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// Adds a line, unless the run fetched too little to tell anything.
  func append(_ line: Line) throws(SystemError) {
    guard line.bytes >= Self.smallest, line.seconds > 0 else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return }
    // A line that was cut off by a crash must not swallow this one.
    let before = try fileSystem.read(path, limit: 64 << 20) ?? []
    let isCut = before.last.map { $0 != UInt8(ascii: "\n") } ?? false
    try fileSystem.append((isCut ? [0x0a] : []) + Array(data) + [0x0a], to: path)
  }

  /// How long fetching so many bytes should take: the median of the last runs' rates.
  /// - Returns: `nil` when nothing is to be fetched or no run is known.
  func seconds(for bytes: ByteCount) -> Double? {
    guard bytes > .zero, let rate = Self.rate(of: lines()) else { return nil }
    return Double(bytes.bytes) / rate
  }

  /// Bytes a second; `nil` without a run.
  static func rate(of lines: [Line]) -> Double? {
    let rates = lines.suffix(counted).map { Double($0.bytes) / $0.seconds }.sorted()
    guard !rates.isEmpty else { return nil }
    let middle = rates.count / 2
    return rates.count % 2 == 1 ? rates[middle] : (rates[middle - 1] + rates[middle]) / 2
  }

  /// A line that cannot be read is passed over.
  private func lines() -> [Line] {
    guard let bytes = try? fileSystem.read(path, limit: 64 << 20) else { return [] }
    return bytes.split(separator: 0x0a).compactMap { text in
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)),
        line.version == 1, line.bytes >= Self.smallest, line.seconds > 0, line.seconds.isFinite
      else { return nil }
      return line
    }
  }
}

extension Engine {
  var runRecords: RunRecords { RunRecords(path: project.runs, fileSystem: fileSystem) }

  /// Keeps how fast the run fetched.
  func remember(_ outcome: RunOutcome) {
    let result: RunRecords.Outcome =
      Task.isCancelled ? .interrupted : outcome.failures.isEmpty ? .fetched : .partial
    do {
      try runRecords.append(
        RunRecords.Line(
          time: context.unixTime, files: outcome.fetchedFiles, bytes: outcome.fetchedBytes.bytes,
          seconds: outcome.seconds, outcome: result))
    } catch {
      observer.handle(.notice("how fast it was could not be remembered: \(error)"))
    }
  }
}
