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

  private struct Memory {
    var root: Folder?
    /// By the text of their path below the root.
    var parents: [Substring: Parent] = [:]
    /// The one looked at last: places come sorted more often than not.
    var last: (path: Substring, parent: Parent)?
  }

  private let files: FileSystem
  private let root: AbsolutePath
  private let looker: Looker
  private let memory = Locked(Memory())

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
    try look(path, expecting: digest, size: size, placedBefore: placedBefore).state
  }

  /// Like ``observe(_:expecting:size:placedBefore:)``, with the status of the file that has the
  /// content where there is one: of the object where the right symbolic link stands.
  ///
  /// - Parameter isExact: a copy to which the user made further names is told from a name of the object's:
  ///   one more look, which what must not share its bytes needs.
  package func look(
    _ path: TreePath, expecting digest: Digest?, size: Int64? = nil, placedBefore: Bool = true,
    isExact: Bool = false
  ) throws(TreeError) -> (state: ObservedState, file: FileStatus?) {
    try onDisk { () throws(SystemError) in
      switch try parent(of: path) {
      case .missing: return (.absent, nil)
      case .problem(let problem): return (.blocked(problem), nil)
      case .folder: break
      }
      // The way there was looked at: one short path from the root's own descriptor is enough.
      guard let place = try openRoot()?.at(path.string) else { return (.absent, nil) }
      guard let digest else { return (try foreign(place), nil) }
      switch try looker.look(place, as: digest, size: size, isExact: isExact) {
      case .absent: return (.absent, nil)
      case .intact(let kind, let file): return (.intact(kind), file)
      case .differs(let reason, let status):
        guard placedBefore else { return (try foreign(place), status) }
        guard status.kind == .symlink else { return (.modified(reason), status) }
        return (.modified(reason), try files.status(looker.objects.path(of: digest)))
      }
    }
  }

  private func foreign(_ place: Location) throws(SystemError) -> ObservedState {
    guard let status = try files.status(place) else { return .absent }
    switch status.kind {
    case .file: return .foreign(.file(size: status.size))
    case .folder: return .foreign(.folder)
    case .symlink: return .foreign(.symlink(target: try files.readLink(place)))
    case .other: return .foreign(.other)
    }
  }

  private func openRoot() throws(SystemError) -> Folder? {
    if let known = memory.withLock({ $0.root }) { return known }
    do throws(SystemError) {
      let folder = try files.openFolder(root, followingLinks: true)
      memory.withLock { $0.root = folder }
      return folder
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  private func parent(of path: TreePath) throws(SystemError) -> Parent {
    guard let slash = path.string.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return try openRoot() == nil ? .missing : .folder
    }
    let text = path.string[..<slash]
    if let last = memory.withLock({ $0.last }), last.path == text { return last.parent }
    let parent = try lookedAt(text)
    memory.withLock { $0.last = (text, parent) }
    return parent
  }

  private func lookedAt(_ text: Substring) throws(SystemError) -> Parent {
    if let known = memory.withLock({ $0.parents[text] }) { return known }
    guard let path = TreePath(String(text)) else { return .missing }
    let found = try lookAtFolder(path)
    memory.withLock { $0.parents[text] = found }
    return found
  }

  private func lookAtFolder(_ path: TreePath) throws(SystemError) -> Parent {
    let above = try parent(of: path)
    guard case .folder = above, let place = try openRoot()?.at(path.string) else { return above }
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
