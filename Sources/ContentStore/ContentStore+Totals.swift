package import Core
internal import SystemIO

/// A number of files and their bytes.
package struct FileTotals: Sendable, Equatable {
  package var count = 0
  package var bytes = ByteCount.zero

  package init() {}

  package mutating func add(_ size: Int64) {
    count += 1
    bytes += ByteCount(size)
  }
}

/// What a look at every object's file tells of the store as a whole.
package struct StoreTotals: Sendable, Equatable {
  package var objects = FileTotals()
  /// Those of them that have a further name somewhere, in a tree or another folder.
  package var linked = FileTotals()
  /// Those that were written to, or whose time was changed, since they were published.
  package var unsealed = FileTotals()
  /// What is not whole or not published yet.
  package var partial = FileTotals()
  /// What was set aside because it was not what its name says.
  package var damaged = FileTotals()
  /// When the oldest and the newest object were written, in seconds since 1970; `nil` without one.
  package var oldest: Int64?
  package var newest: Int64?

  package init() {}

  package mutating func add(_ object: StoredObject) {
    objects.add(object.size)
    if object.links > 1 { linked.add(object.size) }
    if !object.isSealed { unsealed.add(object.size) }
    let written = object.modified.seconds
    oldest = min(oldest ?? written, written)
    newest = max(newest ?? written, written)
  }
}

extension ContentStore {
  /// Looks at every object once; reads none.
  package func totals() throws(StoreError) -> StoreTotals {
    var totals = StoreTotals()
    for digest in try digests() {
      if let object = try stat(digest) { totals.add(object) }
    }
    for partial in try partials() { totals.partial.add(partial.received) }
    try onDisk { () throws(SystemError) in
      for entry in try list(damagedFolder) {
        guard let name = entry.name, let status = try files.status(damagedFolder.appending(name)),
          status.kind == .file
        else { continue }
        totals.damaged.add(status.size)
      }
    }
    return totals
  }

  /// The objects whose digests begin so, sorted.
  /// - Parameter prefix: hexadecimal digits in lower case, two at least.
  package func digests(beginningWith prefix: String) throws(StoreError) -> [Digest] {
    try onDisk { () throws(SystemError) in
      try list(objectFolder.appending(String(prefix.prefix(2)))).compactMap { entry in
        entry.name.flatMap { $0.hasPrefix(prefix) ? digest(named: $0) : nil }
      }
    }
  }
}
