package import Core
internal import GRDB
package import SystemIO

extension Index {
  /// Opens the index, making it when it is not there. There always is one afterwards: a damaged
  /// database, or one of a later civsync, is set aside under `NAME.corrupt-1` (-2, …) and begun
  /// anew; where none can be opened (a read-only folder), one in memory serves.
  /// - Parameters:
  ///   - path: of the database; its folder must be there.
  ///   - files: what renames.
  /// - Returns: the index, and what the user should be told once, if anything.
  package static func open(
    at path: AbsolutePath, files: FileSystem = FileSystem()
  ) -> (index: Index, notice: String?) {
    do {
      return (try connect(path.string), nil)
    } catch {
      guard let reason = Self.reasonToSetAside(error) else {
        let text = isForWantOfRoom(error, at: path, files) ? Self.full : Self.text(of: error)
        return inMemory("cannot open the index `\(path)`: \(text)")
      }
      return beginAnew(path, because: reason, files)
    }
  }

  private static func beginAnew(
    _ path: AbsolutePath, because reason: String, _ files: FileSystem
  ) -> (index: Index, notice: String?) {
    do throws(SystemError) {
      let place = try setAside(path, files)
      guard let index = try? connect(path.string) else {
        return inMemory("the index `\(path)` \(reason) and cannot be made anew")
      }
      let notice =
        "the index \(reason): it was set aside as `\(place)` and begun anew; "
        + "nothing is lost, the next run works out again what it held"
      return (index, notice)
    } catch {
      return inMemory("the index `\(path)` \(reason), and moving it away failed: \(error)")
    }
  }

  private static func inMemory(_ problem: String) -> (index: Index, notice: String?) {
    let notice =
      problem + "; this run does without, which makes it slower but changes nothing else"
    do {
      return (try connect(":memory:"), notice)
    } catch {
      // Only when memory itself has run out; then no later line would have worked either.
      preconditionFailure("SQLite gives no database in memory: \(error)")
    }
  }

  private static func connect(_ path: String) throws -> Index {
    var configuration = Configuration()
    configuration.label = "civsync.index"
    // Another command writes for milliseconds at a time; longer than this is not worth a wait.
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { database in
      // A power cut may take the last writes, never the order of them: right for a cache.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // Most openings find all in order, and a look writes nothing that would have to be waited for.
    if try queue.read({ try Schema.isReady($0) }) { return Index(queue) }
    if path != ":memory:" {
      // Kept in the file: whoever opens it later writes ahead too.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    }
    try queue.write { try Schema.prepare($0) }
    return Index(queue)
  }

  /// - Returns: `nil` when the file may be in order and only cannot be used now.
  private static func reasonToSetAside(_ error: any Error) -> String? {
    switch error {
    case Unfit.newer(let version):
      return "was written by a later civsync (version \(version), this one knows "
        + "\(Schema.version))"
    case Unfit.damaged:
      return "is damaged"
    case let error as DatabaseError:
      let codes: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT]
      return codes.contains(error.resultCode.primaryResultCode) ? "is damaged" : nil
    default:
      return nil
    }
  }

  static func text(of error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    if error.resultCode.primaryResultCode == .SQLITE_FULL { return full }
    return "\(error.message ?? "SQLite gave no reason") (SQLite \(error.resultCode.rawValue))"
  }

  private static let full = "the disk is full"
  /// What SQLite needs beside the database to begin with: its file of shared memory has 32 KiB.
  private static let leastRoom = ByteCount(128 << 10)

  /// SQLite tells of an error of the disk where there was no room for the files that it needs beside its own.
  private static func isForWantOfRoom(
    _ error: any Error, at path: AbsolutePath, _ files: FileSystem
  ) -> Bool {
    guard let error = error as? DatabaseError,
      [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode.primaryResultCode),
      let room = try? files.freeSpace(path.parent)
    else { return false }
    return room.available < leastRoom
  }

  /// Moves the database away together with the files that SQLite keeps beside it.
  /// - Returns: its new place.
  private static func setAside(
    _ path: AbsolutePath, _ files: FileSystem
  ) throws(SystemError) -> AbsolutePath {
    let place = try freePlace(beside: path, files)
    for ending in ["", "-wal", "-shm"] {
      let file = path.parent.appending(path.name + ending)
      guard try files.status(file) != nil else { continue }
      try files.rename(file, to: place.parent.appending(place.name + ending))
    }
    return place
  }

  /// After nine of them the last one is used again: they are kept to be looked at, not needed.
  private static func freePlace(
    beside path: AbsolutePath, _ files: FileSystem
  ) throws(SystemError) -> AbsolutePath {
    var place = path
    for number in 1...9 {
      place = path.parent.appending("\(path.name).corrupt-\(number)")
      if try files.status(place) == nil { break }
    }
    return place
  }
}
