import Core
import Index
import SystemIO

/// A file whose content has to be known, as it was looked at.
struct FileToRead: Sendable {
  var path: AbsolutePath
  var status: FileStatus
  /// The path is a symbolic link, and the status that of what it leads to.
  var followsLinks = false
}

/// Which file of the machine: several names may lead to one.
struct FileIdentity: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64

  init(_ status: FileStatus) {
    device = status.device
    inode = status.inode
  }

  init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

/// What reading a file came to.
enum ReadContent: Sendable {
  case digest(Digest)
  case gone
  case unreadable(SystemError)
}

/// The digests of files, each read once and remembered by what `stat` says of it.
struct KnownContent: Sendable {
  /// How many files, or how many bytes of them, are read before their digests are remembered: what
  /// an interruption may cost.
  private static let batch = (files: 64, bytes: Int64(1) << 30)

  let index: Index?
  let files: FileSystem
  /// Seconds since 1970.
  let now: Int64
  /// Reads and hashes; as wide as there are processors to hash on.
  let readers: BlockingExecutor
  let observer: any EngineObserver
  /// How often it is told how far the reading of many files is.
  var interval: Duration = .seconds(10)

  /// - Parameter why: what is told before reading begins; the index is not asked when the content
  ///   itself is in question.
  /// - Throws: ``EngineError/interrupted`` when the task is cancelled.
  func contents(
    of wanted: [FileToRead], why: ReadingReason
  ) async throws(EngineError) -> [FileIdentity: ReadContent] {
    var found: [FileIdentity: ReadContent] = [:]
    var unread: [FileToRead] = []
    var seen: Set<FileIdentity> = []
    let known = why == .verifying ? [:] : await remembered(wanted)
    for file in wanted where seen.insert(FileIdentity(file.status)).inserted {
      if let digest = known[file.path] {
        found[FileIdentity(file.status)] = .digest(digest)
      } else {
        unread.append(file)
      }
    }
    guard !unread.isEmpty else { return found }
    return found.merging(try await read(unread, why)) { $1 }
  }

  private func remembered(_ wanted: [FileToRead]) async -> [AbsolutePath: Digest] {
    guard let index, !wanted.isEmpty else { return [:] }
    return await readers.run {
      index.digests(for: wanted.map { ($0.path, FileStamp($0.status)) })
    }
  }

  private func read(
    _ unread: [FileToRead], _ why: ReadingReason
  ) async throws(EngineError) -> [FileIdentity: ReadContent] {
    let bytes = unread.reduce(Int64(0)) { $0 + $1.status.size }
    observer.handle(.reading(files: unread.count, bytes: ByteCount(bytes), why))
    let work = Locked(Reading(files: unread, bytes: bytes))
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<min(2, unread.count) {
          group.addTask { await readers.run { self.work(on: work) } }
        }
      }
    } onCancel: {
      work.withLock { $0.isCancelled = true }
    }
    // What was read is remembered, whether all of it was or not.
    let (found, fresh, isCancelled) = work.withLock { ($0.found, $0.fresh, $0.isCancelled) }
    if !fresh.isEmpty { await readers.run { self.remember(fresh) } }
    if isCancelled { throw EngineError.interrupted }
    return found
  }

  private func remember(_ fresh: [FreshDigest]) {
    _ = index?.remember(fresh, now: now * 1_000_000_000)
  }

  fileprivate typealias FreshDigest = (digest: Digest, path: AbsolutePath, stamp: FileStamp)

  fileprivate struct Reading: Sendable {
    let files: [FileToRead]
    let bytes: Int64
    var next = 0
    var filesDone = 0
    var bytesDone: Int64 = 0
    var isCancelled = false
    var found: [FileIdentity: ReadContent] = [:]
    var fresh: [FreshDigest] = []
    /// Of those files, in bytes.
    var freshBytes: Int64 = 0
    var lastTold = ContinuousClock.now
  }

  private func work(on reading: Locked<Reading>) {
    while let file = reading.withLock({ $0.take() }) {
      let (content, fresh) = read(file) { reading.withLock { $0.isCancelled } }
      let (event, full) = reading.withLock { state -> (EngineEvent?, [FreshDigest]) in
        state.found[FileIdentity(file.status)] = content
        if let fresh {
          state.fresh.append(fresh)
          state.freshBytes += file.status.size
        }
        state.filesDone += 1
        state.bytesDone += file.status.size
        return (state.news(every: interval), state.takeFresh(Self.batch))
      }
      if !full.isEmpty { remember(full) }
      if let event { observer.handle(event) }
    }
  }

  private func read(
    _ file: FileToRead, isCancelled: () -> Bool
  ) -> (ReadContent, FreshDigest?) {
    do throws(SystemError) {
      guard
        let hashed = try files.hashFile(
          file.path, followingLinks: file.followsLinks, isCancelled: isCancelled)
      else {
        return (.gone, nil)
      }
      return (
        .digest(hashed.digest), (hashed.digest, file.path, FileStamp(hashed.status))
      )
    } catch {
      return (error.isMissing ? .gone : .unreadable(error), nil)
    }
  }
}

extension KnownContent.Reading {
  fileprivate mutating func take() -> FileToRead? {
    guard !isCancelled, next < files.count else { return nil }
    defer { next += 1 }
    return files[next]
  }

  /// The digests to be remembered now, when there are enough of them.
  fileprivate mutating func takeFresh(
    _ batch: (files: Int, bytes: Int64)
  ) -> [KnownContent.FreshDigest] {
    guard fresh.count >= batch.files || freshBytes >= batch.bytes else { return [] }
    defer { (fresh, freshBytes) = ([], 0) }
    return fresh
  }

  /// How far it came, if that was not told a while ago.
  fileprivate mutating func news(every interval: Duration) -> EngineEvent? {
    let now = ContinuousClock.now
    guard now - lastTold >= interval, filesDone < files.count else { return nil }
    lastTold = now
    return .readOn(
      files: filesDone, of: files.count, bytes: ByteCount(bytesDone), ofBytes: ByteCount(bytes))
  }
}
