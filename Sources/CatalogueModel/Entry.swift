package import Core

/// One file that the manifest asks for, flat: the file with the model and version it belongs to.
///
/// `model.versions` and `version.files` are empty; ``entries(of:)`` and ``models(of:)`` go between
/// this form, which decisions are made on, and the nested one, which is recorded.
package struct Entry: Sendable, Equatable {
  package var model: RecordedModel
  package var version: RecordedVersion
  package var file: RecordedFile

  package init(model: RecordedModel, version: RecordedVersion, file: RecordedFile) {
    self.model = model
    self.model.versions = []
    self.version = version
    self.version.files = []
    self.file = file
  }

  package var key: FileKey { FileKey(model: model.id, version: version.id, file: file.id) }
  package var digest: Digest { file.digest }
  package var identity: EntryIdentity { EntryIdentity(key: key, digest: digest) }

  /// `Model name · version name`, for a person.
  package var title: String { "\(model.name) · \(version.name)" }

  package static func entries(of models: [RecordedModel]) -> [Entry] {
    models.flatMap { model in
      model.versions.flatMap { version in
        version.files.map { Entry(model: model, version: version, file: $0) }
      }
    }
  }

  /// The nested form, sorted by id. Facts of a model or version are those of its first entry.
  package static func models(of entries: [Entry]) -> [RecordedModel] {
    var models: [RecordedModel] = []
    for entry in entries.sorted(by: { $0.identity < $1.identity }) {
      if models.last?.id != entry.model.id { models.append(entry.model) }
      let m = models.count - 1
      if models[m].versions.last?.id != entry.version.id {
        models[m].versions.append(entry.version)
      }
      let v = models[m].versions.count - 1
      models[m].versions[v].files.append(entry.file)
    }
    return models
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
