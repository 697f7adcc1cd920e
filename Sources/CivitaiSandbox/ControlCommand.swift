package import Core

/// What a creator, the site, or bad luck does while the sandbox runs: the body of
/// `POST /sandbox/control`, or the argument of `SandboxServer.control`.
package enum ControlCommand: Sendable {
  case rename(model: ModelID, name: String)
  /// New bytes and a new digest under the same file id; `replacedAt` is set.
  case replace(file: FileID)
  case deleteModel(ModelID)
  case deleteVersion(VersionID)
  /// A new newest version with one file; `baseModel` as in the newest before it by default.
  case publish(model: ModelID, version: String, baseModel: String?)
  case archive(ModelID)
  case takeDown(ModelID)
  /// Not listed, and 404, until `restore`.
  case hide(ModelID)
  /// Undoes `archive`, `takeDown` and `hide`.
  case restore(ModelID)
  /// Early access until that moment, for good, or (neither) with no end known.
  case gate(version: VersionID, endsAt: String?, permanent: Bool)
  /// Takes the gate, the login and the download lock off again.
  case open(version: VersionID)
  case requireLogin(version: VersionID)
  case disableDownloads(version: VersionID)
  case retag(model: ModelID, tags: [String])
  /// What a version shows, at most nine.
  case images(version: VersionID, [ImageRecord])
  /// What the account has marked; `nil`: the models whose id divides by 7.
  case favorites([ModelID]?)
  case fault(Fault)
  /// Takes every fault away, and the quota; what models became stays.
  case clear
  /// Bytes per second for each connection to storage; `nil`: as fast as it goes.
  case throttle(Int?)
  /// After that many more successful resolutions downloads answer 429; `nil`: never.
  case quota(Int?)
  case resetCounts
}

/// What a command made.
package struct ControlAnswer: Sendable, Equatable {
  /// The version of `publish`.
  package var version: VersionID?
  /// The file of `publish` and `replace`.
  package var file: FileID?

  package init(version: VersionID? = nil, file: FileID? = nil) {
    self.version = version
    self.file = file
  }
}

/// Why a command was not carried out; the catalogue is as it was.
package enum ControlError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownModel(ModelID)
  case unknownVersion(VersionID)
  case unknownFile(FileID)
  /// `do` is missing, or none of the verbs.
  case unknownVerb(String)
  case unknownFault(String)
  case missing(field: String, verb: String)
  case notJSON(String)

  package var description: String {
    switch self {
    case .unknownModel(let id): "no model `\(id)`; GET /api/v1/models lists those there are"
    case .unknownVersion(let id): "no version `\(id)`; GET /api/v1/models/:id lists those there are"
    case .unknownFile(let id): "no file `\(id)`; GET /api/v1/models/:id lists those there are"
    case .unknownVerb(let verb): "unknown verb `\(verb)`; one of: \(Self.verbs)"
    case .unknownFault(let kind):
      "unknown fault `\(kind)`; one of: "
        + Fault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    case .missing(let field, let verb): "`\(verb)` needs `\(field)`; add it to the JSON object"
    case .notJSON(let reason): "the body is not a JSON object (\(reason)); send {\"do\": …}"
    }
  }

  private static let verbs =
    "rename, replace, delete, publish, archive, take-down, hide, restore, gate, open, "
    + "require-login, disable-downloads, retag, images, favorites, fault, clear, throttle, quota, reset-counts"
}
