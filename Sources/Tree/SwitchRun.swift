internal import Core
internal import SystemIO

/// One run through the steps of a journal. Confined to the call that makes it.
final class SwitchRun {
  let files: FileSystem
  let objects: any ObjectLocating
  let looker: Looker
  let journal: SwitchJournal
  let asideFolder: AsideFolder
  let recovering: Bool
  var report = SwitchReport()
  var ownFolders: Set<Place>
  /// The folders whose names changed; `nil` as path is the root.
  private var touched: Set<FolderKey> = []
  /// One place of each folder that something left: it may be empty at the end.
  private var emptied: [FolderKey: Place] = [:]
  private let tag: String
  /// Each tree's folder, open from before the first step to after the last.
  private let roots: [TreeName: Folder]
  /// Folders that steps work in, open: those that follow mostly need the same ones.
  private var opened: [FolderKey: Folder] = [:]
  /// That of the last place: the next one is mostly in the same folder.
  private var lastKey: FolderKey?
  private var lastTouched: FolderKey?
  private var lastEmptied: FolderKey?
  private static let mostOpened = 64
  /// Objects that were looked at: many places may have one.
  var soundObjects: [Digest: Bool] = [:]

  private struct FolderKey: Hashable {
    let tree: TreeName
    let path: TreePath?
  }

  init(
    _ switcher: Switcher, _ journal: SwitchJournal, _ roots: [TreeName: Folder], own: Set<Place>,
    recovering: Bool
  ) {
    self.roots = roots
    files = switcher.files
    objects = switcher.objects
    looker = Looker(files: files, objects: objects)
    self.journal = journal
    self.recovering = recovering
    ownFolders = own
    asideFolder = AsideFolder(
      files: files, base: switcher.state.appending("aside", journal.asideName))
    tag = String(
      journal.transaction.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.suffix(24))
  }

  /// Names for a step's files in the making. They follow from journal and step, so that a later
  /// run finds what an earlier one left.
  struct Names {
    /// Not finished: removed without a look.
    let making: String
    /// Finished, or taken out of the way: looked at before it goes.
    let swapped: String
  }

  func names(_ index: Int, leaving: Bool) -> Names {
    let number = "\(tag)-\(index)" + (leaving ? "f" : "")
    return Names(
      making: TemporaryNames.prefix + number, swapped: ".civsync-old-" + number)
  }

  func perform(_ step: SwitchStep, index: Int) throws(TreeError) {
    try onDisk { () throws(SystemError) in
      if step.beside != nil { return try performCompanion(step, index: index) }
      switch step.action {
      case .place, .repair:
        _ = try settle(step, index)
      case .replace, .move:
        // The old place is given up only when the new one holds what it should.
        if try settle(step, index), let from = step.from {
          try clear(from, step, names(index, leaving: true))
        }
      case .remove:
        try clear(step.place, step, names(index, leaving: false))
      case .adopt:
        try adopt(step)
      case .aside:
        try moveAside(step)
      }
    }
    if recovering { try reportEarlierAside(step) }
  }

  // MARK: Folders

  enum Opened {
    case folder(Folder)
    case missing
    case problem(ParentProblem)
  }

  private func root(_ tree: TreeName) -> Folder {
    guard let folder = roots[tree] else {
      preconditionFailure("`prepare` and `run` check that every tree is known")
    }
    return folder
  }

  private func keepOpen(_ folder: Folder, _ key: FolderKey) {
    if opened.count >= Self.mostOpened { opened.removeAll() }
    opened[key] = folder
  }

  /// The folder that holds a place.
  private func key(above place: Place) -> FolderKey {
    if let lastKey, lastKey.tree == place.tree, place.path.isDirectly(in: lastKey.path) {
      return lastKey
    }
    let key = FolderKey(tree: place.tree, path: place.path.parent)
    lastKey = key
    return key
  }

  /// Opens the folder that holds a place, component by component, following no symbolic link.
  func openParent(of place: Place, making: Bool) throws(SystemError) -> Opened {
    let key = key(above: place)
    if let folder = opened[key] { return .folder(folder) }
    let found = try findParent(of: place, making: making)
    if case .folder(let folder) = found { keepOpen(folder, key) }
    return found
  }

  private func findParent(of place: Place, making: Bool) throws(SystemError) -> Opened {
    var folder = root(place.tree)
    var path = ""
    for component in place.path.components.dropLast() {
      let parent = TreePath(path)
      path += (path.isEmpty ? "" : "/") + component
      let next = folder.at(String(component))
      guard let here = TreePath(path) else { return .missing }
      let key = Place(tree: place.tree, path: here)
      if making, try files.makeFolder(next) {
        ownFolders.insert(key)
        touched.insert(FolderKey(tree: place.tree, path: parent))
      }
      switch try files.status(next)?.kind {
      case nil: return .missing
      case .symlink: return .problem(.symlink(here, target: try files.readLink(next)))
      case .file, .other: return .problem(.file(here))
      case .folder: break
      }
      // A link that took the folder's place since the look makes this fail, and with it the run.
      folder = try files.openFolder(next)
      if recovering, journal.creating.contains(key) { ownFolders.insert(key) }
    }
    return .folder(folder)
  }

  func touch(_ place: Place) {
    let key = key(above: place)
    guard key != lastTouched else { return }
    touched.insert(key)
    lastTouched = key
  }

  /// Notes that nothing stands at a place any more.
  func left(_ place: Place) {
    let key = key(above: place)
    guard key != lastEmptied else { return }
    emptied[key] = place
    lastEmptied = key
  }

  /// Removes the folders that civsync has made and that the steps left empty.
  func removeEmptyFolders() throws(TreeError) {
    for place in emptied.values.sorted() {
      try onDisk { () throws(SystemError) in try removeEmptyFolders(above: place) }
    }
  }

  private func removeEmptyFolders(above place: Place) throws(SystemError) {
    var path = place.path.parent
    while let folder = path {
      let key = Place(tree: place.tree, path: folder)
      guard ownFolders.contains(key) else { return }
      guard case .folder(let parent) = try openParent(of: key, making: false) else { return }
      let entry = parent.at(folder.name)
      if try files.removeEmptyFolder(entry) {
        opened[FolderKey(tree: key.tree, path: folder)] = nil
        touch(key)
      } else if try files.status(entry) != nil {
        return
      }
      ownFolders.remove(key)
      path = folder.parent
    }
  }

  func syncTouchedFolders() throws(TreeError) {
    for key in touched {
      try onDisk { () throws(SystemError) in
        guard let path = key.path else { return try files.syncFolder(root(key.tree)) }
        let place = Place(tree: key.tree, path: path)
        guard case .folder(let parent) = try openParent(of: place, making: false) else { return }
        let entry = parent.at(path.name)
        if try files.status(entry)?.kind == .folder {
          try files.syncFolder(files.openFolder(entry))
        }
      }
    }
  }
}
