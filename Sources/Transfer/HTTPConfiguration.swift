internal import Core

/// What one `HTTPClient` is allowed and how patient it is.
package struct HTTPConfiguration: Sendable {
  /// Must not look like a browser's: Civitai sends those to HTML login pages.
  package var userAgent: String
  package var connectTimeout: Duration = .seconds(10)
  /// How long a transfer may run below `stallSpeed`; whole seconds, at least one.
  package var stallTimeout: Duration = .seconds(300)
  /// Bytes per second below which a transfer counts as stalled.
  package var stallSpeed = 100
  /// How long a connection of a download may bring next to nothing, for what its host usually brings.
  package var slowTimeout: Duration = .seconds(30)
  /// How long a connection may bring nothing before an idle one of the same download is sent for the same
  /// bytes. It is looked at once a second.
  package var quietTimeout: Duration = .seconds(5)
  /// How long a piece of a download (8 MiB) may take.
  package var pieceTimeout: Duration = .seconds(600)
  /// For each request of an API call, from connecting to its last byte. Downloads have no limit.
  package var apiTimeout: Duration = .seconds(600)
  /// API calls under way at once.
  package var maxCalls = 2
  package static let usualDownloads = 6
  /// Downloads under way at once.
  package var maxDownloads = HTTPConfiguration.usualDownloads
  /// Connections of one download, as far as more make it faster.
  package var maxConnectionsPerFile = 32
  /// Bytes in a second for all downloads together; `nil`: all that comes.
  package var downloadRate: Int64?
  /// Connections of all downloads together, as far as more make them faster.
  package var maxDownloadConnections = 32
  /// Connections to one host at once. Never less than `maxCalls` + `maxDownloads` together need,
  /// so that neither kind waits for the other.
  package var maxConnectionsPerHost = 10
  /// Idle connections kept for later.
  package var maxIdleConnections = 20
  package var maxRedirects = 8
  /// Hears, on any thread, what the client does of its own accord; must not take long.
  package var notice: @Sendable (TransferNotice) -> Void = { _ in }
  /// For waiting until a host that failed is asked again.
  package var clock: any Clock<Duration> = ContinuousClock()
  /// Whether downloads may be `http` where they leave this machine. No `https` URL ever leads to an
  /// `http` one.
  package var allowsPlainHTTP = false
  package var network: NetworkEnvironment

  package init(userAgent: String, environment: [String: String] = [:]) {
    self.userAgent = userAgent
    self.network = NetworkEnvironment(environment)
  }
}

/// Proxies and certificates as the customary environment variables name them.
package struct NetworkEnvironment: Sendable {
  /// Proxy URLs may hold a password: they are given to libcurl and never printed.
  private let httpsProxy: Secret?
  private let httpProxy: Secret?
  /// Hosts that are reached without proxy, in libcurl's form.
  let noProxy: String
  /// A PEM file to be used instead of the system's certificates.
  package let certificateFile: String?
  /// A folder of hashed certificates, likewise.
  package let certificateFolder: String?

  /// - Parameter values: `https_proxy`, `http_proxy`, `all_proxy`, `no_proxy` (lower case first;
  ///   `HTTP_PROXY` is left alone, as curl does, because a request header can set it in CGI),
  ///   `CURL_CA_BUNDLE`, `SSL_CERT_FILE`, `SSL_CERT_DIR`.
  package init(_ values: [String: String]) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { values[$0] }.first { !$0.isEmpty }
    }
    let all = value("all_proxy", "ALL_PROXY")
    self.httpsProxy = (value("https_proxy", "HTTPS_PROXY") ?? all).map(Secret.init)
    self.httpProxy = (value("http_proxy") ?? all).map(Secret.init)
    self.noProxy = value("no_proxy", "NO_PROXY") ?? ""
    self.certificateFile = value("CURL_CA_BUNDLE", "SSL_CERT_FILE")
    self.certificateFolder = value("SSL_CERT_DIR")
  }

  /// The proxy for a URL; loopback is always reached directly.
  func proxy(for url: SafeURL) -> Secret? {
    if url.isLoopback { return nil }
    return url.scheme == "https" ? httpsProxy : httpProxy
  }
}

extension Duration {
  /// Whole milliseconds, at least 1 and at most a day: what libcurl's timeouts take, for which 0
  /// would mean "never".
  var timeoutMilliseconds: Int {
    let (seconds, attoseconds) = components
    if seconds >= 86_400 { return 86_400_000 }
    return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}
