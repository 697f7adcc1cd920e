internal import Core
internal import SystemIO

extension ContentStore {
  private var identityPath: AbsolutePath { root.appending("ID") }

  /// What the store is called, wherever it is: a project knows by it that this is the one that it used.
  /// - Returns: `nil` of a store that has no name yet, and where there is none.
  package func identity() throws(StoreError) -> String? {
    try onDisk { () throws(SystemError) in try readIdentity() }
  }

  private func readIdentity() throws(SystemError) -> String? {
    guard let bytes = try files.read(identityPath, limit: 4_096) else { return nil }
    let text = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
    return Self.isIdentity(text) ? text : nil
  }

  private static func isIdentity(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  /// Gives a store that was prepared a name, unless it has one. Of two who do so at once one is first, and
  /// both are told his.
  /// - Parameter fresh: 32 hexadecimal digits that no other store has.
  /// - Returns: what it is called; it is on the disk when this returns.
  package func settleIdentity(_ fresh: String) throws(StoreError) -> String {
    try onDisk { () throws(SystemError) in
      if let known = try readIdentity() { return known }
      let temporary = root.appending(TemporaryNames.prefix + fresh)
      try files.writeDurably(Array((fresh + "\n").utf8), to: temporary)
      do throws(SystemError) {
        try files.renameNoReplace(temporary, to: identityPath)
      } catch {
        guard error.isExisting else {
          _ = try? files.unlink(temporary)
          throw error
        }
        if let known = try readIdentity() {
          try files.unlink(temporary)
          return known
        }
        // What stands there is no name, and tells nobody anything.
        try files.rename(temporary, to: identityPath)
      }
      try files.syncFolder(root)
      return fresh
    }
  }
}
