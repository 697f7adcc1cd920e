import ContentStore
import Core
import ManifestModel
import Planning
import SystemIO
import Tree

/// How the files of trees refer to the store, as far as it shows before anything is written.
extension Engine {
  /// - Parameter manifest: `nil` when there is none to read: then the best that works is meant.
  func linking(_ workspace: Workspace, _ manifest: Manifest?) -> Linking {
    var linking = Linking()
    let prober = LinkProber(files: fileSystem)
    let hasEditable = manifest.map { !$0.editable.isEmpty } ?? false
    let partials = workspace.store.partialFolder
    let sharesExtents =
      hasEditable && (try? prober.probe(store: partials, tree: partials))?.kinds.first == .reflink
    let another = refusesHardLinks(workspace.store, prober)
    for tree in workspace.trees {
      let wanted = manifest?.treeLinks[tree.name] ?? manifest?.link
      let expected = try? prober.estimate(store: workspace.store.root, tree: tree.root)
      if expected == .symlink {
        linking.apart.insert(tree.name)
      } else if sharesExtents {
        linking.reflinking.insert(tree.name)
      }
      switch wanted {
      case .copy: linking.copying.insert(tree.name)
      case nil, .auto: if expected == .symlink { linking.symbolic.insert(tree.name) }
      case .reflink, .hardlink, .symlink: break
      }
      if another, expected == .hardlink, [nil, .auto, .hardlink].contains(wanted) {
        linking.refused.insert(tree.name)
      }
    }
    // What cannot be told is not said: who writes into it finds out.
    if (try? workspace.store.mayBeWritten()) == false {
      linking.readOnlyStore = workspace.store.root
    }
    linking.collections = (manifest?.links ?? [:]).mapValues { $0 == .copy }
    return linking
  }

  /// Whether the store is another user's, and this one may make no hard links to what it holds. One object
  /// is tried: which users are refused what, file systems and kernel settings decide.
  private func refusesHardLinks(_ store: ContentStore, _ prober: LinkProber) -> Bool {
    guard let owner = try? fileSystem.status(store.root)?.owner, owner != fileSystem.user,
      (try? prober.probe(store: store.partialFolder, tree: store.partialFolder))?.kinds.first
        == .hardlink,
      let object = (try? store.anyObject { $0.owner != fileSystem.user }) ?? nil
    else { return false }
    return (try? prober.refusesHardLinks(to: object, in: store.partialFolder)) ?? false
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
