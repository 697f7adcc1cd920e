import Civitai
import Core
import ManifestModel
import SystemIO
import Transfer

extension EngineContext {
  /// Whom to ask where no manifest names other sites: `CIVSYNC_ENDPOINTS`, separated by commas or spaces, else
  /// the sites themselves.
  /// - Throws: `C176` when the variable holds something that cannot be asked.
  func endpoints() throws(EngineError) -> [SafeURL] {
    let named = (environment["CIVSYNC_ENDPOINTS"] ?? "").split { $0 == "," || $0 == " " }
    guard !named.isEmpty else { return Manifest.defaultEndpoints }
    var endpoints: [SafeURL] = []
    for text in named {
      guard var url = SafeURL(String(text)), url.scheme == "https" || url.isLoopback,
        url.query == nil
      else {
        // Not the text itself: it may hold a password.
        throw EngineError(
          "C176", "`CIVSYNC_ENDPOINTS` holds what cannot be asked",
          help: "write `https://` and the host, without name and password", exit: .usage)
      }
      while url.path.hasSuffix("/") { url.path.removeLast() }
      if !endpoints.contains(url) { endpoints.append(url) }
    }
    return endpoints
  }

  /// - Parameters:
  ///   - spec: what the manifest says of the client's patience, where there is one.
  ///   - observer: hears what the client does of its own accord.
  func makeClient(
    _ spec: TransferSpec = TransferSpec(), _ observer: (any EngineObserver)? = nil
  ) throws(EngineError) -> HTTPClient {
    let openFiles = OpenFileLimit.raise()
    guard openFiles >= OpenFileLimit.least else {
      throw EngineError(
        "C226",
        "this process may have \(openFiles) open files, and needs \(OpenFileLimit.least) to fetch",
        help: "allow it more, with `ulimit -n 1024`")
    }
    var configuration = HTTPConfiguration(userAgent: userAgent, environment: environment)
    if let time = spec.connectTimeout { configuration.connectTimeout = .seconds(time) }
    if let time = spec.stallTimeout { configuration.stallTimeout = .seconds(time) }
    if let time = spec.callTimeout { configuration.apiTimeout = .seconds(time) }
    if let calls = spec.calls { configuration.maxCalls = calls }
    configuration.maxDownloads = downloadsAtOnce(spec)
    if let most = spec.connectionsPerFile { configuration.maxConnectionsPerFile = most }
    configuration.allowsPlainHTTP = spec.isInsecure
    configuration.downloadRate = steadyRate(spec)
    if transfer.isSequential {
      configuration.maxConnectionsPerFile = 1
      configuration.maxDownloadConnections = 1
    }
    configuration.clock = clock
    if let observer { configuration.notice = { observer.handle(.transfer($0)) } }
    do {
      return try HTTPClient(configuration)
    } catch {
      throw EngineError("C060", "cannot start the network client: \(error)")
    }
  }

  /// Bytes in a second for all downloads of a run, where one rate holds at all times.
  func steadyRate(_ spec: TransferSpec) -> Int64? {
    (transfer.limitRate ?? spec.limitRate)?.bytes
  }

  /// How many files are fetched at one time.
  func downloadsAtOnce(_ spec: TransferSpec) -> Int {
    transfer.isSequential ? 1 : spec.downloads ?? HTTPConfiguration.usualDownloads
  }

  /// The catalogue at these endpoints, as every command asks it.
  func catalogue(
    _ endpoints: [SafeURL], _ http: HTTPClient, _ spec: TransferSpec = TransferSpec(),
    _ cache: AnswerCache? = nil
  ) -> CivitaiCatalogue {
    CivitaiCatalogue(
      endpoints: endpoints, http: http,
      account: token.map { token in
        let policy = tokenPolicy
        return CatalogueAccount(token: token, mayTravel: { policy.allows($0) })
      },
      policy: CataloguePolicy(retries: retries(spec), concurrency: spec.calls ?? 2),
      cache: cache, clock: clock, random: random)
  }

  /// How often, and after which waits, something is tried again.
  func retries(_ spec: TransferSpec) -> RetryPolicy {
    var policy = RetryPolicy.standard
    if let waits = spec.retries { policy.delays = waits.map { .seconds($0) } }
    return transfer.maxRetries.map { policy.limited(to: $0) } ?? policy
  }
}
