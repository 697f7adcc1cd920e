package import Core

/// One file that the manifest asks for, flat: the file with the model and version it belongs to.
///
/// `model.versions` and `version.files` are empty; ``entries(of:)`` and ``models(of:)`` go between
/// this form, which decisions are made on, and the nested one, which is recorded.
package struct Entry: Sendable, Equatable {
  @usableFromInline var sharedModel: Shared<RecordedModel>
  @usableFromInline var sharedVersion: Shared<RecordedVersion>
  @usableFromInline var sharedFile: Shared<RecordedFile>

  package init(model: RecordedModel, version: RecordedVersion, file: RecordedFile) {
    self.init(Self.flat(model), Self.flat(version), Shared(file))
  }

  private init(
    _ model: Shared<RecordedModel>, _ version: Shared<RecordedVersion>, _ file: Shared<RecordedFile>
  ) {
    sharedModel = model
    sharedVersion = version
    sharedFile = file
  }

  @inlinable package var model: RecordedModel {
    get { sharedModel.value }
    set { sharedModel = Shared(newValue) }
  }

  @inlinable package var version: RecordedVersion {
    get { sharedVersion.value }
    set { sharedVersion = Shared(newValue) }
  }

  @inlinable package var file: RecordedFile {
    get { sharedFile.value }
    set { sharedFile = Shared(newValue) }
  }

  package var key: FileKey { FileKey(model: model.id, version: version.id, file: file.id) }
  package var digest: Digest { file.digest }
  package var identity: EntryIdentity { EntryIdentity(key: key, digest: digest) }

  /// `Model name · version name`, for a person.
  package var title: String { "\(model.name) · \(version.name)" }

  package static func == (left: Entry, right: Entry) -> Bool {
    Shared.holdEqual(left.sharedFile, right.sharedFile)
      && Shared.holdEqual(left.sharedVersion, right.sharedVersion)
      && Shared.holdEqual(left.sharedModel, right.sharedModel)
  }
}

// MARK: - The nested form

extension Entry {
  package static func entries(of models: [RecordedModel]) -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(models.count)
    for model in models { entries += Self.entries(of: model) }
    return entries
  }

  package static func entries(of model: RecordedModel) -> [Entry] {
    let sharedModel = flat(model)
    return model.versions.flatMap { version in
      let sharedVersion = flat(version)
      return version.files.map { Entry(sharedModel, sharedVersion, Shared($0)) }
    }
  }

  private static func flat(_ model: RecordedModel) -> Shared<RecordedModel> {
    var flat = model
    flat.versions = []
    return Shared(flat)
  }

  private static func flat(_ version: RecordedVersion) -> Shared<RecordedVersion> {
    var flat = version
    flat.files = []
    return Shared(flat)
  }

  /// Sorted by what they are; the facts of a model or version are those of its first entry.
  package static func inOrder(_ entries: [Entry]) -> [Entry] {
    var sorted = entries.sorted { $0.identity < $1.identity }
    for index in sorted.indices.dropFirst() {
      let before = sorted[index - 1]
      guard sorted[index].model.id == before.model.id else { continue }
      sorted[index].sharedModel = before.sharedModel
      guard sorted[index].version.id == before.version.id else { continue }
      sorted[index].sharedVersion = before.sharedVersion
    }
    return sorted
  }

  /// The nested form, sorted by id.
  package static func models(of entries: [Entry]) -> [RecordedModel] {
    var models: [RecordedModel] = []
    forEachModel(of: inOrder(entries)) { models.append($0) }
    return models
  }

  /// The nested form of entries that are in order, one model after the other.
  package static func forEachModel(of entries: [Entry], _ body: (RecordedModel) -> Void) {
    var model: RecordedModel?
    for entry in entries {
      if let last = model, last.id != entry.model.id {
        body(last)
        model = nil
      }
      var now = model ?? entry.model
      model = nil
      if now.versions.last?.id != entry.version.id { now.versions.append(entry.version) }
      now.versions[now.versions.count - 1].files.append(entry.file)
      model = now
    }
    if let model { body(model) }
  }
}

extension [Entry] {
  /// Where the entry of an identity stands among entries that are in order.
  package func inOrder(at identity: EntryIdentity) -> Int? {
    let index = bisected { $0.identity >= identity }
    return index < endIndex && self[index].identity == identity ? index : nil
  }
}

/// What an entry *is*: creators replace files inside a version, so the digest belongs to it.
package struct EntryIdentity: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var key: FileKey
  package var digest: Digest

  package init(key: FileKey, digest: Digest) {
    self.key = key
    self.digest = digest
  }

  package static func < (left: EntryIdentity, right: EntryIdentity) -> Bool {
    (left.key, left.digest) < (right.key, right.digest)
  }

  package var description: String { "\(key) \(digest.short)" }
}
