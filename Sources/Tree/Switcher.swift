package import Core
package import SystemIO

/// Carries out the steps of a switch.
///
/// The order of things: ``prepare(_:)`` looks whether all is there and notes which folders are
/// missing; the caller saves the journal (the point of no return); ``run(_:recovering:)`` does the
/// steps; the caller records what follows and clears the journal. After a crash anywhere in
/// between, running the same journal again ends in the same state. All functions block.
package struct Switcher: Sendable {
  let files: FileSystem
  let objects: any ObjectLocating
  /// The project's state folder, `.civsync`.
  let state: AbsolutePath

  package init(
    state: AbsolutePath, objects: any ObjectLocating, files: FileSystem = FileSystem()
  ) {
    self.state = state
    self.objects = objects
    self.files = files
  }

  /// Checks that the switch can be carried through, and completes its journal. Writes nothing.
  /// - Throws: ``TreeError/rootNotOurs(_:_:_:)`` when a tree is not claimed,
  ///   ``TreeError/unknownTree(_:)``, ``TreeError/objectsMissing(_:)``.
  package func prepare(_ journal: SwitchJournal) throws(TreeError) -> SwitchJournal {
    try checkRoots(journal)
    var journal = journal
    var missing: Set<Digest> = []
    var standing: Set<Place> = []
    journal.creating = []
    for step in journal.steps {
      for place in [step.place, step.from].compactMap({ $0 })
      where journal.trees[place.tree] == nil {
        throw .unknownTree(place.tree)
      }
      guard let digest = step.digest else { continue }
      let object = try onDisk { () throws(SystemError) in
        try files.status(objects.path(of: digest))
      }
      if object?.isSealed(as: digest) != true { missing.insert(digest) }
      try noteMissingFolders(above: step.place, in: &journal, &standing)
    }
    guard missing.isEmpty else { throw .objectsMissing(missing.sorted()) }
    return journal
  }

  /// - Parameter standing: folders that were looked at and are there.
  private func noteMissingFolders(
    above place: Place, in journal: inout SwitchJournal, _ standing: inout Set<Place>
  ) throws(TreeError) {
    guard let tree = journal.trees[place.tree], let root = AbsolutePath(tree.root) else { return }
    var parent = place.path.parent
    while let path = parent {
      let folder = Place(tree: place.tree, path: path)
      if journal.creating.contains(folder) || standing.contains(folder) { return }
      let status = try onDisk { () throws(SystemError) in
        try files.status(root.appending(path))
      }
      if status != nil {
        standing.insert(folder)
        return
      }
      journal.creating.insert(folder)
      parent = path.parent
    }
  }

  private func checkRoots(_ journal: SwitchJournal) throws(TreeError) {
    for (name, tree) in journal.trees {
      guard let path = AbsolutePath(tree.root) else { throw .unknownTree(name) }
      let root = TreeRoot(name: name, root: path)
      let found = try root.check(project: journal.project, wasClaimed: true, files: files)
      guard found == .claimed else { throw .rootNotOurs(name, path, found) }
    }
  }

  /// A root may have been unmounted since it was looked at: the steps work in what is open.
  private func openRoots(_ journal: SwitchJournal) throws(TreeError) -> [TreeName: Folder] {
    var roots: [TreeName: Folder] = [:]
    for (name, tree) in journal.trees {
      guard let path = AbsolutePath(tree.root) else { throw .unknownTree(name) }
      let root = TreeRoot(name: name, root: path)
      roots[name] = try root.open(project: journal.project, files: files)
    }
    return roots
  }

  /// Does all steps in their order and makes what they did durable.
  /// - Parameter recovering: an earlier run of this journal did not come to its end; what that one
  ///   moved aside is reported again.
  /// - Throws: when the system refuses a call that the steps cannot do without. The journal should
  ///   stay then: the switch is to be carried through when the cause is removed.
  package func run(
    _ journal: SwitchJournal, recovering: Bool = false
  ) throws(TreeError) -> SwitchReport {
    let roots = try openRoots(journal)
    let before = try OwnFolders.load(in: state, files: files)
    let run = SwitchRun(
      self, journal, roots, own: before.places, recovering: recovering)
    for (index, step) in journal.steps.enumerated() { try run.perform(step, index: index) }
    try run.removeEmptyFolders()
    try run.syncTouchedFolders()
    if run.ownFolders != before.places {
      try OwnFolders(places: run.ownFolders).save(in: state, files: files)
    }
    return run.report
  }
}
