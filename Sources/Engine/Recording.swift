import CatalogueModel
import ContentStore
import Core
import GitStore
import History
import ManifestModel
import Planning
import SystemIO
import Tree

/// What shall be made true and recorded.
struct Recording {
  var head: Snapshot?
  var workspace: Workspace
  var manifests: [ManifestCopy]
  /// Of what they select.
  var selection: Digest?
  /// How the files of a collection are linked, where it says so.
  var links: [String: LinkPreference] = [:]
  /// How the files of a tree are linked, where it says so.
  var treeLinks: [TreeName: LinkPreference] = [:]
  /// How files are linked otherwise; `nil`: the best that works.
  var link: LinkPreference?
  var actions: [Action]
  var companions = CompanionRun()
  var entries: [Entry]
  /// What the lock goes on to say beyond them.
  var lockedBeyond: [Entry] = []
  var title: String
  var body: String
  /// The manifests that are recorded are put back on the disk too.
  var restoresManifests = false
}

extension Engine {
  /// Switches the trees and records what stands there then, in the one order that a crash at any
  /// point leaves repairable: objects are durable → the commit is written, not yet referenced →
  /// the journal that names it (the commit point) → the trees → the reference → the lock → the
  /// journal is cleared. Nothing is recorded when nothing changed.
  func record(_ wish: Recording, _ outcome: inout RunOutcome) async throws {
    let recording = wish.inOrder
    let changesTrees =
      recording.actions.contains { $0.kind != .release } || !recording.companions.actions.isEmpty
    // Also when only a root moved: what comes later finds the trees where the records have them.
    let isRecorded =
      recording.entries == (recording.head?.entries ?? [])
      && (recording.head.map { $0.roots == recording.roots } ?? true)
    let changesManifests =
      recording.restoresManifests && recording.head?.manifests != recording.manifests
    guard changesTrees || !isRecorded || changesManifests else {
      outcome.manifests = try await disk.run { () throws(EngineError) in
        try self.writeLock(
          recording.entries + recording.lockedBeyond, selection: recording.selection)
        guard recording.restoresManifests, let head = recording.head else { return [] }
        return try self.putManifestsBack(head, aside: self.context.folderName)
      }
      return
    }
    // Also where no file changes: a tree that is recorded must be there and carry its marker.
    try await prepare(recording.workspace)
    observer.handle(
      .switching(steps: recording.actions.count + recording.companions.actions.count))
    let finished = try await disk.run { [outcome] () throws(EngineError) in
      var outcome = outcome
      try self.transact(recording, &outcome)
      return outcome
    }
    outcome = finished
    let left = outcome.leftPlaces
    outcome.companions = recording.companions.actions
    outcome.done = recording.actions.filter { !left.contains($0.place) }
  }

  private func transact(
    _ recording: Recording, _ outcome: inout RunOutcome
  ) throws(EngineError) {
    try sealAnew(recording.actions, recording.workspace)
    let commit = try writeSnapshot(recording)
    let switcher = Switcher(
      state: project.state, objects: recording.workspace.store, files: fileSystem)
    var journal = try journal(recording, commit, switcher)
    journal.restoresManifests = recording.restoresManifests
    do {
      // The commit point: before this nothing happened, after it everything will.
      try journal.save(in: project.state, files: fileSystem)
    } catch {
      throw EngineError("C056", "the switch could not begin: \(error)")
    }
    try finish(
      journal, commit, Recorded(recording), switcher,
      recovering: false, &outcome)
    outcome.isFirst = recording.head == nil
    if outcome.leftPlaces.isEmpty {
      rememberPlaced(recording.entries, recording.listed, commit)
    }
  }

  /// What a snapshot says that the lock repeats.
  struct Recorded {
    var entries: [Entry]
    var lockedBeyond: [Entry] = []
    var selection: Digest?

    init(_ recording: Recording) {
      entries = recording.entries
      lockedBeyond = recording.lockedBeyond
      selection = recording.selection
    }

    init(_ snapshot: Snapshot) {
      entries = snapshot.entries
      selection = snapshot.selection
    }
  }

  /// From the journal to its end: trees, reference, lock, and the journal itself.
  func finish(
    _ journal: SwitchJournal, _ commit: CommitID, _ recorded: Recorded, _ switcher: Switcher,
    recovering: Bool, _ outcome: inout RunOutcome
  ) throws(EngineError) {
    let report: SwitchReport
    do {
      report = try switcher.run(journal, recovering: recovering)
    } catch {
      throw EngineError(
        "C057", "the switch could not be carried through: \(error)",
        help: "remove the cause, then run `civsync apply`: it goes on from there")
    }
    for fallback in report.fallbacks { observer.handle(.notice(fallback.text)) }
    outcome.aside += report.aside.map { relative($0.path) }
    outcome.left += report.kept.map { "\($0.step.place): \($0.why)" }
    outcome.leftPlaces.formUnion(report.kept.map(\.step.place))
    var (commit, entries) = (commit, recorded.entries)
    if !report.kept.isEmpty {
      (commit, entries) = try corrected(commit, entries, report.kept, journal.trees)
    }
    try advance(to: commit)
    try writeLock(entries + recorded.lockedBeyond, selection: recorded.selection)
    outcome.snapshot = commit
    if journal.restoresManifests {
      outcome.manifests = try putManifestsBack(try snapshot(commit), aside: journal.asideName)
    }
    do {
      try SwitchJournal.clear(in: project.state, files: fileSystem)
    } catch {
      throw EngineError("C058", "everything was applied, but the journal stays: \(error)")
    }
  }

  private func journal(
    _ recording: Recording, _ commit: CommitID, _ switcher: Switcher
  ) throws(EngineError) -> SwitchJournal {
    var trees: [TreeName: SwitchJournal.Tree] = [:]
    var support: [TreeName: LinkSupport] = [:]
    let prober = LinkProber(files: fileSystem)
    do {
      for tree in recording.workspace.trees {
        // Where nothing is linked nothing is tried: a tree may be there to be looked at only.
        guard recording.places(in: tree.name) else {
          trees[tree.name] = SwitchJournal.Tree(root: tree.root, link: .symlink)
          continue
        }
        let found = try prober.probe(
          store: recording.workspace.store.partialFolder, tree: tree.root)
        support[tree.name] = found
        let kind = try choose(recording.treeLinks[tree.name] ?? recording.link, found, tree)
        trees[tree.name] = SwitchJournal.Tree(root: tree.root, link: kind)
      }
      let steps =
        try recording.actions.compactMap { action in
          var step = SwitchStep(action)
          if step?.isEditable == false, let wanted = recording.link(of: action),
            let found = support[action.place.tree],
            let tree = recording.workspace.trees.first(where: { $0.name == action.place.tree })
          {
            step?.link = try choose(wanted, found, tree)
          }
          return step
        } + recording.companions.steps
      let prepared = try switcher.prepare(
        SwitchJournal(
          transaction: commit.hex, commit: commit.hex, project: recording.workspace.id,
          started: context.timestamp, asideName: context.folderName, trees: trees, steps: steps))
      try requireWritable(steps, recording.workspace.roots)
      return prepared
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError(
        "C059", "the switch cannot be made: \(error)", notes: ["nothing was changed"])
    }
  }

  /// Every folder that the switch changes is tried before the commit point, as the running user and
  /// by writing: permissions, attributes and read-only mounts leave no other way to know.
  private func requireWritable(
    _ steps: [SwitchStep], _ roots: [TreeName: AbsolutePath]
  ) throws(EngineError) {
    var tried: Set<AbsolutePath> = []
    var seen: Set<AbsolutePath> = []
    for step in steps where step.action != .adopt {
      for place in [step.place, step.from].compactMap({ $0 }) {
        guard let root = roots[place.tree] else { continue }
        let parent = root.appending(place.path).parent
        guard seen.insert(parent).inserted else { continue }
        let folder = nearestFolder(parent, below: root)
        guard tried.insert(folder).inserted else { continue }
        let probe = folder.appending(fileSystem.names.make())
        do {
          _ = try fileSystem.open(probe, .create)
          try fileSystem.unlink(probe)
        } catch {
          throw EngineError(
            "C059", "the switch cannot be made: `\(folder)` cannot be changed: \(error)",
            notes: ["nothing was changed"],
            help: "make the folder writable, or declare nothing in it")
        }
      }
    }
  }

  private func nearestFolder(_ path: AbsolutePath, below root: AbsolutePath) -> AbsolutePath {
    let isThere = (try? fileSystem.status(path, followingLinks: true)) != nil
    return isThere || path == root || !root.contains(path)
      ? path : nearestFolder(path.parent, below: root)
  }

  private func choose(
    _ wanted: LinkPreference?, _ support: LinkSupport, _ tree: TreeRoot
  ) throws(EngineError) -> LinkKind {
    let kind = wanted.flatMap(LinkKind.init)
    if let chosen = support.choose(kind) { return chosen }
    let why = kind.flatMap { support.reasons[$0] }.map { "\($0)" }
    throw EngineError(
      "C065",
      "the tree at `\(tree.root)` cannot be linked to the store"
        + (kind.map { " by `link: \($0.rawValue)`" } ?? ""),
      notes: why.map { [$0] } ?? [],
      help: "set `link: auto`, or keep store and tree on one file system")
  }

  private func relative(_ path: AbsolutePath) -> String {
    project.folder.contains(path)
      ? String(path.string.dropFirst(project.folder.string.count + 1)) : path.string
  }

  func writeLock(_ entries: [Entry], selection: Digest?) throws(EngineError) {
    try LockFile(path: project.lockFile, files: fileSystem).write(entries, selection: selection)
  }
}

extension Recording {
  /// The trees that the snapshot names.
  var listed: [TreeRoot] { workspace.listed(for: entries) }

  var roots: [TreeName: AbsolutePath] {
    Dictionary(listed.map { ($0.name, $0.root) }, uniquingKeysWith: { first, _ in first })
  }

  /// With its entries as they are recorded.
  fileprivate var inOrder: Recording {
    var recording = self
    recording.entries = Entry.inOrder(entries)
    return recording
  }

  /// What a collection asks for; of several that ask, the first by name counts.
  fileprivate func link(of action: Planning.Action) -> LinkPreference? {
    action.entry?.file.collections.lazy.compactMap { links[$0] }.first
  }

  /// Whether anything comes to stand in a tree.
  fileprivate func places(in tree: TreeName) -> Bool {
    actions.contains { action in
      guard action.place.tree == tree else { return false }
      switch action.kind {
      case .create, .move, .repair, .replace: return true
      case .adopt, .remove, .release: return false
      }
    }
  }
}

extension SwitchReport.Fallback {
  fileprivate var text: String {
    let are = files == 1 ? "1 file is a \(made.words.one)" : "\(files) files are \(made.words.many)"
    return
      "in tree `\(tree)` \(are), not \(files == 1 ? "a \(wanted.words.one)" : wanted.words.many): \(why)"
  }
}

extension LinkKind {
  fileprivate var words: (one: String, many: String) {
    switch self {
    case .reflink: ("reflink", "reflinks")
    case .hardlink: ("hard link", "hard links")
    case .symlink: ("symbolic link", "symbolic links")
    case .copy: ("copy", "copies")
    }
  }

  /// `nil` for `auto`.
  fileprivate init?(_ preference: LinkPreference) { self.init(rawValue: preference.rawValue) }
}

extension SwitchStep {
  /// - Returns: `nil` for what no tree shows: a release.
  fileprivate init?(_ action: Planning.Action) {
    let (place, aside) = (action.place, action.movesAside)
    switch (action.kind, action.entry?.digest, action.former?.digest) {
    case (.create, let digest?, _): self = .place(place, digest)
    case (.adopt, let digest?, _): self = .adopt(place, digest)
    case (.repair, let digest?, _): self = .repair(place, digest, knownModified: aside)
    case (.move, let digest?, _):
      guard let from = action.from else { return nil }
      self = .move(from: from, to: place, digest)
    case (.replace, let digest?, let previous?):
      self = .replace(place, digest, previous: previous, from: action.from, knownModified: aside)
    case (.remove, _, let previous?):
      self = .remove(place, previous: previous, knownModified: aside)
    default: return nil
    }
    isEditable = action.entry?.file.isEditable ?? false
  }
}
