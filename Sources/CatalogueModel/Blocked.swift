package import Core

/// Why an entry cannot be had, or not now.
package enum BlockedReason: Sendable, Hashable {
  // By us: something on this side of the wire can change it.
  case loginRequired
  /// A token was sent, and the site asks for a login all the same.
  case tokenRefused
  case quota
  case region
  case fileInTheWay(Place)
  /// The way to the place leads through something that is not a folder of the tree.
  case pathUnsafe(Place, why: String)
  /// A folder above the place is none any more: what was placed in it is out of reach.
  case folderUnusable(Place, folder: Place, why: String)
  /// A rule of the manifest's `policy:` does not let it in.
  case policy(rule: String, at: String)
  /// It does not fit a `budget:` of the manifest any more.
  case budget(rule: String, at: String)
  /// It does not fit on the disk, and `--fit` put it off.
  case space
  /// It would have to be fetched, and no network may be used.
  case offline
  /// An object without a URL that stands neither in the store nor at its place.
  case objectMissing
  /// The servers of an object's own URLs do not give it out.
  case addressRefused([AddressRefusal])

  // Upstream: only the site or the creator can change it.
  case gated(until: Timestamp?)
  case noGrant
  case downloadsDisabled
  case archived
  case takenDown
  case gone
  case scanFailed(ScanState)
  case scanPending
  case noDigest
  case noMatchingFile

  /// The folder that keeps it and all that is behind it.
  package var folder: Place? {
    if case .folderUnusable(_, let folder, _) = self { folder } else { nil }
  }

  package var isByUs: Bool {
    switch self {
    case .loginRequired, .tokenRefused, .quota, .region, .fileInTheWay, .pathUnsafe,
      .folderUnusable, .policy, .budget, .space, .offline, .objectMissing, .addressRefused:
      true
    default: false
    }
  }

  /// A stable word for JSON, logs and `refusals.jsonl`.
  package var code: String {
    switch self {
    case .loginRequired: "login-required"
    case .tokenRefused: "token-refused"
    case .quota: "quota"
    case .region: "region"
    case .fileInTheWay: "file-in-the-way"
    case .pathUnsafe: "path-unsafe"
    case .folderUnusable: "folder-unusable"
    case .policy: "policy"
    case .budget: "budget"
    case .space: "space"
    case .offline: "offline"
    case .objectMissing: "object-missing"
    case .addressRefused: "address-refused"
    case .gated: "gated"
    case .noGrant: "no-grant"
    case .downloadsDisabled: "downloads-disabled"
    case .archived: "archived"
    case .takenDown: "taken-down"
    case .gone: "gone"
    case .scanFailed: "scan-failed"
    case .scanPending: "scan-pending"
    case .noDigest: "no-digest"
    case .noMatchingFile: "no-matching-file"
    }
  }

  /// What it means, for a person; the cure, where there is one, follows a semicolon.
  package var text: String {
    switch self {
    case .loginRequired: "needs a login; run `civsync login`"
    case .tokenRefused: "needs a login, and the token was not accepted; run `civsync login`"
    case .quota: "the site's daily download limit is reached; try again tomorrow"
    case .region: "not offered in this region"
    case .fileInTheWay(let place):
      "a file that civsync did not place is in the way at `\(place)`; move it or set `place:`"
    case .pathUnsafe(let place, let why): "cannot be placed at `\(place)`: \(why)"
    case .folderUnusable(_, let folder, let why): "`\(folder)` \(why)"
    case .policy(let rule, let at): "`\(rule)` at \(at) does not let it in"
    case .budget(let rule, let at): "over `\(rule)` at \(at); raise it, or take something out"
    case .space: "does not fit on the disk now; free some space and run `civsync apply` again"
    case .offline: "has to be fetched; run without `--offline`"
    case .objectMissing:
      "is neither in the store nor at its place, and has no `url`; put the file at its place"
    case .addressRefused(let refusals):
      refusals.map(\.text).joined(separator: ", ")
        + "; name another `url:`, or put the file at its place"
    case .gated(let until):
      until.map { "early access until \($0.day)" } ?? "early access, no end told"
    case .noGrant: "the creator has not granted this account access"
    case .downloadsDisabled: "the creator has disabled downloads"
    case .archived: "archived by its creator"
    case .takenDown: "taken down"
    case .gone: "gone from the site"
    case .scanFailed(let state):
      "the site's scan says \(state.rawValue); `scan: allow-danger` would take it all the same"
    case .scanPending: "the site has not scanned it yet; `scan: allow-pending` would take it now"
    case .noDigest: "the site gives no SHA256, so it cannot be verified"
    case .noMatchingFile: "no file of this version matches `files:`"
    }
  }
}

/// What the server of an object's URL said in the place of the object.
package struct AddressRefusal: Sendable, Hashable {
  /// That of the URL, wherever it led to.
  package var host: String
  package var status: Int

  package init(host: String, status: Int) {
    self.host = host
    self.status = status
  }

  fileprivate var text: String {
    switch status {
    case 401: "`\(host)` asks for a login (HTTP 401)"
    case 403: "`\(host)` does not give it out (HTTP 403)"
    case 404: "`\(host)` does not have it (HTTP 404)"
    case 410: "`\(host)` does not have it any more (HTTP 410)"
    case 451: "`\(host)` does not offer it in this region (HTTP 451)"
    default: "`\(host)` does not give it out (HTTP \(status))"
    }
  }
}

/// Something the manifest asks for that is blocked.
package struct BlockedEntry: Sendable, Hashable {
  /// As far as it is known: a creator or a model that is gone has no version or file.
  package var model: ModelID?
  package var version: VersionID?
  package var file: FileID?
  /// What a person calls it.
  package var title: String
  package var reason: BlockedReason
  package var collections: [String]

  package init(
    model: ModelID? = nil, version: VersionID? = nil, file: FileID? = nil, title: String,
    reason: BlockedReason, collections: [String] = []
  ) {
    self.model = model
    self.version = version
    self.file = file
    self.title = title
    self.reason = reason
    self.collections = collections
  }

  /// An entry that is known in all but that it cannot be had.
  package init(_ entry: Entry, _ reason: BlockedReason) {
    self.init(
      model: entry.model.id, version: entry.version.id, file: entry.file.id,
      title: entry.blockedTitle, reason: reason, collections: entry.file.collections)
  }

  /// By model, version and file; what is known of none of them by its title.
  package static func inOrder(_ blocked: [BlockedEntry]) -> [BlockedEntry] {
    blocked.sorted { $0.sortKey < $1.sortKey }
  }

  private var sortKey: (Int64, Int64, Int64, String) {
    (model?.rawValue ?? 0, version?.rawValue ?? 0, file?.rawValue ?? 0, title)
  }
}

extension Entry {
  /// An object has no name but its place's.
  fileprivate var blockedTitle: String {
    guard isObject, let place = file.places.first else { return title }
    return "\(place) · \(version.name)"
  }
}
