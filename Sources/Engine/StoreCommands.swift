package import ContentStore
package import Core
import ManifestModel
import SystemIO

extension Engine {
  /// The store that this project has, or would make; its manifest need not be readable.
  func ownStore() throws(EngineError) -> ContentStore {
    let manifest = try? loadManifest().manifest
    return try workspace(trees: manifest?.treeRoots ?? [], store: manifest?.store).store
  }

  /// Where an object is, by the first digits of its SHA-256.
  /// - Throws: `C206` for what is no such text, `C207` when there is none, or more than one.
  package func objectPath(_ text: String) async throws -> StoredPath {
    let prefix = text.lowercased()
    let isHex = prefix.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
      default: false
      }
    }
    guard isHex, (4...64).contains(prefix.utf8.count) else {
      throw EngineError(
        "C206", "`\(text)` is no SHA-256 and not the beginning of one",
        help: "give four to 64 hexadecimal digits; `civsync why PATH` tells a file's digest",
        exit: .usage)
    }
    return try await disk.run { () throws(EngineError) in
      let store = try self.ownStore()
      try self.requireStore(store)
      let found: [Digest]
      do {
        found = try store.digests(beginningWith: prefix)
      } catch {
        throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
      }
      guard let digest = found.first else {
        throw EngineError(
          "C207", "the store has no object whose digest begins with `\(prefix)`",
          notes: ["the store is `\(store.root)`"],
          help: "`civsync store stats` tells what it has")
      }
      guard found.count == 1 else {
        throw EngineError(
          "C207", "`\(prefix)` stands for \(found.count) objects",
          notes: found.prefix(5).map(\.hex) + (found.count > 5 ? ["and more"] : []),
          help: "give more digits")
      }
      return StoredPath(digest: digest, path: store.path(of: digest))
    }
  }

  /// What the store holds, by a look at every object's file.
  package func storeReport() async throws -> StoreReport {
    try await disk.run { () throws(EngineError) in
      let store = try self.ownStore()
      try self.requireStore(store)
      do {
        let totals = try store.totals()
        return StoreReport(root: store.root, totals: totals)
      } catch {
        throw EngineError("C032", "cannot look at the store `\(store.root)`: \(error)")
      }
    }
  }
}

/// An object and where it is.
package struct StoredPath: Sendable, Equatable {
  package var digest: Digest
  package var path: AbsolutePath
}

/// What the store holds.
package struct StoreReport: Sendable {
  package var root: AbsolutePath
  package var totals: StoreTotals
}
