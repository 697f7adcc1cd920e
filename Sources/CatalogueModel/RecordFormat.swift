package import Core

/// The text form of what civsync keeps of models: one file per model in a snapshot, all of them in
/// the lock. `Docs/Formats.md` describes it.
///
/// Equal values give equal bytes, a change of one file changes only that file's lines, and reading
/// refuses what it does not know, so that nothing is dropped in silence when it is written again.
package enum RecordFormat {
  /// Which of a file's lines are written and expected.
  package enum Detail: Sendable {
    /// All of them.
    case snapshot
    /// Without what says how things stand on one machine at one time: `state`, `origin`,
    /// `protected` and the companions. Read from a lock every file is `current` and `fetched`.
    case lock
  }

  /// 2 has `url`, `protected` and `companion` beside what 1 has.
  static let version: Int64 = 2
  static let modelHeader = "civsync-model"
  static let lockHeader = "civsync-lock"
  static let lockComment = "# made by civsync: commit it beside the manifest, do not edit it"

  /// The text of one model, beginning with its header line.
  package static func encode(_ model: RecordedModel, for detail: Detail) -> [UInt8] {
    var writer = RecordWriter(detail: detail)
    writer.header(modelHeader, version)
    writer.model(model)
    return writer.bytes
  }

  /// The same of all entries of one model, in order.
  package static func encode(_ entries: ArraySlice<Entry>, for detail: Detail) -> [UInt8] {
    Entry.model(of: entries).map { encode($0, for: detail) } ?? []
  }

  /// Reads what ``encode(_:for:)`` wrote.
  package static func decode(
    _ bytes: [UInt8], for detail: Detail = .snapshot
  ) throws(RecordError) -> RecordedModel {
    var parser = RecordParser(bytes, detail: detail)
    try parser.header(modelHeader, known: version)
    let model = try parser.model()
    try parser.end()
    return model
  }

  /// The lock's text: a header, a comment for people, what manifest it is of, and the models sorted
  /// by id.
  package static func encodeLock(_ models: [RecordedModel], selection: Digest? = nil) -> [UInt8] {
    var writer = lockWriter(selection)
    for model in models.sorted(by: { $0.id < $1.id }) { writer.model(model) }
    return writer.bytes
  }

  /// The same of entries, whose nested forms are made one at a time.
  package static func encodeLock(of entries: [Entry], selection: Digest? = nil) -> [UInt8] {
    var writer = lockWriter(selection)
    for slice in Entry.slices(of: Entry.inOrder(entries)) {
      if let model = Entry.model(of: slice) { writer.model(model) }
    }
    return writer.bytes
  }

  private static func lockWriter(_ selection: Digest?) -> RecordWriter {
    var writer = RecordWriter(detail: .lock)
    writer.header(lockHeader, version)
    writer.line(lockComment)
    if let selection { writer.line("selection \(selection.hex)") }
    return writer
  }

  /// What a lock says.
  package struct Lock: Sendable, Equatable {
    /// Sorted by id.
    package var models: [RecordedModel]
    /// Of what the manifests selected that it was made from; `nil` in locks of civsync 0.1.
    package var selection: Digest?

    package init(models: [RecordedModel] = [], selection: Digest? = nil) {
      self.models = models
      self.selection = selection
    }
  }

  /// Reads what ``encodeLock(_:selection:)`` wrote.
  package static func decodeLock(_ bytes: [UInt8]) throws(RecordError) -> Lock {
    var lock = Lock()
    lock.models.reserveCapacity(bytes.count / 400)
    lock.selection = try readLock(bytes) { lock.models.append($0) }
    return lock
  }

  /// Reads a lock's text for somebody who does not keep all of its models.
  /// - Parameter take: gets one after the other, sorted by id.
  /// - Returns: the lock's selection.
  @discardableResult
  package static func readLock(
    _ bytes: [UInt8], _ take: (RecordedModel) -> Void
  ) throws(RecordError) -> Digest? {
    var parser = RecordParser(bytes, detail: .lock)
    try parser.header(lockHeader, known: version)
    parser.skipComments()
    let selection = try parser.selection()
    var last: ModelID?
    while !parser.isAtEnd {
      let line = parser.line
      let model = try parser.model()
      if let last, last >= model.id {
        throw RecordError(line: line, reason: .outOfOrder("model \(model.id)"))
      }
      last = model.id
      take(model)
    }
    return selection
  }
}
