import ContentStore
import Core
import SystemIO
import Tree

/// Other projects that have what this one names: a folder that was copied is another case than one that was
/// moved.
extension Engine {
  /// Another project, as far as it is known.
  struct OtherProject {
    var id: String
    /// Where it is or was; `nil` where it has told nobody.
    var folder: String?
    var isThere: Bool

    init(id: String) {
      self.id = id
      isThere = false
    }
  }

  /// Whose copy this folder is, as long as it has the other's id: a command that writes gives it its own.
  func original(of workspace: Workspace) -> StoreRoot.Owner? {
    let owner = try? workspace.store.rootOwner(workspace.id)
    guard let known = owner ?? nil, isAnother(known) else { return nil }
    return known
  }

  /// The project whose marker a folder carries, if that is not this one.
  /// - Parameter own: this one's id; empty for a copy that has none of its own yet.
  func holder(of tree: TreeRoot, own: String, in store: ContentStore) -> OtherProject? {
    let state = try? tree.check(project: own, wasClaimed: true, files: fileSystem)
    guard case .taken(let id, _)? = state, id != own else { return nil }
    return otherProject(id, in: store)
  }

  func otherProject(_ id: String, in store: ContentStore) -> OtherProject {
    var other = OtherProject(id: id)
    let found = try? store.rootOwner(id)
    if let owner = found ?? nil {
      other.folder = owner.folder
      other.isThere = isThere(owner)
    }
    return other
  }

  /// The folders of other projects that use a store and are there.
  func users(of store: ContentStore, besides own: String?) -> [String] {
    let names = (try? fileSystem.list(store.rootsFolder).map(\.displayName)) ?? []
    return names.sorted().compactMap { name in
      let found = try? store.rootOwner(name)
      guard let owner = found ?? nil, owner.plan == nil, isThere(owner),
        owner.project != own || isAnother(owner)
      else { return nil }
      return owner.folder
    }
  }

  private func isThere(_ owner: StoreRoot.Owner) -> Bool {
    guard let state = AbsolutePath(owner.state) else { return false }
    return (try? fileSystem.status(state, followingLinks: true))?.kind == .folder
  }

  /// What to do where the root is another project's.
  /// - Parameter before: where the last snapshot says that the tree was.
  func cure(of other: OtherProject, _ tree: TreeRoot, before: AbsolutePath?) -> String {
    guard let folder = other.folder else {
      return "if that project is gone for good, remove `\(tree.markerPath)`: what stands in the "
        + "folder is yours then"
    }
    guard other.isThere else {
      return "that project was in `\(folder)`, which is not there: if it is gone for good, remove "
        + "`\(tree.markerPath)`: what stands in the folder is yours then"
    }
    let isCopied =
      before.map { $0 != tree.root && AbsolutePath(folder)?.contains($0) == true } ?? false
    return isCopied
      ? "this folder is a copy of the project in `\(folder)`, marker and all: remove "
        + "`\(tree.markerPath)`, and what stands in it is this project's"
      : "the project in `\(folder)` has it: set `root:` to a folder of this project's own"
  }
}
