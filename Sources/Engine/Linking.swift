import ContentStore
import Core
import ManifestModel
import Planning
import Tree

/// How the files of trees refer to the store, as far as it shows before anything is written.
extension Engine {
  /// - Parameter manifest: `nil` when there is none to read: then the best that works is meant.
  func linking(_ workspace: Workspace, _ manifest: Manifest?) -> Linking {
    var linking = Linking()
    let prober = LinkProber(files: fileSystem)
    for tree in workspace.trees {
      let wanted = manifest?.treeLinks[tree.name] ?? manifest?.link
      let expected = try? prober.estimate(store: workspace.store.root, tree: tree.root)
      if expected == .symlink { linking.apart.insert(tree.name) }
      switch wanted {
      case .copy: linking.copying.insert(tree.name)
      case nil, .auto: if expected == .symlink { linking.symbolic.insert(tree.name) }
      case .reflink, .hardlink, .symlink: break
      }
    }
    linking.collections = (manifest?.links ?? [:]).mapValues { $0 == .copy }
    return linking
  }
}

extension Manifest {
  /// By collection, where one says how its files are linked.
  var links: [String: LinkPreference] {
    var links: [String: LinkPreference] = [:]
    for collection in collections { links[collection.name] = collection.link }
    return links
  }

  /// By tree, where one says how its files are linked.
  var treeLinks: [TreeName: LinkPreference] {
    var links: [TreeName: LinkPreference] = [:]
    for tree in trees { links[tree.name] = tree.link }
    return links
  }
}
