package import Core

/// One file that the manifest asks for, flat: the file with the model and version it belongs to.
///
/// `model.versions` and `version.files` are empty; ``entries(of:)`` and ``models(of:)`` go between
/// this form, which decisions are made on, and the nested one, which is recorded.
package struct Entry: Sendable, Equatable {
  @usableFromInline var parts: Parts

  /// One reference for the three: entries are copied far more often than they are made.
  @usableFromInline final class Parts: Sendable {
    @usableFromInline let model: Shared<RecordedModel>
    @usableFromInline let version: Shared<RecordedVersion>
    @usableFromInline let file: Shared<RecordedFile>

    @usableFromInline init(
      _ model: Shared<RecordedModel>, _ version: Shared<RecordedVersion>,
      _ file: Shared<RecordedFile>
    ) {
      self.model = model
      self.version = version
      self.file = file
    }
  }

  package init(model: RecordedModel, version: RecordedVersion, file: RecordedFile) {
    self.init(Self.flat(model), Self.flat(version), Shared(file))
  }

  private init(
    _ model: Shared<RecordedModel>, _ version: Shared<RecordedVersion>, _ file: Shared<RecordedFile>
  ) {
    parts = Parts(model, version, file)
  }

  @usableFromInline var sharedModel: Shared<RecordedModel> {
    get { parts.model }
    set { if newValue !== parts.model { parts = Parts(newValue, parts.version, parts.file) } }
  }

  @usableFromInline var sharedVersion: Shared<RecordedVersion> {
    get { parts.version }
    set { if newValue !== parts.version { parts = Parts(parts.model, newValue, parts.file) } }
  }

  @usableFromInline var sharedFile: Shared<RecordedFile> {
    get { parts.file }
    set { if newValue !== parts.file { parts = Parts(parts.model, parts.version, newValue) } }
  }

  // Lent, not copied: a record has a dozen parts, of which one is mostly asked for.
  @inlinable package var model: RecordedModel {
    _read { yield parts.model.value }
    set { sharedModel = Shared(newValue) }
  }

  @inlinable package var version: RecordedVersion {
    _read { yield parts.version.value }
    set { sharedVersion = Shared(newValue) }
  }

  @inlinable package var file: RecordedFile {
    _read { yield parts.file.value }
    set { sharedFile = Shared(newValue) }
  }

  package var key: FileKey { FileKey(model: model.id, version: version.id, file: file.id) }
  package var digest: Digest { file.digest }
  package var identity: EntryIdentity { EntryIdentity(key: key, digest: digest) }

  /// The same, where tools may write to its file or may not: unchanged values stay shared.
  package func editable(_ isEditable: Bool) -> Entry {
    guard file.isEditable != isEditable else { return self }
    var entry = self
    entry.file.isEditable = isEditable
    return entry
  }

  /// `Model name · version name`, for a person.
  package var title: String { "\(model.name) · \(version.name)" }

  package static func == (left: Entry, right: Entry) -> Bool {
    left.parts === right.parts
      || Shared.holdEqual(left.sharedFile, right.sharedFile)
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
    slices(of: inOrder(entries)).compactMap(model)
  }

  /// Entries that are in order, those of each model by themselves.
  package static func slices(of entries: [Entry]) -> [ArraySlice<Entry>] {
    var slices: [ArraySlice<Entry>] = []
    var rest = entries[...]
    while let id = rest.first?.model.id {
      let slice = rest.prefix { $0.model.id == id }
      slices.append(slice)
      rest = rest.dropFirst(slice.count)
    }
    return slices
  }

  /// The nested form of one model's entries, which are in order; `nil` of none.
  package static func model(of slice: ArraySlice<Entry>) -> RecordedModel? {
    guard var model = slice.first?.model else { return nil }
    for entry in slice {
      if model.versions.last?.id != entry.version.id { model.versions.append(entry.version) }
      model.versions[model.versions.count - 1].files.append(entry.file)
    }
    return model
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

extension Entry {
  /// A file as the catalogue shows it; `nil` for one without a digest.
  package init?(_ model: Model, _ version: Version, _ file: File) {
    guard let digest = file.digest else { return nil }
    self.init(
      model: RecordedModel(
        id: model.id, name: model.name, type: model.type, creator: model.creator,
        tags: model.tags, nsfwLevel: model.nsfwLevel),
      version: RecordedVersion(
        id: version.id, name: version.name, baseModel: version.baseModel,
        publishedAt: version.publishedAt),
      file: RecordedFile(
        id: file.id, name: file.name, type: file.type, format: file.format,
        precision: file.precision, size: file.size, quantType: file.quantType, digest: digest,
        bytes: file.approximateBytes ?? .zero,
        ownVersion: file.ownVersion == version.id ? nil : file.ownVersion,
        downloadQuery: file.id.isDerived ? file.downloadQuery : nil))
  }
}

extension Entry {
  /// What it needs of the store: the file, and what stands beside it.
  package var contents: [Digest] { [digest] + file.companions.map(\.digest) }
}
