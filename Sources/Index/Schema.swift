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
  static let version = 5

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
  /// Since version 3.
  private static let createAnswers = """
    CREATE TABLE answer (
      name TEXT PRIMARY KEY, kept INTEGER NOT NULL, validator TEXT, sha256 BLOB NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX answer_by_age ON answer (kept);
    """
  /// Since version 4: a table of its own, because it is read by `verify` alone and may be long.
  private static let createVerified = """
    CREATE TABLE verified (
      sha256 BLOB PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER NOT NULL,
      size INTEGER NOT NULL, modified INTEGER NOT NULL, verified INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  /// Since version 5.
  private static let createReach = """
    CREATE TABLE reach (
      snapshot TEXT PRIMARY KEY, parent TEXT, added BLOB NOT NULL, removed BLOB NOT NULL,
      sha256 BLOB NOT NULL
    ) STRICT;
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
  static let findAnswer = "SELECT kept, validator, sha256, bytes FROM answer WHERE name = ?"
  static let keepAnswer = "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)"
  static let forgetAnswers = "DELETE FROM answer WHERE kept < ?"
  static let findVerified = "SELECT sha256, device, inode, size, modified, verified FROM verified"
  static let keepVerified = "INSERT OR REPLACE INTO verified VALUES (?, ?, ?, ?, ?, ?)"
  static let forgetVerified = "DELETE FROM verified WHERE sha256 = ?"
  static let findReach = "SELECT snapshot, parent, added, removed, sha256 FROM reach"
  static let keepReach = "INSERT OR REPLACE INTO reach VALUES (?, ?, ?, ?, ?)"
  static let count = "SELECT count(*) FROM digest"

  /// Whether the database is one of this version, in good order.
  /// - Throws: ``Unfit`` for one that never can be, or the database's error.
  static func isReady(_ database: Database) throws -> Bool {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if found > version { throw Unfit.newer(version: found) }
    if found == 0 { return false }
    let statements = [find, findMemo, findAnswer, findVerified, findReach].prefix(found)
    guard statements.allSatisfy({ (try? database.makeStatement(sql: $0)) != nil }) else {
      throw Unfit.damaged
    }
    // Looks at every page of them, so that damage shows here and not in the middle of a command.
    // What is kept of the catalogue, and of objects, may be much: those look at it who ask for it.
    let tables = found == 1 ? ["digest"] : ["digest", "memo"]
    for table in tables {
      let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check('\(table)')")
      guard verdict == "ok" else { throw Unfit.damaged }
    }
    return found == version
  }

  /// What each version has beyond the one before.
  private static let parts = [
    createDigests, createMemos, createAnswers, createVerified, createReach,
  ]

  /// Makes a database ready that is new or of an earlier version.
  static func prepare(_ database: Database) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    // Another process was faster.
    if found == version { return }
    if found == 0 {
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
      guard tables == 0 else { throw Unfit.damaged }
    }
    try database.execute(sql: parts.dropFirst(found).joined())
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }
}
