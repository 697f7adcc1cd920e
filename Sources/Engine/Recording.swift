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
  /// The earlier snapshot that is gone back to.
  var target: Snapshot?
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
    noteIndexes()
    let left = outcome.leftPlaces
    outcome.companions = recording.companions.actions
    outcome.done = recording.actions.filter { !left.contains($0.place) }
  }

  private func transact(
    _ recording: Recording, _ outcome: inout RunOutcome
  ) throws(EngineError) {
    let commit = try writeSnapshot(recording)
    let switcher = Switcher(
      state: project.state, objects: recording.workspace.store, files: fileSystem)
    var journal = try journal(recording, commit, switcher)
    journal.restoresManifests = recording.restoresManifests
    try need(recording.entries, beyond: recording.head, in: recording.workspace)
    do {
      // The commit point: before this nothing happened, after it everything will.
      try journal.save(in: project.state, files: fileSystem)
    } catch {
      throw EngineError(
        "C056", "the switch could not begin: \(error)", exit: CommandExit(refusedBy: error))
    }
    // Made while the trees are switched.
    var recorded = Recorded(recording)
    recorded.lockText = Later { [recorded] in recorded.lockBytes }
    let placed = Later { [trees = recording.listed, entries = recording.entries] in
      PlacedList(commit: commit, trees: trees, entries: entries).bytes
    }
    try finish(
      journal, commit, recorded, switcher,
      recovering: false, &outcome)
    outcome.isFirst = recording.head == nil
    if outcome.leftPlaces.isEmpty {
      keepPlaced(placed.value)
      rememberReach(recording, commit)
    }
  }

  /// What a snapshot says that the lock repeats.
  struct Recorded {
    var entries: [Entry]
    var lockedBeyond: [Entry] = []
    var selection: Digest?
    /// The lock's text, where it is on its way.
    var lockText: Later<[UInt8]>?

    var lockBytes: [UInt8] {
      RecordFormat.encodeLock(of: entries + lockedBeyond, selection: selection)
    }

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
        help: "remove the cause, then run `civsync apply`: it goes on from there",
        exit: CommandExit(refusedBy: error))
    }
    for fallback in report.fallbacks { observer.handle(.notice(fallback.text)) }
    outcome.aside += report.aside.map { relative($0.path) }
    outcome.left += report.kept.map { "\($0.place): \($0.why)" }
    outcome.leftPlaces.formUnion(report.kept.map(\.place))
    var (commit, recorded) = (commit, recorded)
    if !report.kept.isEmpty {
      (commit, recorded.entries) = try corrected(
        commit, recorded.entries, report.kept, journal.trees)
      recorded.lockText = nil
    }
    try advance(to: commit)
    try lockFile.write(
      recorded.lockText?.value ?? recorded.lockBytes,
      isEmpty: recorded.entries.isEmpty && recorded.lockedBeyond.isEmpty)
    outcome.snapshot = commit
    if journal.restoresManifests {
      outcome.manifests = try putManifestsBack(try snapshot(commit), aside: journal.asideName)
    }
    do {
      try SwitchJournal.clear(in: project.state, files: fileSystem)
    } catch {
      throw EngineError(
        "C058", "everything was applied, but the journal stays: \(error)",
        exit: CommandExit(refusedBy: error))
    }
  }

  private func journal(
    _ recording: Recording, _ commit: CommitID, _ switcher: Switcher
  ) throws(EngineError) -> SwitchJournal {
    do {
      let steps = recording.actions.compactMap { SwitchStep($0) } + recording.companions.steps
      let places = steps.filter { $0.action != .adopt }.flatMap { [$0.place, $0.from] }
      let folders = foldersToTry(places.compactMap { $0 }, recording.workspace.roots)
      // Where nothing is linked nothing is tried: a tree may be there to be looked at only.
      let linked = recording.workspace.trees.filter { recording.places(in: $0.name) }
      var tried = folders + linked.map(\.root)
      if !linked.isEmpty { tried.append(recording.workspace.store.partialFolder) }
      let trials =
        tried.isEmpty
        ? nil : try Trials.begin(in: tried, state: project.state, files: fileSystem)
      defer { trials?.end() }
      let files = trials?.files ?? fileSystem
      let support = try probe(linked, recording.workspace.store, files)
      let journal = try journal(recording, commit, support)
      let prepared = try prepared(journal, recording, switcher)
      try requireWritable(folders, files)
      return prepared
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError(
        "C059", "the switch cannot be made: \(error)", notes: ["nothing was changed"],
        exit: CommandExit(refusedBy: error))
    }
  }

  /// The journal with what it has to say about folders, when all is there that it needs.
  private func prepared(
    _ journal: SwitchJournal, _ recording: Recording, _ switcher: Switcher
  ) throws -> SwitchJournal {
    do throws(TreeError) {
      return try switcher.prepare(journal)
    } catch {
      guard case .objectsMissing(let digests) = error else { throw error }
      try sealAnew(digests, for: recording.actions, recording.workspace.store)
      return try switcher.prepare(journal)
    }
  }

  private func probe(
    _ trees: [TreeRoot], _ store: ContentStore, _ files: FileSystem
  ) throws(TreeError) -> [TreeName: LinkSupport] {
    let prober = LinkProber(files: files)
    var support: [TreeName: LinkSupport] = [:]
    for tree in trees {
      support[tree.name] = try prober.probe(store: store.partialFolder, tree: tree.root)
    }
    return support
  }

  /// The journal with the links that were found to work, not yet held against what is there.
  private func journal(
    _ recording: Recording, _ commit: CommitID, _ support: [TreeName: LinkSupport]
  ) throws(EngineError) -> SwitchJournal {
    var trees: [TreeName: SwitchJournal.Tree] = [:]
    for tree in recording.workspace.trees {
      let wanted = recording.treeLinks[tree.name] ?? recording.link
      let kind = try support[tree.name].map { found throws(EngineError) in
        try choose(wanted, found, tree)
      }
      trees[tree.name] = SwitchJournal.Tree(root: tree.root, link: kind ?? .symlink)
    }
    var steps: [SwitchStep] = []
    for action in recording.actions {
      guard var step = SwitchStep(action) else { continue }
      if !step.isEditable, let wanted = recording.link(of: action),
        let found = support[action.place.tree],
        let tree = recording.workspace.trees.first(where: { $0.name == action.place.tree })
      {
        step.link = try choose(wanted, found, tree)
      }
      steps.append(step)
    }
    return SwitchJournal(
      transaction: commit.hex, commit: commit.hex, project: recording.workspace.id,
      started: context.timestamp, asideName: context.folderName, trees: trees,
      steps: steps + recording.companions.steps)
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
    try lockFile.write(
      RecordFormat.encodeLock(of: entries, selection: selection), isEmpty: entries.isEmpty)
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
