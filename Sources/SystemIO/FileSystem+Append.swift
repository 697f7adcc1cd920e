package import Core

extension FileSystem {
  /// Adds bytes to the end of a file, made when it is not there. Not durable by itself.
  ///
  /// For records of which one process at a time writes a whole line with one call.
  package func append(_ bytes: [UInt8], to path: AbsolutePath) throws(SystemError) {
    let file = try open(path, .updateOrCreate, followingLinks: true)
    try file.write(bytes[...], at: try file.status().size)
  }
}
