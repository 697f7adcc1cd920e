package import Core

extension ModelID {
  /// Stands for a file that the manifest names by its digest and not by a model: always negative,
  /// and the same for the same content.
  package init(object digest: Digest) {
    let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self.init(rawValue: -1 - Int64(number >> 2))
  }

  /// Whether it stands for an object of the manifest: no site knows it.
  package var isObject: Bool { rawValue < 0 }
}

extension Entry {
  /// The type under which objects are recorded.
  package static let objectType = "Object"

  /// The entry of a file that is declared by its digest.
  /// - Parameters:
  ///   - name: for people: the name of its place or of its URL.
  ///   - bytes: zero where it is not known yet.
  package init(object digest: Digest, name: String, url: SafeURL?, bytes: ByteCount = .zero) {
    self.init(
      model: RecordedModel(
        id: ModelID(object: digest), name: name, type: Self.objectType, nsfwLevel: 0),
      version: RecordedVersion(id: 1, name: digest.short, baseModel: ""),
      file: RecordedFile(id: 1, name: name, digest: digest, bytes: bytes, url: url?.wire))
  }

  /// Whether the manifest declares it by its digest.
  package var isObject: Bool { model.id.isObject }
}
