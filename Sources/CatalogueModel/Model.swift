package import Core

/// A model as the catalogue describes it. Open strings stay strings: types and base models grow
/// every month.
package struct Model: Sendable, Equatable {
  package var id: ModelID
  package var name: String
  /// `Checkpoint`, `LORA`, …: 23 known, more to come.
  package var type: String
  package var creator: String?
  package var tags: [String]
  /// Bit mask: 1 PG, 2 PG13, 4 R, 8 X, 16 XXX, 32 blocked.
  package var nsfwLevel: Int
  package var mode: ModelMode
  /// Uses people may make of it, such as `Image`, `Rent`, `Sell`; `nil` when not told.
  package var commercialUse: [String]?
  /// How often it was downloaded and liked; `nil` when not told. They change all the time.
  package var downloads: Int64?
  package var thumbsUp: Int64?
  /// HTML; only where details were asked for.
  package var description: String?
  /// In the creator's order, which says nothing about age.
  package var versions: [Version]

  package init(
    id: ModelID, name: String, type: String, creator: String? = nil, tags: [String] = [],
    nsfwLevel: Int = 1, mode: ModelMode = .normal, commercialUse: [String]? = nil,
    downloads: Int64? = nil, thumbsUp: Int64? = nil, description: String? = nil,
    versions: [Version] = []
  ) {
    self.downloads = downloads
    self.thumbsUp = thumbsUp
    self.description = description
    self.id = id
    self.name = name
    self.type = type
    self.creator = creator
    self.tags = tags
    self.nsfwLevel = nsfwLevel
    self.mode = mode
    self.commercialUse = commercialUse
    self.versions = versions
  }
}

package enum ModelMode: String, Sendable {
  case normal
  /// No files are listed and none can be downloaded.
  case archived
  /// Files stay listed, images are gone.
  case takenDown
}

package struct Version: Sendable, Equatable {
  package var id: VersionID
  package var name: String
  package var baseModel: String
  package var publishedAt: Timestamp?
  package var gate: Gate?
  /// The creator allows use on the site only. Told by the version endpoint alone.
  package var downloadsDisabled: Bool
  /// Only where details were asked for.
  package var details: VersionDetails?
  package var files: [File]

  package init(
    id: VersionID, name: String, baseModel: String, publishedAt: Timestamp? = nil,
    gate: Gate? = nil, downloadsDisabled: Bool = false, details: VersionDetails? = nil,
    files: [File] = []
  ) {
    self.details = details
    self.id = id
    self.name = name
    self.baseModel = baseModel
    self.publishedAt = publishedAt
    self.gate = gate
    self.downloadsDisabled = downloadsDisabled
    self.files = files
  }
}

/// What is shown of a version, and what no decision is made on.
package struct VersionDetails: Sendable, Equatable {
  /// HTML.
  package var description: String?
  package var trainedWords: [String]
  /// In the creator's order.
  package var images: [ModelImage]
  /// The version as the API described it: the JSON text of the answer's own object.
  package var source: String

  package init(
    description: String? = nil, trainedWords: [String] = [], images: [ModelImage] = [],
    source: String = "{}"
  ) {
    self.description = description
    self.trainedWords = trainedWords
    self.images = images
    self.source = source
  }
}

/// A picture or film that the creator shows of a version.
package struct ModelImage: Sendable, Equatable {
  package var url: SafeURL
  /// Bit mask as a model's.
  package var nsfwLevel: Int
  package var isVideo: Bool
  /// In pixels; `nil` when not told.
  package var width: Int?
  package var height: Int?

  package init(
    url: SafeURL, nsfwLevel: Int = 1, isVideo: Bool = false, width: Int? = nil, height: Int? = nil
  ) {
    self.url = url
    self.nsfwLevel = nsfwLevel
    self.isVideo = isVideo
    self.width = width
    self.height = height
  }
}

/// Early access in any of its four generations: a grant is needed until it ends.
package struct Gate: Sendable, Equatable, Hashable {
  /// `nil` when no end is known; it is gated all the same.
  package var endsAt: Timestamp?

  package init(endsAt: Timestamp?) { self.endsAt = endsAt }
}

package struct File: Sendable, Equatable {
  package var id: FileID
  /// Synthesized by the site from model and version names: it repeats and changes.
  package var name: String
  /// `Model`, `VAE`, `Config`, …: open.
  package var type: String
  /// `SafeTensor`, `PickleTensor`, …: open; `nil` when not told.
  package var format: String?
  /// `fp16`, `bf16`, …
  package var precision: String?
  /// `full` or `pruned`.
  package var size: String?
  package var quantType: String?
  /// `nil` when the site has none (scan pending): such a file cannot be verified.
  package var digest: Digest?
  /// From `sizeKB`: advisory, right to about one KiB and now and then wrong.
  package var approximateBytes: ByteCount?
  package var isPrimary: Bool
  package var scan: ScanState
  /// The version whose download serves it: another one for a linked file.
  package var ownVersion: VersionID?
  /// The query that the site's own `downloadUrl` carries: used when the file has no id.
  package var downloadQuery: String?

  package init(
    id: FileID, name: String, type: String = "Model", format: String? = "SafeTensor",
    precision: String? = nil, size: String? = nil, quantType: String? = nil,
    digest: Digest? = nil, approximateBytes: ByteCount? = nil, isPrimary: Bool = false,
    scan: ScanState = .success, ownVersion: VersionID? = nil, downloadQuery: String? = nil
  ) {
    self.id = id
    self.name = name
    self.type = type
    self.format = format
    self.precision = precision
    self.size = size
    self.quantType = quantType
    self.digest = digest
    self.approximateBytes = approximateBytes
    self.isPrimary = isPrimary
    self.scan = scan
    self.ownVersion = ownVersion
    self.downloadQuery = downloadQuery
  }
}

/// The worse of the pickle and the virus scan; an unknown word counts as `pending`.
package enum ScanState: String, Sendable, Comparable {
  case success, pending, error, danger

  private var rank: Int {
    switch self {
    case .success: 0
    case .pending: 1
    case .error: 2
    case .danger: 3
    }
  }

  package static func < (left: ScanState, right: ScanState) -> Bool { left.rank < right.rank }
}
