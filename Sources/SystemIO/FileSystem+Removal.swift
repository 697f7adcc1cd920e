package import Core

extension FileSystem {
  /// Removes something of civsync's own: a folder with all that is in it, or a file. Links are removed
  /// and not followed; what is not there is no error.
  package func removeAll(_ path: AbsolutePath) throws(SystemError) {
    guard try status(path)?.kind == .folder else {
      try unlink(path)
      return
    }
    for entry in try list(path) {
      if let name = entry.name { try removeAll(path.appending(name)) }
    }
    try removeEmptyFolder(path)
  }
}
