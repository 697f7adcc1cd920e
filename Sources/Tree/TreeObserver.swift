package import Core
package import SystemIO

/// Looks at the places of one tree; writes nothing.
///
/// Remembers the folders that it has looked at, so it serves one round of looks: make another for
/// the next. All functions but ``hash(_:on:)`` block.
package final class TreeObserver: Sendable {
  private enum Parent {
    case folder
    case missing
    case problem(ParentProblem)
  }

  private let files: FileSystem
  private let root: AbsolutePath
  private let looker: Looker
  private let parents = Locked<[TreePath: Parent]>([:])

  package init(root: AbsolutePath, objects: any ObjectLocating, files: FileSystem = FileSystem()) {
    self.files = files
    self.root = root
    looker = Looker(files: files, objects: objects)
  }

  /// - Parameters:
  ///   - digest: what should stand there; `nil` when nothing should.
  ///   - size: its length where it is known.
  ///   - placedBefore: whether civsync has placed a file there: then what differs is `modified`,
  ///     else it is `foreign`.
  package func observe(
    _ path: TreePath, expecting digest: Digest?, size: Int64? = nil, placedBefore: Bool = true
  ) throws(TreeError) -> ObservedState {
    try onDisk { () throws(SystemError) in
      switch try parent(of: path) {
      case .missing: return .absent
      case .problem(let problem): return .blocked(problem)
      case .folder: break
      }
      let place = root.appending(path)
      guard let digest else { return try foreign(place) }
      switch try looker.look(place, as: digest, size: size) {
      case .absent: return .absent
      case .intact(let kind): return .intact(kind)
      case .differs(let reason, _):
        return try placedBefore ? .modified(reason) : foreign(place)
      }
    }
  }

  private func foreign(_ place: AbsolutePath) throws(SystemError) -> ObservedState {
    guard let status = try files.status(place) else { return .absent }
    switch status.kind {
    case .file: return .foreign(.file(size: status.size))
    case .folder: return .foreign(.folder)
    case .symlink: return .foreign(.symlink(target: try files.readLink(place)))
    case .other: return .foreign(.other)
    }
  }

  private func parent(of path: TreePath) throws(SystemError) -> Parent {
    guard let parent = path.parent else {
      return try files.status(root, followingLinks: true) == nil ? .missing : .folder
    }
    if let known = parents.withLock({ $0[parent] }) { return known }
    let found = try lookAtFolder(parent)
    parents.withLock { $0[parent] = found }
    return found
  }

  private func lookAtFolder(_ path: TreePath) throws(SystemError) -> Parent {
    let above = try parent(of: path)
    guard case .folder = above else { return above }
    let place = root.appending(path)
    switch try files.status(place)?.kind {
    case nil: return .missing
    case .folder: return .folder
    case .symlink: return .problem(.symlink(path, target: try files.readLink(place)))
    case .file, .other: return .problem(.file(path))
    }
  }

  /// The digest of the content of a regular file, read once.
  /// - Returns: `nil` when there is no regular file, the way there is blocked, or the caller
  ///   cancelled.
  package func contentDigest(
    _ path: TreePath, isCancelled: () -> Bool = { false }
  ) throws(TreeError) -> HashedFile? {
    try onDisk { () throws(SystemError) in
      guard case .folder = try parent(of: path),
        try files.status(root.appending(path))?.kind == .file
      else { return nil }
      return try files.hashFile(root.appending(path), isCancelled: isCancelled)
    }
  }

  /// ``contentDigest(_:isCancelled:)`` on a thread of the executor; ends early when the task is
  /// cancelled.
  package func hash(
    _ path: TreePath, on executor: BlockingExecutor
  ) async throws(TreeError) -> HashedFile? {
    let cancelled = Locked(false)
    let result: Result<HashedFile?, TreeError> = await withTaskCancellationHandler {
      do throws(TreeError) {
        return .success(
          try await executor.run { () throws(TreeError) in
            try self.contentDigest(path) { cancelled.withLock { $0 } }
          })
      } catch {
        return .failure(error)
      }
    } onCancel: {
      cancelled.withLock { $0 = true }
    }
    return try result.get()
  }
}
