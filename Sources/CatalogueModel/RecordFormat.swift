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
    var writer = RecordWriter(detail: .lock)
    writer.header(lockHeader, version)
    writer.line(lockComment)
    if let selection { writer.line("selection \(selection.hex)") }
    for model in models.sorted(by: { $0.id < $1.id }) { writer.model(model) }
    return writer.bytes
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
    var parser = RecordParser(bytes, detail: .lock)
    try parser.header(lockHeader, known: version)
    parser.skipComments()
    let selection = try parser.selection()
    var models: [RecordedModel] = []
    models.reserveCapacity(bytes.count / 400)
    while !parser.isAtEnd {
      let line = parser.line
      let model = try parser.model()
      if let last = models.last, last.id >= model.id {
        throw RecordError(line: line, reason: .outOfOrder("model \(model.id)"))
      }
      models.append(model)
    }
    return Lock(models: models, selection: selection)
  }
}
