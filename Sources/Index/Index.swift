package import Core
internal import FoundationEssentials
internal import GRDB
internal import SystemIO

/// What civsync worked out before and would have to work out again: the digests of files, memos of what
/// it found, and answers of the catalogue.
///
/// A cache and nothing else. Every question may be answered with `nil`, every answer could be
/// computed anew, and deleting the database loses nothing. So no function here throws: a database
/// that fails is a cache that misses.
///
/// All functions block: call them from `BlockingExecutor`, not from the cooperative pool.
package final class Index: Sendable {
  let database: DatabaseQueue
  /// Why something could not be kept, until somebody has said so; then nothing more.
  private let problem = Locked<Problem>(.none)

  private enum Problem {
    case none
    case untold(String)
    case told
  }

  init(_ database: DatabaseQueue) { self.database = database }

  /// Keeps something, if that can be done: it is a cache.
  /// - Returns: whether it was kept.
  @discardableResult
  func write(_ body: (Database) throws -> Void) -> Bool {
    do {
      try database.write(body)
      return true
    } catch {
      problem.withLock { problem in
        if case .none = problem { problem = .untold(Self.text(of: error)) }
      }
      return false
    }
  }

  /// What to tell the user once of what could not be kept; `nil` when there is nothing, or it was told.
  package func takeNotice() -> String? {
    problem.withLock { problem in
      guard case .untold(let reason) = problem else { return nil }
      problem = .told
      return
        "the index could not be written: \(reason); nothing is lost, later runs work out again what "
        + "it would have held"
    }
  }

  /// Whether the answers outlive this process.
  package var isPersistent: Bool { database.path != ":memory:" }

  /// The digest of a file's content as it was when it was remembered.
  /// - Parameter stamp: how the file looks now.
  /// - Returns: `nil` when nothing is known of the file as it looks now.
  package func digest(for path: AbsolutePath, stamp: FileStamp) -> Digest? {
    digests(for: [(path, stamp)])[path]
  }

  /// The digests of those of the files that are known as they look now.
  package func digests(for files: [(path: AbsolutePath, stamp: FileStamp)]) -> [AbsolutePath:
    Digest]
  {
    let found = try? database.read { database in
      let statement = try database.cachedStatement(sql: Schema.find)
      var found: [AbsolutePath: Digest] = [:]
      for file in files {
        let arguments = StatementArguments([file.path.string] + file.stamp.values)
        guard let bytes = try Data.fetchOne(statement, arguments: arguments) else { continue }
        found[file.path] = Digest(bytes: bytes)
      }
      return found
    }
    return found ?? [:]
  }

  /// Keeps a digest that was just computed.
  /// - Parameters:
  ///   - stamp: how the file looked before its content was read.
  ///   - now: when it was read, in nanoseconds since 1970.
  /// - Returns: whether it was kept; nothing depends on it.
  @discardableResult
  package func remember(
    _ digest: Digest, for path: AbsolutePath, stamp: FileStamp, now: Int64
  ) -> Bool {
    remember([(digest, path, stamp)], now: now)
  }

  /// Keeps many digests in one transaction.
  ///
  /// A file that changed less than two seconds before it was read is left out: clocks of file
  /// systems are coarse, and a second change within the same tick would keep the stamp.
  /// - Returns: whether all others were kept.
  @discardableResult
  package func remember(
    _ files: [(digest: Digest, path: AbsolutePath, stamp: FileStamp)], now: Int64
  ) -> Bool {
    let settled = files.filter { $0.stamp.isSettled(at: now) }
    guard !settled.isEmpty else { return true }
    return write { database in
      let statement = try database.cachedStatement(sql: Schema.keep)
      for file in settled {
        let last: [(any DatabaseValueConvertible)?] = [Data(file.digest.bytes), now]
        try statement.execute(
          arguments: StatementArguments([file.path.string] + file.stamp.values + last))
      }
    }
  }

  /// What was kept under the name; `nil` when nothing was, or not the same bytes.
  package func memo(_ name: String) -> [UInt8]? {
    memos([name])[name]
  }

  /// What was kept under those of the names that are known.
  package func memos(_ names: some Sequence<String>) -> [String: [UInt8]] {
    let found = try? database.read { database in
      let statement = try database.cachedStatement(sql: Schema.findMemo)
      var found: [String: [UInt8]] = [:]
      for name in names {
        guard let row = try Row.fetchOne(statement, arguments: [name]) else { continue }
        found[name] = Self.memo(row)
      }
      return found
    }
    return found ?? [:]
  }

  private static func memo(_ row: Row) -> [UInt8]? {
    guard let digest = row[0] as Data?, let bytes = row[1] as Data? else { return nil }
    let memo = [UInt8](bytes)
    return ContentHasher.digest(of: memo) == Digest(bytes: digest) ? memo : nil
  }

  /// Keeps many memos in one transaction.
  package func keep(_ memos: [String: [UInt8]]) {
    guard !memos.isEmpty else { return }
    write { database in
      let statement = try database.cachedStatement(sql: Schema.keepMemo)
      for (name, memo) in memos {
        let digest = Data(ContentHasher.digest(of: memo).bytes)
        try statement.execute(arguments: [name, digest, Data(memo)])
      }
    }
  }

  /// Keeps bytes under a name, in the place of what was kept before; `nil` forgets it.
  package func keep(_ memo: [UInt8]?, as name: String) {
    if let memo { return keep([name: memo]) }
    write { try $0.execute(sql: Schema.forgetMemo, arguments: [name]) }
  }

  /// Forgets what is old, and the oldest of what is too much.
  /// - Parameters:
  ///   - limit: how many files stay at most, the ones remembered last.
  ///   - earliest: what was remembered before this time goes, in nanoseconds since 1970.
  package func prune(keeping limit: Int, since earliest: Int64) {
    write { database in
      try database.execute(sql: Schema.forgetOld, arguments: [earliest])
      try database.execute(sql: Schema.forgetMany, arguments: [max(0, limit)])
    }
  }

  /// The number of files that it knows.
  package var count: Int {
    (try? database.read { try Int.fetchOne($0, sql: Schema.count) }) ?? 0
  }
}

extension FileStamp {
  fileprivate func isSettled(at now: Int64) -> Bool {
    let (age, overflow) = now.subtractingReportingOverflow(mtimeNanoseconds)
    return !overflow && age >= 2_000_000_000
  }

  /// As SQLite keeps them: its integers are signed.
  var values: [(any DatabaseValueConvertible)?] {
    [Int64(bitPattern: device), Int64(bitPattern: inode), size, mtimeNanoseconds]
  }
}
