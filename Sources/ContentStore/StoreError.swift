package import Core
package import SystemIO

/// What went wrong with the store or one of its objects.
package enum StoreError: Error, Equatable, Sendable {
  /// The operating system refused a call.
  case system(SystemError)
  /// The store was made by another version of civsync. `found` is what its `VERSION` says.
  case unknownVersion(found: String, path: AbsolutePath)
  /// Another writer, of this process or another, is at work on the object.
  case busy(Digest)
  /// All the bytes came, and they are other bytes. They were thrown away.
  case digestMismatch(expected: Digest, actual: Digest, length: Int64)
  /// The object is longer or shorter than was promised. What came short is kept for resuming.
  case lengthMismatch(digest: Digest, expected: Int64, actual: Int64)
  /// A response begins where the bytes at hand do not end.
  case wrongOffset(digest: Digest, expected: Int64, actual: Int64)
  /// The writer was finished or closed before.
  case closed(Digest)
  /// The file changed while it was read.
  case changedMeanwhile(AbsolutePath)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let error): error.description
    case .unknownVersion(let found, let path):
      "the store `\(path)` has the format `\(found)`, which this civsync does not know; "
        + "use the civsync that made it, or name another folder as `store:`"
    case .busy(let digest):
      "object `\(digest.short)` is being written by another download; wait for that to end"
    case .digestMismatch(let expected, let actual, let length):
      "the \(length) bytes that came have the digest `\(actual.short)`, not `\(expected.short)`; "
        + "they were thrown away: fetch the file again"
    case .lengthMismatch(let digest, let expected, let actual):
      "object `\(digest.short)` should have \(expected) bytes and has \(actual); "
        + "fetch the file again"
    case .wrongOffset(let digest, let expected, let actual):
      "a response for object `\(digest.short)` begins at byte \(actual), not \(expected); "
        + "fetch the file again"
    case .closed(let digest):
      "the writer of object `\(digest.short)` was closed before; open another"
    case .changedMeanwhile(let path):
      "`\(path)` changed while it was read; try again when nothing writes to it"
    }
  }
}

/// Runs calls to the operating system and gives their errors the store's type.
func onDisk<Value: ~Copyable>(
  _ body: () throws(SystemError) -> Value
) throws(StoreError) -> Value {
  do { return try body() } catch { throw .system(error) }
}
