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
  static let version = 1

  private static let create = """
    CREATE TABLE digest (
      path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL,
      size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB NOT NULL,
      remembered INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX digest_by_age ON digest (remembered);
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
  static let count = "SELECT count(*) FROM digest"

  /// Makes a new database ready, or finds out that an old one is.
  /// - Throws: ``Unfit``, or the database's error.
  static func prepare(_ database: Database) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if found > version { throw Unfit.newer(version: found) }
    if found == version {
      // Looks at every page, so that damage shows here and not in the middle of a command.
      let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
      let statement = try? database.makeStatement(sql: find)
      guard verdict == "ok", statement != nil else { throw Unfit.damaged }
      return
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
    guard found == 0, tables == 0 else { throw Unfit.damaged }
    try database.execute(sql: create)
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }
}
