internal import Core

/// Which redirects of one operation are followed.
struct RedirectRules {
  /// Whether `http` may lead off this machine.
  private let allowsPlainHTTP: Bool
  /// Where redirects may lead; `nil` for any public origin.
  private let origins: Set<Origin>?
  private let limit: Int
  private var followed = 0
  /// The first URL is of this machine or a private network: then others of it are no surprise.
  private(set) var beganLocally: Bool

  init(first: SafeURL, allowsPlainHTTP: Bool, origins: Set<Origin>?, limit: Int) {
    self.allowsPlainHTTP = allowsPlainHTTP
    self.origins = origins
    self.limit = limit
    self.beganLocally = AddressScope.isLocal(first)
  }

  /// A name may turn out to stand for a private address once the first connection is made.
  mutating func learn(peer: String?) {
    guard followed == 0, let peer, AddressScope.isLocal(address: peer) else { return }
    beganLocally = true
  }

  /// An earlier request for the first URL found it to be of a private network.
  mutating func beginLocally() { beganLocally = true }

  /// Holds the first URL against the rules that need no redirect.
  func checkFirst(_ url: SafeURL) throws(TransferError) {
    if url.scheme == "http" && !allowsPlainHTTP && !url.isLoopback {
      throw .redirectRefused(url: url.description, .plainHTTP)
    }
  }

  /// The URL that `location` leads to.
  /// - Throws: `.redirectRefused`, `.tooManyRedirects`.
  mutating func next(from url: SafeURL, location: String) throws(TransferError) -> SafeURL {
    guard let target = url.resolving(location: location) else {
      throw .redirectRefused(url: Self.harmless(location), .unreadable)
    }
    if let refusal = refusal(from: url, to: target) {
      throw .redirectRefused(url: target.description, refusal)
    }
    followed += 1
    guard followed <= limit else { throw .tooManyRedirects(limit: limit) }
    return target
  }

  private func refusal(from url: SafeURL, to target: SafeURL) -> RedirectRefusal? {
    if target.scheme == "http" {
      if url.scheme == "https" { return .downgrade }
      if !allowsPlainHTTP && !target.isLoopback { return .plainHTTP }
    }
    if !beganLocally && AddressScope.isLocal(target) { return .privateAddress }
    if let origins, target.origin != url.origin, !origins.contains(target.origin) {
      return .otherOrigin
    }
    return nil
  }

  /// What can be shown of a text that is no URL: its scheme, without what may be secret behind it.
  private static func harmless(_ location: String) -> String {
    let scheme = location.prefix { $0 != ":" }
    let isScheme = scheme.count < 20 && scheme.allSatisfy { $0.isASCII && $0.isLetter }
    return isScheme && scheme.count < location.count ? "\(scheme):…" : "…"
  }
}
