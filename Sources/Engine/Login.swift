package import Core
import Diagnostics
import FoundationEssentials
import SystemIO

/// What `civsync login` keeps for the user, whatever the project: `credentials.json` in civsync's
/// config folder, for nobody else to read.
package struct Login: Sendable {
  package var token: Secret?
  /// Where else the token may be sent: hosts, `host:port`, or origins.
  package var hosts: [String] = []
  /// Where it is kept; `nil` when there is no place for it.
  package let path: AbsolutePath?
  /// Why what is kept cannot be used.
  package var problem: EngineError?

  fileprivate struct File: Codable {
    var version: Int
    var token: String?
    var hosts: [String]?
  }

  /// Reads what is kept. Nothing there is no problem.
  init(_ folders: UserFolders, _ files: FileSystem) {
    path = folders.config?.appending("credentials.json")
    guard let path else { return }
    do {
      guard let status = try files.status(path, followingLinks: true) else { return }
      guard status.mode & 0o077 == 0 else {
        throw EngineError(
          "C185", "`\(path)` can be read by others, so the token in it is not used",
          help: "run `chmod 600 \(path)`; if somebody may have read it, make a new token at the "
            + "site and run `civsync login`", exit: .authentication)
      }
      let bytes = try files.read(path, limit: 1 << 20) ?? []
      guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)) else {
        throw EngineError(
          "C188", "`\(path)` does not hold what `civsync login` writes",
          help: "run `civsync logout`, then `civsync login`", exit: .authentication)
      }
      guard file.version == 1 else {
        throw EngineError(
          "C188", "`\(path)` was written by a later civsync (version \(file.version))",
          help: "use that civsync, or run `civsync logout`, then `civsync login`",
          exit: .authentication)
      }
      token = file.token.flatMap { $0.isEmpty ? nil : Secret($0) }
      hosts = file.hosts ?? []
    } catch let error as EngineError {
      problem = error
    } catch {
      problem = EngineError(
        "C188", "cannot read `\(path)`: \(error)",
        help: "see that you may read it, or set `CIVSYNC_TOKEN`", exit: .authentication)
    }
  }

  /// Keeps what this says, in the place of what was kept; nothing to keep leaves no file.
  func save(_ files: FileSystem) throws(EngineError) {
    guard let path else {
      throw EngineError(
        "C188", "there is no place to keep a login",
        help: "set `HOME` or `XDG_CONFIG_HOME`, or use `CIVSYNC_TOKEN`")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let file = File(version: 1, token: token?.reveal(), hosts: hosts.isEmpty ? nil : hosts)
    do {
      if token == nil, hosts.isEmpty {
        try files.unlink(path)
        return
      }
      if try files.status(path.parent, followingLinks: true) == nil {
        try files.makeFolders(path.parent)
        try files.setMode(path.parent, 0o700)
      }
      let bytes = Array(try encoder.encode(file)) + [0x0a]
      try files.writeDurably(bytes, to: path, mode: 0o600)
    } catch {
      if let error = error as? SystemError, error.isMissing { return }
      throw EngineError(
        "C188", "cannot keep the login in `\(path)`: \(error)", help: "nothing was changed")
    }
  }
}

/// Where a token comes from.
package enum TokenSource: Sendable, Equatable {
  case environment
  case file(AbsolutePath)

  package var text: String {
    switch self {
    case .environment: "`CIVSYNC_TOKEN`"
    case .file(let path): "`\(path)`"
    }
  }

  /// What to do when the site does not know it.
  var renewal: String {
    let anew = "make a new one in the site's account settings and "
    return switch self {
    case .environment: anew + "set `CIVSYNC_TOKEN` to it, or unset it: it goes before a login"
    case .file: anew + "run `civsync login`"
    }
  }
}
