import Core
import Index
import SystemIO
import Tree

/// Digests of files that civsync did not place, read once and remembered by what `stat` says of
/// them.
struct KnownContent: Sendable {
  let index: Index?
  let files: FileSystem
  let now: Int64

  /// - Returns: `nil` when there is no regular file.
  func digest(of place: AbsolutePath, _ path: TreePath, by observer: TreeObserver)
    throws(EngineError) -> Digest?
  {
    do {
      guard let status = try files.status(place), status.kind == .file else { return nil }
      let stamp = FileStamp(status)
      if let known = index?.digest(for: place, stamp: stamp) { return known }
      guard let hashed = try observer.contentDigest(path, isCancelled: { Task.isCancelled }) else {
        return nil
      }
      index?.remember(
        hashed.digest, for: place, stamp: FileStamp(hashed.status), now: now * 1_000_000_000)
      return hashed.digest
    } catch {
      throw EngineError("C030", "cannot read `\(place)`: \(error)")
    }
  }
}
