import CatalogueModel
import Core

/// Why an entry is blocked, in a form that is written and read back.
struct SavedReason: Codable {
  var code: String
  /// Of a gate, in milliseconds since 1970.
  var until: Int64?
  var place: SavedContents.Spot?
  /// One above the place that is none any more; of its tree.
  var folder: String?
  /// Why a path is unsafe, or what the scan said.
  var detail: String?
  /// The rule of the manifest, and where it stands.
  var rule: String?
  var at: String?
  /// Who refused an object.
  var addresses: [Address]?

  struct Address: Codable {
    var host: String
    var status: Int
  }

  init(_ reason: BlockedReason) {
    code = reason.code
    switch reason {
    case .fileInTheWay(let place): self.place = SavedContents.Spot(place)
    case .pathUnsafe(let place, let why):
      self.place = SavedContents.Spot(place)
      detail = why
    case .folderUnusable(let place, let folder, let why):
      self.place = SavedContents.Spot(place)
      self.folder = folder.path.string
      detail = why
    case .policy(let rule, let at), .budget(let rule, let at):
      self.rule = rule
      self.at = at
    case .gated(let end): until = end?.milliseconds
    case .scanFailed(let state): detail = state.rawValue
    case .addressRefused(let refusals):
      addresses = refusals.map { Address(host: $0.host, status: $0.status) }
    case .loginRequired, .tokenRefused, .quota, .region, .space, .offline, .objectMissing, .noGrant,
      .downloadsDisabled, .archived, .takenDown, .gone, .scanPending, .noDigest, .noMatchingFile:
      break
    }
  }

  func reason() throws(SavedPlanProblem) -> BlockedReason {
    if let plain = Self.plain[code] { return plain }
    switch (code, place, rule, at) {
    case ("file-in-the-way", let place?, _, _): return .fileInTheWay(try place.place())
    case ("path-unsafe", let place?, _, _):
      return .pathUnsafe(try place.place(), why: detail ?? "")
    case ("folder-unusable", let place?, _, _):
      let place = try place.place()
      guard let folder = folder.flatMap({ TreePath($0) }) else { break }
      return .folderUnusable(
        place, folder: Place(tree: place.tree, path: folder), why: detail ?? "")
    case ("policy", _, let rule?, let at?): return .policy(rule: rule, at: at)
    case ("budget", _, let rule?, let at?): return .budget(rule: rule, at: at)
    case ("gated", _, _, _):
      return .gated(until: until.map { Timestamp(milliseconds: $0) })
    case ("scan-failed", _, _, _):
      return .scanFailed(try SavedContents.word(detail ?? ""))
    case ("address-refused", _, _, _):
      return .addressRefused(
        (addresses ?? []).map { AddressRefusal(host: $0.host, status: $0.status) })
    default: break
    }
    throw SavedPlanProblem(what: "a reason that is known in the place of `\(code)`")
  }

  /// The reasons that say everything by their code.
  private static let plain: [String: BlockedReason] = Dictionary(
    [
      .loginRequired, .tokenRefused, .quota, .region, .space, .offline, .objectMissing, .noGrant,
      .downloadsDisabled, .archived, .takenDown, .gone, .scanPending, .noDigest, .noMatchingFile,
    ].map { (reason: BlockedReason) in (reason.code, reason) },
    uniquingKeysWith: { first, _ in first })
}
