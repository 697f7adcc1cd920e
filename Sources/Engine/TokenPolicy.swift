import Core

/// Where the API token may travel: to Civitai's own hosts over TLS, to this machine, and to what
/// the user allowed outside the manifest. A manifest cannot send it elsewhere, and nobody in the
/// clear.
struct TokenPolicy {
  private static let sites: Set<String> = ["civitai.com", "civitai.red"]
  private let allowed: [String]

  /// - Parameter hosts: the value of `CIVSYNC_TOKEN_HOSTS`: `host`, `host:port` or a whole origin,
  ///   separated by commas or spaces.
  init(hosts: String?) {
    allowed = (hosts ?? "").lowercased()
      .split { $0 == "," || $0 == " " }
      .map { $0.hasSuffix("/") ? String($0.dropLast()) : String($0) }
  }

  /// Whether a text can name a host, with or without port, or an origin that tokens may go to.
  static func isReadable(_ text: String) -> Bool {
    if text.contains("://") {
      guard let url = SafeURL(text), url.query == nil, url.path.isEmpty || url.path == "/" else {
        return false
      }
      return url.scheme == "https" || url.isLoopback
    }
    guard !text.contains("/"), !text.contains(","), let url = SafeURL("https://\(text)") else {
      return false
    }
    return !url.host.isEmpty
  }

  func allows(_ url: SafeURL) -> Bool {
    if url.isLoopback { return true }
    guard url.scheme == "https" else { return false }
    if allowed.contains("https://\(url.host)"), url.port == nil { return true }
    if allowed.contains("https://\(url.host):\(url.effectivePort)") { return true }
    if Self.sites.contains(url.host), url.effectivePort == 443 { return true }
    if allowed.contains(url.host), url.effectivePort == 443 { return true }
    return allowed.contains("\(url.host):\(url.effectivePort)")
  }
}
