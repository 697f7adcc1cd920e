internal import Core

/// A model as the sandbox keeps it: what is needed to answer for it, and to render it.
struct ModelRecord: Sendable {
  enum Mode: String, Sendable {
    case archived = "Archived"
    case takenDown = "TakenDown"
  }

  /// The three shapes that `allowCommercialUse` has had.
  enum CommercialUse: Sendable {
    case text(String)
    case list([String])
    /// `"{Image,RentCivit}"` in lists, an array in the model's own answer.
    case literal([String])
  }

  var id: ModelID
  var name: String
  var type: String
  var creator: String?
  var creatorImage: String?
  var tags: [String] = []
  var description: String? = "Made by the sandbox."
  var mode: Mode?
  /// Withdrawn by its creator: not listed, 404, until it is restored.
  var isHidden = false
  /// Shows a real person: listed nowhere, whatever is asked; its own answer is there.
  var isRealPerson = false
  /// Bits: 1 PG, 2 PG13. Nothing made here is beyond those.
  var nsfwLevel: Int64 = 1
  var commercialUse: CommercialUse = .list(["Image", "RentCivit"])
  var versions: [VersionRecord]
  /// Members of the answer that are `null` for this model, by key; dropped or shown as the
  /// endpoint does.
  var nulls: Set<String> = []
  /// Members that no documentation names.
  var extras: [JSON.Member] = []
  /// The response that was recorded, for a model of `--catalogue`.
  var recorded: JSON?

  /// What counts for the list's order and for `latest`.
  var lastPublished: String { versions.compactMap(\.publishedAt).max() ?? "" }
}

/// One version of a model.
struct VersionRecord: Sendable {
  enum Gate: Sendable, Hashable {
    /// `paidAccess`, 2026; no end and not permanent is a gate as well.
    case paid(permanent: Bool, endsAt: String?)
    /// `earlyAccessDeadline`, 2024.
    case deadline(String)
    /// `earlyAccessTimeFrame` in days, 2023, with `availability: EarlyAccess`.
    case timeFrame(days: Int64, until: String)

    /// When it opens, where that is known.
    var until: String? {
      switch self {
      case .paid(_, let endsAt): endsAt
      case .deadline(let text): text
      case .timeFrame(_, let until): until
      }
    }
  }

  /// What the download answers beside a gate.
  enum Access: Sendable {
    case open, loginRequired, downloadsDisabled
    /// 403 without a reason that time would cure.
    case noGrant
  }

  var id: VersionID
  var name: String
  var baseModel: String
  var baseModelType: String? = "Standard"
  var createdAt: String?
  var publishedAt: String?
  /// HTML.
  var description: String?
  var trainedWords: [String] = []
  /// At most nine: their ids are the version's with one more digit.
  var images: [ImageRecord] = [ImageRecord(.png), ImageRecord(.jpeg)]
  var gate: Gate?
  var access: Access = .open
  var files: [FileRecord]
  var nulls: Set<String> = []
  var extras: [JSON.Member] = []
  /// Since 2026-09 colliding names get the file's id; older versions just repeat the name.
  var suffixesCollidingNames = false
}

/// One file of a version.
struct FileRecord: Sendable {
  enum Hashes: Sendable {
    case all
    /// Without SHA256, but with other checksums.
    case withoutSHA256
    case lowerCase
    /// `hashes: {}`: the scan has not come by yet.
    case empty
    /// No member `hashes` at all.
    case absent
  }

  enum ShownSize: Sendable {
    case exact, null
    /// Another number than the file has.
    case wrong(byKB: Double)
  }

  /// `nil` where a recorded response names none.
  var id: FileID?
  var type = "Model"
  var fileExtension = "safetensors"
  /// The name that its creator gave; `nil`: synthesized from model and version at every answer.
  var ownName: String?
  var format: String? = "SafeTensor"
  var size: String?
  var fp: String?
  var quantType: String?
  var content: FileContent
  /// Counts replacements: a signed address belongs to one generation.
  var generation = 0
  var replacedAt: String?
  var isPrimary = false
  var hashes: Hashes = .all
  var shownSize: ShownSize = .exact
  var pickleScan: String? = "Success"
  var virusScan: String? = "Success"
  var scannedAt: String? = "2026-01-02T03:04:05.678Z"
  /// Shown here, but another version's file: that version serves it.
  var linkedTo: VersionID?
  /// `metadata` as a whole, where it is not the usual object.
  var metadata: JSON?
  /// Addressed by `type` and `format` in its `downloadUrl`, as before 2026-04.
  var hasQueryAddress = false
}
