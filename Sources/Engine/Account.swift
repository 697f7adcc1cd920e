import CatalogueModel
import Civitai
package import Core
import Diagnostics
import ManifestModel
import Planning
import SystemIO
import Transfer

/// The account that the token belongs to.
package struct AccountInfo: Sendable {
  package var name: String
  /// The endpoint that said so.
  package var endpoint: SafeURL
  package var source: TokenSource
}

/// What a login came to.
package struct LoginResult: Sendable {
  /// `nil` when the site could not be asked, or no token was given.
  package var account: AccountInfo?
  package var path: AbsolutePath?
  /// Hosts that the token may be sent to besides the site's own.
  package var hosts: [String]
  /// The environment has a token too, and that one counts.
  package var isShadowed: Bool
}

extension Engine {
  /// The token, unless the site said in this run that it knows none such.
  var token: Secret? { tokenIsBad.withLock { $0 == true } ? nil : context.token }

  /// Asks the site whether the token is good, once in a run, before anything relies on it.
  /// - Parameter catalogue: the one that is asked for the rest too, so that a site that is away is
  ///   waited for once.
  func checkToken(_ catalogue: CivitaiCatalogue) async {
    guard context.token != nil, tokenIsBad.withLock({ $0 == nil }) else { return }
    switch await catalogue.whoAmI(progress: { self.observer.handle($0) }) {
    case .known: tokenIsBad.withLock { $0 = false }
    case .refused: tokenIsBad.withLock { $0 = true }
    // Not known to be bad; the downloads will tell.
    case .unavailable: break
    }
  }

  /// What is wrong with the login, as warnings; each is told once in a run.
  var loginWarnings: [Diagnostic] {
    var warnings: [Diagnostic] = []
    if context.token == nil, let problem = context.login?.problem {
      warnings += problem.diagnostics.map { diagnostic in
        var warning = diagnostic
        warning.severity = .warning
        return warning
      }
    }
    if let source = context.tokenSource, tokenIsBad.withLock({ $0 == true }) {
      warnings.append(
        Diagnostic(
          code: "C186", severity: .warning,
          message: "the site does not know the token in \(source.text); going on without a login",
          help: source.renewal))
    }
    return warnings
  }

  /// Whether a login is there, cannot be used, and would be needed.
  func lacksLogin(_ survey: Survey, _ blocked: [BlockedEntry]) -> Bool {
    let isBroken =
      tokenIsBad.withLock { $0 == true }
      || context.token == nil && context.login?.problem != nil
    guard isBroken else { return false }
    return blocked.contains { $0.reason == .loginRequired || $0.reason == .tokenRefused }
  }

  // MARK: The commands

  /// Whether the environment has a token, whatever was kept.
  package var hasTokenInEnvironment: Bool { context.tokenSource == .environment }

  /// Whom to ask: as the manifest says where there is one that can be read, else the sites.
  func askedEndpoints() throws(EngineError) -> (endpoints: [SafeURL], transfer: TransferSpec) {
    if (try? fileSystem.status(project.manifest, followingLinks: true)) ?? nil != nil,
      let manifest = try? loadManifest().manifest
    {
      return (manifest.endpoints, manifest.transfer)
    }
    return (try context.endpoints(), TransferSpec())
  }

  /// Whose the token is.
  package func whoAmI() async throws -> AccountInfo {
    if context.token == nil, let problem = context.login?.problem { throw problem }
    guard let source = context.tokenSource else {
      throw EngineError(
        "C187", "nobody is logged in",
        help: "run `civsync login`, or set `CIVSYNC_TOKEN`", exit: .authentication)
    }
    return try await account(context, source)
  }

  private func account(
    _ context: EngineContext, _ source: TokenSource
  ) async throws -> AccountInfo {
    let (endpoints, transfer) = try askedEndpoints()
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let answer = await context.catalogue(endpoints, http, transfer).whoAmI {
      self.observer.handle($0)
    }
    if Task.isCancelled { throw EngineError.interrupted }
    switch answer {
    case .known(let name, let endpoint):
      return AccountInfo(name: name, endpoint: endpoint, source: source)
    case .refused(let endpoint):
      throw EngineError(
        "C186", "`\(endpoint.origin)` does not know this token",
        help: source.renewal, exit: .authentication)
    case .unavailable(let reason):
      throw EngineError(
        "C189", "the site could not be asked whose the token is: \(reason)",
        help: "try again later", exit: .unreachable)
    }
  }

  /// Keeps a token, after the site said whose it is, and hosts that it may be sent to.
  /// - Parameters:
  ///   - token: `nil`: only the hosts are kept.
  ///   - isChecked: whether a site that cannot be asked ends it.
  package func logIn(
    _ token: Secret?, hosts: [String], isChecked: Bool
  ) async throws -> LoginResult {
    var login = context.login ?? Login(UserFolders(environment: [:], home: nil), fileSystem)
    // What cannot be read is replaced as a whole: a login is what the user wants now.
    login.problem = nil
    for host in hosts where !login.hosts.contains(host.lowercased()) {
      guard TokenPolicy.isReadable(host) else {
        throw EngineError(
          "C190", "`\(host)` is no host that a token could be sent to",
          help: "write `host`, `host:port`, or `https://host:port`", exit: .usage)
      }
      login.hosts.append(host.lowercased())
    }
    var account: AccountInfo?
    if let token, let path = login.path {
      login.token = token
      var asking = context
      asking.environment["CIVSYNC_TOKEN"] = nil
      asking.login = login
      do {
        account = try await self.account(asking, .file(path))
      } catch let error as EngineError where error.exit == .unreachable && !isChecked {
        account = nil
      }
    }
    let kept = login
    try await disk.run { () throws(EngineError) in try kept.save(self.fileSystem) }
    return LoginResult(
      account: account, path: login.path, hosts: login.hosts,
      isShadowed: token != nil && context.tokenSource == .environment)
  }

  /// Forgets the token that was kept.
  /// - Parameter hosts: forgets the allowed hosts too.
  /// - Returns: whether there was something to forget.
  package func logOut(hosts: Bool) async throws -> Bool {
    guard var login = context.login else { return false }
    let hadAny = login.token != nil || login.problem != nil || hosts && !login.hosts.isEmpty
    login.token = nil
    if hosts || login.problem != nil { login.hosts = [] }
    let kept = login
    try await disk.run { () throws(EngineError) in try kept.save(self.fileSystem) }
    return hadAny
  }
}
