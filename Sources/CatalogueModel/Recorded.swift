package import Core

/// What civsync keeps of a model in lock and snapshot: the exact files it stands for, where they
/// are, and the facts that the manifest's filters were judged on.
package struct RecordedModel: Sendable, Equatable {
  package var id: ModelID
  package var name: String
  package var type: String
  package var creator: String?
  package var tags: [String]
  package var nsfwLevel: Int
  /// Sorted by id.
  package var versions: [RecordedVersion]

  package init(
    id: ModelID, name: String, type: String, creator: String? = nil, tags: [String] = [],
    nsfwLevel: Int = 1, versions: [RecordedVersion] = []
  ) {
    self.id = id
    self.name = name
    self.type = type
    self.creator = creator
    self.tags = tags
    self.nsfwLevel = nsfwLevel
    self.versions = versions
  }
}

package struct RecordedVersion: Sendable, Equatable {
  package var id: VersionID
  package var name: String
  package var baseModel: String
  package var publishedAt: Timestamp?
  /// Sorted by id, then digest: two files with one id stand side by side when a creator replaced
  /// the content and the user keeps both.
  package var files: [RecordedFile]

  package init(
    id: VersionID, name: String, baseModel: String, publishedAt: Timestamp? = nil,
    files: [RecordedFile] = []
  ) {
    self.id = id
    self.name = name
    self.baseModel = baseModel
    self.publishedAt = publishedAt
    self.files = files
  }
}

package struct RecordedFile: Sendable, Equatable {
  package var id: FileID
  package var name: String
  package var type: String
  package var format: String?
  package var precision: String?
  package var size: String?
  package var quantType: String?
  package var digest: Digest
  /// Exact once it was fetched; the catalogue's advisory figure before.
  package var bytes: ByteCount
  /// The version whose download serves it, when that is another one.
  package var ownVersion: VersionID?
  /// The download's query, for a file without an id of its own.
  package var downloadQuery: String?
  /// Where an object of the manifest can be fetched; `nil` for what the catalogue serves.
  package var url: String?
  /// Sorted by tree and path.
  package var places: [Place]
  /// Names of the collections that ask for it, sorted.
  package var collections: [String]
  package var state: RecordedState
  package var origin: RecordedOrigin
  /// It stays, whatever the manifest or a rollback says, until the user gives it free. Snapshot only.
  package var isProtected: Bool
  /// Tools may write to it: it is placed as a file of its own, and what they make of it stays. Snapshot only.
  package var isEditable: Bool
  /// Sorted by kind and number. Snapshot only.
  package var companions: [RecordedCompanion]

  package init(
    id: FileID, name: String, type: String = "Model", format: String? = nil,
    precision: String? = nil, size: String? = nil, quantType: String? = nil, digest: Digest,
    bytes: ByteCount, ownVersion: VersionID? = nil, downloadQuery: String? = nil,
    url: String? = nil, places: [Place] = [], collections: [String] = [],
    state: RecordedState = .current, origin: RecordedOrigin = .fetched, isProtected: Bool = false,
    isEditable: Bool = false, companions: [RecordedCompanion] = []
  ) {
    self.id = id
    self.name = name
    self.type = type
    self.format = format
    self.precision = precision
    self.size = size
    self.quantType = quantType
    self.digest = digest
    self.bytes = bytes
    self.ownVersion = ownVersion
    self.downloadQuery = downloadQuery
    self.url = url
    self.places = places
    self.collections = collections
    self.state = state
    self.origin = origin
    self.isProtected = isProtected
    self.isEditable = isEditable
    self.companions = companions
  }
}

/// How an entry stands to what the manifest selects today. Snapshot only.
package enum RecordedState: String, Sendable, CaseIterable {
  /// Selected.
  case current
  /// A newer version took its place in the selection; it stays.
  case superseded
  /// Upstream no longer shows it to the selector; it stays.
  case withdrawn
}

/// Whose file it is. Snapshot only.
package enum RecordedOrigin: String, Sendable, CaseIterable {
  /// civsync fetched and placed it.
  case fetched
  /// It was the user's own file, found in place with the wanted digest: never removed by civsync.
  case adopted
}
