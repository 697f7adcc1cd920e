import CatalogueModel
import Core
import Diagnostics
import GitStore
import History
import SystemIO
import Tree

extension Engine {
  var history: History { History(folder: project.state, files: fileSystem) }

  /// Runs a call to the history and says what failed.
  func reading<Value>(
    _ body: (History) throws(HistoryError) -> Value
  ) throws(EngineError) -> Value {
    do {
      return try body(history)
    } catch {
      switch error {
      case .git(.notFound(let revision)), .git(.ambiguous(let revision)):
        throw EngineError(
          "C081", "no such snapshot: `\(revision)`", notes: ["\(error)"],
          help: "`civsync log` lists the snapshots; `@empty` is nothing placed")
      default: throw unusable(error)
      }
    }
  }

  func unusable(_ error: HistoryError) -> EngineError {
    guard error.isFull else {
      let problem = EngineError("C080", "the history cannot be used: \(error)")
      if case .git(.missing) = error { return advised(problem) }
      return problem
    }
    return EngineError(
      "C083", "there is no room for the history: \(error)",
      help:
        "make room on the disk that has `.civsync` and run it again; what was fetched is kept, and an "
        + "interrupted switch is brought to its end", exit: .noSpace)
  }

  func headSnapshot() throws(EngineError) -> Snapshot? {
    try reading { history throws(HistoryError) in try history.head() }
  }

  /// The last snapshot's id: one reference is read, and nothing that it stands for.
  func headID() throws(EngineError) -> CommitID? {
    try reading { history throws(HistoryError) in try history.headID() }
  }

  func requireHead() throws(EngineError) -> Snapshot {
    if let head = try headSnapshot() { return head }
    throw Self.noSnapshot
  }

  static var noSnapshot: EngineError {
    EngineError("C082", "there is no snapshot yet", help: "the first `civsync apply` makes one")
  }

  /// Said before anything is made: where there is no snapshot nothing can be done with one. Somebody who
  /// waits for another run may find one afterwards: he is told then.
  func requireHeadOrRun() throws(EngineError) {
    if try headID() != nil { return }
    guard context.lockTimeout > .zero, exists(project.processLock) else { throw Self.noSnapshot }
  }

  /// - Parameter known: what was read before: what both have is not read once more.
  func snapshot(
    _ revision: String, sharing known: Snapshot? = nil
  ) throws(EngineError) -> Snapshot {
    try reading { history throws(HistoryError) in try history.read(revision, sharing: known) }
  }

  func snapshot(_ id: CommitID) throws(EngineError) -> Snapshot {
    try reading { history throws(HistoryError) in try history.read(id) }
  }

  func parent(of snapshot: Snapshot) throws(EngineError) -> CommitID? {
    guard let id = snapshot.id else { return nil }
    return try reading { history throws(HistoryError) in try history.entry(id).parent }
  }

  /// Writes the commit; nothing refers to it yet.
  func writeSnapshot(_ recording: Recording) throws(EngineError) -> CommitID {
    let snapshot = Snapshot(
      entries: recording.entries, manifests: recording.manifests,
      trees: recording.listed.map { SnapshotHeader.Tree(name: $0.name, root: $0.root) },
      selection: recording.selection)
    let message = SnapshotMessage(
      title: recording.title, body: recording.body.isEmpty ? [] : [recording.body])
    let known = [recording.head, recording.target].compactMap { $0 }
    let (base, time) = (recording.head?.id, context.now())
    return try reading { history throws(HistoryError) in
      try history.prepare(snapshot, on: base, known: known, message: message, time: time)
    }
  }

  /// Writes the snapshot anew, on the same one before it, without what the switch had to leave.
  func corrected(
    _ commit: CommitID, _ entries: [Entry], _ kept: [SwitchReport.Kept],
    _ trees: [TreeName: SwitchJournal.Tree]
  ) throws(EngineError) -> (CommitID, [Entry]) {
    let time = context.now()
    return try reading { history throws(HistoryError) in
      var snapshot = try history.read(commit)
      let info = try history.entry(commit)
      let written = snapshot
      let before = try info.parent.map { parent throws(HistoryError) in
        try history.read(parent, sharing: written)
      }
      let entries = LeftPlaces.corrected(entries, kept: kept, before: before?.entries ?? [])
      snapshot.entries = Entry.inOrder(entries)
      // What was to leave a tree for good and could not keeps the tree known.
      let used = Set(entries.lazy.flatMap(\.file.places).map(\.tree))
        .subtracting(snapshot.trees.map(\.name))
      snapshot.trees += used.sorted().compactMap { name in
        trees[name].flatMap { AbsolutePath($0.root) }.map {
          SnapshotHeader.Tree(name: name, root: $0)
        }
      }
      let message = SnapshotMessage(
        title: RunTitle.text(info.title, without: kept),
        body: kept.map { "left as it is: \($0.place)" })
      let id = try history.prepare(
        snapshot, on: info.parent, known: [written], message: message, time: time)
      return (id, entries)
    }
  }

  /// Makes the commit the last snapshot; again does no harm.
  func advance(to commit: CommitID) throws(EngineError) {
    let time = context.now()
    try reading { history throws(HistoryError) in
      try history.recover()
      try history.advance(to: commit, from: history.entry(commit).parent, time: time)
    }
  }

  /// The snapshots, newest first.
  package func log(limit: Int) async throws -> [SnapshotInfo] {
    try await disk.run { () throws(EngineError) in
      let entries = try self.reading { history throws(HistoryError) in
        try history.log(limit: limit)
      }
      let tags = try self.tagNames()
      self.noteKnownStore()
      let missing = self.knownMissing()
      return entries.enumerated().map { index, entry in
        var info = SnapshotInfo(
          entry, refs: (index == 0 ? ["HEAD"] : []) + (tags[entry.id] ?? []))
        info.isIncomplete = missing[entry.id].map { $0 > 0 }
        return info
      }
    }
  }

  /// A snapshot and the one before it.
  package func show(_ revision: String) async throws -> SnapshotDetail {
    try await disk.run { () throws(EngineError) in
      let head = try self.requireHead()
      let snapshot = try self.snapshot(revision)
      guard let id = snapshot.id else {
        throw EngineError(
          "C081", "`\(revision)` is no snapshot to show: it is nothing placed",
          help: "`civsync log` lists the snapshots")
      }
      return try self.detail(id, snapshot, isHead: id == head.id)
    }
  }

  private func detail(
    _ id: CommitID, _ snapshot: Snapshot, isHead: Bool
  ) throws(EngineError) -> SnapshotDetail {
    let (entry, parent) = try reading { history throws(HistoryError) in
      let entry = try history.entry(id)
      return (entry, try entry.parent.map(history.entry))
    }
    let tags = try tagNames()[id] ?? []
    let before = try parent.map { parent throws(EngineError) in
      try self.reading { history throws(HistoryError) in
        try history.read(parent.id, sharing: snapshot)
      }
    }
    return SnapshotDetail(
      info: SnapshotInfo(entry, refs: (isHead ? ["HEAD"] : []) + tags),
      manifests: snapshot.manifests.map(\.path), entries: snapshot.entries,
      parent: parent.map { SnapshotInfo($0, refs: []) }, parentEntries: before?.entries ?? [])
  }
}

extension Snapshot {
  /// Where the trees stood.
  var roots: [TreeName: AbsolutePath] {
    Dictionary(trees.map { ($0.name, $0.root) }, uniquingKeysWith: { first, _ in first })
  }
}

extension SnapshotInfo {
  init(_ entry: LogEntry, refs: [String] = []) {
    self.init(
      id: entry.id, time: entry.time, title: entry.title, body: entry.body, refs: refs)
  }
}
