internal import GRDB

/// Why a database file cannot serve as the index.
enum Unfit: Error {
  /// Written by a later civsync.
  case newer(version: Int)
  /// Not what civsync writes, or no longer.
  case damaged
}

/// The tables, and every statement that is run over them.
enum Schema {
  /// Kept in SQLite's `user_version`; a later one is not read.
  static let version = 2

  private static let createDigests = """
    CREATE TABLE digest (
      path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL,
      size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB NOT NULL,
      remembered INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX digest_by_age ON digest (remembered);
    """
  /// Since version 2.
  private static let createMemos = """
    CREATE TABLE memo (
      name TEXT PRIMARY KEY, sha256 BLOB NOT NULL, bytes BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  static let find = """
    SELECT sha256 FROM digest
    WHERE path = ? AND device = ? AND inode = ? AND size = ? AND modified = ?
    """
  static let keep = "INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?, ?, ?)"
  static let forgetOld = "DELETE FROM digest WHERE remembered < ?"
  static let forgetMany = """
    DELETE FROM digest WHERE path IN
      (SELECT path FROM digest ORDER BY remembered DESC, path LIMIT -1 OFFSET ?)
    """
  static let findMemo = "SELECT sha256, bytes FROM memo WHERE name = ?"
  static let keepMemo = "INSERT OR REPLACE INTO memo VALUES (?, ?, ?)"
  static let forgetMemo = "DELETE FROM memo WHERE name = ?"
  static let count = "SELECT count(*) FROM digest"

  /// Whether the database is one of this version, in good order.
  /// - Throws: ``Unfit`` for one that never can be, or the database's error.
  static func isReady(_ database: Database) throws -> Bool {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if found > version { throw Unfit.newer(version: found) }
    if found == 0 { return false }
    // Looks at every page, so that damage shows here and not in the middle of a command.
    let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
    guard verdict == "ok", (try? database.makeStatement(sql: find)) != nil else {
      throw Unfit.damaged
    }
    if found < version { return false }
    guard (try? database.makeStatement(sql: findMemo)) != nil else { throw Unfit.damaged }
    return true
  }

  /// Makes a database ready that is new or of an earlier version.
  static func prepare(_ database: Database) throws {
    switch try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0 {
    case version: return  // Another process was faster.
    case 0:
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
      guard tables == 0 else { throw Unfit.damaged }
      try database.execute(sql: createDigests + createMemos)
    default: try database.execute(sql: createMemos)
    }
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }
}
