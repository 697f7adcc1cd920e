package import Core

/// Where civsync keeps what belongs to the user and to no project, by the XDG base directory
/// specification: a variable that is no absolute path counts as not set.
package struct UserFolders: Sendable {
  /// What the user decided: the login.
  package let config: AbsolutePath?
  /// What can be worked out again.
  package let cache: AbsolutePath?
  /// What was agreed to on this machine.
  package let state: AbsolutePath?

  /// Each is `nil` when neither its variable nor `HOME` says where.
  package init(environment: [String: String], home: AbsolutePath?) {
    func folder(_ variable: String, _ usual: String) -> AbsolutePath? {
      let named = environment[variable].flatMap { AbsolutePath($0) }
      return (named ?? home?.appending(usual))?.appending("civsync")
    }
    config = folder("XDG_CONFIG_HOME", ".config")
    cache = folder("XDG_CACHE_HOME", ".cache")
    state = folder("XDG_STATE_HOME", ".local/state")
  }
}
