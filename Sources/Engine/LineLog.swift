import Core
import FoundationEssentials
import SystemIO

/// A file that lines are added to and nothing is ever changed in. When it would become too long it
/// gets the name `….1`, in the place of the one that had it, and a new one is begun.
///
/// One process at a time adds to it: the one that has the project's lock.
struct LineLog {
  /// In bytes, of each of the two files.
  static let limit: Int64 = 4 << 20

  private let path: AbsolutePath
  private let fileSystem: FileSystem
  private let limit: Int64

  init(path: AbsolutePath, fileSystem: FileSystem, limit: Int64 = LineLog.limit) {
    self.path = path
    self.fileSystem = fileSystem
    self.limit = limit
  }

  private var former: AbsolutePath { path.parent.appending(path.name + ".1") }

  /// Adds a JSON line for each value, its keys sorted.
  func append(_ values: [some Encodable]) throws(SystemError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = values.compactMap { try? encoder.encode($0) }.flatMap { $0 + [0x0a] }
    guard !text.isEmpty else { return }
    let size = try fileSystem.status(path)?.size ?? 0
    if size > 0, size + Int64(text.count) > limit {
      try fileSystem.rename(path, to: former)
      return try fileSystem.append(text, to: path)
    }
    // A line that was cut off by a crash must not swallow this one.
    let isCut = try tail(path, limit: 1).last.map { $0 != 0x0a } ?? false
    try fileSystem.append((isCut ? [0x0a] : []) + text, to: path)
  }

  /// Every line that can be read as such a value, oldest first; others are passed over.
  func values<Value: Decodable>(_ type: Value.Type) -> [Value] {
    let decoder = JSONDecoder()
    return [former, path].flatMap { path -> [Value] in
      // More than was written here is somebody else's: its end is enough.
      guard let bytes = try? tail(path, limit: 2 * limit) else { return [] }
      return bytes.split(separator: 0x0a).compactMap { try? decoder.decode(type, from: Data($0)) }
    }
  }

  private func tail(_ path: AbsolutePath, limit: Int64) throws(SystemError) -> [UInt8] {
    guard let size = try fileSystem.status(path)?.size, size > 0 else { return [] }
    let file = try fileSystem.open(path, .read, followingLinks: true)
    var bytes = [UInt8](repeating: 0, count: Int(min(size, limit)))
    let count = try file.read(at: max(0, size - limit), into: &bytes)
    return Array(bytes[..<count])
  }
}
