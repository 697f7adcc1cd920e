import CatalogueModel
import ContentStore
import Core
import History
import Index
import ManifestModel
import SystemIO
import Tree

/// Where a command finds trees and objects, and whose they are.
struct Workspace: Sendable {
  var id: String
  var store: ContentStore
  /// Those that are declared, and after them those in which something still stands.
  var trees: [TreeRoot]
  /// The trees that a snapshot names even when nothing stands there.
  var declared: Set<TreeName>

  var roots: [TreeName: AbsolutePath] {
    Dictionary(trees.map { ($0.name, $0.root) }, uniquingKeysWith: { first, _ in first })
  }

  /// The trees to be named in a snapshot of these entries.
  func listed(for entries: [Entry]) -> [TreeRoot] {
    let used = Set(entries.lazy.flatMap(\.file.places).map(\.tree))
    return trees.filter { declared.contains($0.name) || used.contains($0.name) }
  }
}

extension [TreeRoot] {
  /// These, and those of `others` whose names are not among them.
  func joined(with others: [TreeRoot]) -> [TreeRoot] {
    let names = Set(map(\.name))
    return self + others.filter { !names.contains($0.name) }
  }
}

extension Manifest {
  var treeRoots: [TreeRoot] { trees.map { TreeRoot(name: $0.name, root: $0.root) } }
}

extension Snapshot {
  var treeRoots: [TreeRoot] { trees.map { TreeRoot(name: $0.name, root: $0.root) } }
}

extension Engine {
  /// - Parameters:
  ///   - trees: as the manifest or the snapshot has them.
  ///   - former: other trees, in which something may still stand.
  ///   - wanted: the store that the manifest names.
  func workspace(
    trees: [TreeRoot], former: [TreeRoot] = [], store wanted: AbsolutePath?
  ) throws(EngineError) -> Workspace {
    let state = try ProjectState.load(project, fileSystem)
    let store = try storePath(trees: trees, wanted: wanted, known: state)
    let marked = state == nil ? try markedID(trees) : nil
    let id = state?.id ?? marked ?? newProjectID()
    return Workspace(
      id: id, store: ContentStore(root: store, files: fileSystem),
      trees: trees.joined(with: former), declared: Set(trees.map(\.name)))
  }

  /// The id in the trees' own markers, for a project that lost its state file and has its history.
  private func markedID(_ trees: [TreeRoot]) throws(EngineError) -> String? {
    guard try headSnapshot() != nil else { return nil }
    for tree in trees {
      if case .taken(let project, tree.name.name)? = try? tree.check(
        project: "", wasClaimed: true, files: fileSystem)
      {
        observer.handle(.notice("`project.json` is gone; the project's id is in its trees"))
        return project
      }
    }
    return nil
  }

  /// 128 random bits as hexadecimal digits.
  func newProjectID() -> String {
    (0..<32).map { _ in String(Int(context.random() * 16) & 15, radix: 16) }.joined()
  }

  /// `store:` when it is set; else `.civsync/store` when that is on the tree's file system, else a
  /// folder in the tree's root. A project stays with the store it has.
  func storePath(
    trees: [TreeRoot], wanted: AbsolutePath?, known: ProjectState?
  ) throws(EngineError) -> AbsolutePath {
    let before = known.flatMap { AbsolutePath($0.store) }
    guard let wanted else {
      if let before { return try moved(before, trees, known) ?? before }
      let local = project.state.appending("store")
      guard let tree = trees.first, !exists(local) else { return local }
      return device(of: tree.root) == device(of: project.folder)
        ? local : tree.root.appending(".civsync-store")
    }
    if let before, before != wanted, exists(before), !exists(wanted) {
      let users = users(of: ContentStore(root: before, files: fileSystem), besides: known?.id)
      throw EngineError(
        "C050", "the manifest names another store than the one in use",
        notes: ["in use: `\(before)`", "named: `\(wanted)`"]
          + users.prefix(3).map { "used by the project in `\($0)` too" },
        help: users.isEmpty
          ? "move the folder first: `mv \(before) \(wanted)`"
          : "others need it where it is: copy the folder first, `cp -a \(before) \(wanted)`, or set "
            + "`store:` back", exit: .manifestInvalid)
    }
    return wanted
  }

  /// Where the project's store is now, when it went along with a project that was moved, or to where the
  /// manifest says.
  private func moved(
    _ before: AbsolutePath, _ trees: [TreeRoot], _ known: ProjectState?
  ) throws(EngineError) -> AbsolutePath? {
    guard let known, known.storeID != "", !exists(before) else { return nil }
    let named = try? loadManifest().manifest.store
    let places =
      [named, project.state.appending("store")]
      + trees.map { $0.root.appending(".civsync-store") }
    return places.lazy.compactMap(\.self).first {
      (try? self.isOwn(ContentStore(root: $0, files: self.fileSystem), known)) == true
    }
  }

  func exists(_ path: AbsolutePath) -> Bool {
    (try? fileSystem.status(path, followingLinks: true)) != nil
  }

  private func device(of path: AbsolutePath) -> UInt64? {
    if let status = try? fileSystem.status(path, followingLinks: true) { return status.device }
    return path == path.parent ? nil : device(of: path.parent)
  }

  /// What belongs to civsync and the user's manifest, and is no place for a model.
  func reserved(_ workspace: Workspace) -> [AbsolutePath] {
    [project.state, project.manifest, project.lockFile, workspace.store.root]
      + workspace.trees.flatMap {
        [$0.markerPath, $0.root.appending(".civsync-store"), $0.root.appending(".git")]
      }
  }

  /// Stops before anything is looked at when a tree is not where it was.
  func checkRoots(
    _ workspace: Workspace, claimed: [TreeName: AbsolutePath]
  ) throws(EngineError) {
    // A copy that has no id of its own yet has no tree either: it is told what it will be told then.
    let id = original(of: workspace) == nil ? workspace.id : ""
    for tree in workspace.trees {
      let own = [project.state, workspace.store.root].first { $0.contains(tree.root) }
      if tree.root.string == "/" || own != nil {
        throw EngineError(
          "C067", "the root of tree `\(tree.name)` cannot be `\(tree.root)`",
          notes: [own.map { "`\($0)` is civsync's own" } ?? "it is the whole file system"],
          help: "name the folder that your tool reads its models from", exit: .manifestInvalid)
      }
      let before = claimed[tree.name]
      var isOurs = before != nil
      if let before, before != tree.root, exists(before) {
        // Of another project, there is nothing to be moved from it.
        let old = TreeRoot(name: tree.name, root: before)
        isOurs = holder(of: old, own: id, in: workspace.store) == nil
      }
      if isOurs, let before, before != tree.root, exists(before) {
        throw EngineError(
          "C051", "the root of tree `\(tree.name)` is another one than before",
          notes: ["before: `\(before)`", "now: `\(tree.root)`"],
          help: "move the folder: `mv \(before) \(tree.root)`, then run this again; or set `root:` "
            + "back", exit: .manifestInvalid)
      }
      let state: RootState
      do {
        state = try tree.check(project: id, wasClaimed: isOurs, files: fileSystem)
      } catch {
        throw EngineError("C052", "cannot look at the root `\(tree.root)`: \(error)")
      }
      if let problem = state.problem {
        throw EngineError(
          "C053", "the root `\(tree.root)` cannot be used", notes: [problem],
          help: cure(of: state, tree, own: id, before: before, workspace))
      }
    }
  }

  private func cure(
    of state: RootState, _ tree: TreeRoot, own: String, before: AbsolutePath?,
    _ workspace: Workspace
  ) -> String {
    guard case .taken(let project, let name) = state else {
      return "civsync never makes a root anew that it has used: mount it or put it back"
    }
    if project == own {
      return "this project knows the folder as tree `\(name)`: keep that name under `trees:` "
        + "(what `root:` alone names is called `main`)"
    }
    return cure(of: otherProject(project, in: workspace.store), tree, before: before)
  }

  /// The index, where the project has a state folder for it.
  func openIndex() -> Index? {
    openedIndex.withLock { opened in
      if opened == nil, exists(project.state) { opened = openIndex(at: project.index) }
      return opened
    }
  }

  /// The index for what belongs to no project; `nil` where there is no place for one.
  func openUserIndex() -> Index? {
    openedUserIndex.withLock { opened in
      if let opened { return opened }
      guard let folder = UserFolders(environment: context.environment, home: home).cache,
        (try? fileSystem.makeFolders(folder)) != nil
      else { return nil }
      opened = openIndex(at: folder.appending("index.sqlite"))
      return opened
    }
  }

  /// Says once of each index that it could not be written; nothing else comes of that.
  func noteIndexes() {
    for opened in [openedIndex, openedUserIndex] {
      if let text = opened.withLock({ $0?.takeNotice() }) { observer.handle(.notice(text)) }
    }
  }

  private func openIndex(at path: AbsolutePath) -> Index {
    let (index, notice) = Index.open(at: path, files: fileSystem)
    if let notice { observer.handle(.notice(notice)) }
    return index
  }
}
