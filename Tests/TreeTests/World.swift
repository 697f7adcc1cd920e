import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

/// A store, a claimed tree and a state folder, on the real disk.
struct World {
  let folder: TemporaryFolder
  let store: ContentStore
  let root: AbsolutePath
  let state: AbsolutePath
  let files: FileSystem

  /// - Parameter parent: where to make it all.
  init(in parent: String = "/tmp") throws {
    folder = try TemporaryFolder(in: parent)
    store = ContentStore(root: folder.path.appending("state/store"))
    try store.prepare()
    root = folder.path.appending("tree")
    state = folder.path.appending("state")
    files = FileSystem()
    try TreeRoot(name: .main, root: root).claim(project: "p")
  }

  var switcher: Switcher { Switcher(state: state, objects: store, files: files) }

  func add(_ text: String) throws -> Digest {
    let bytes = Array(text.utf8)
    let digest = ContentHasher.digest(of: bytes)
    let writer = try store.writer(for: digest, length: nil)
    if !writer.isComplete {
      try writer.start(keeping: false, validator: nil, total: nil)
      try writer.append(bytes[...])
      try writer.finish()
    }
    try store.publish()
    return digest
  }

  func place(_ path: String) throws -> Place {
    Place(tree: .main, path: try #require(TreePath(path)))
  }

  func journal(_ steps: [SwitchStep], link: LinkKind = .hardlink) -> SwitchJournal {
    SwitchJournal(
      transaction: "t-1", commit: "c", project: "p", started: "now", asideName: "when",
      trees: [.main: .init(root: root, link: link)], steps: steps)
  }

  @discardableResult
  func run(_ steps: [SwitchStep], link: LinkKind = .hardlink) throws -> SwitchReport {
    try switcher.run(switcher.prepare(journal(steps, link: link)))
  }

  func observe(
    _ path: String, _ digest: Digest?, size: Int64? = nil, placedBefore: Bool = true
  ) throws -> ObservedState {
    try TreeObserver(root: root, objects: store).observe(
      #require(TreePath(path)), expecting: digest, size: size, placedBefore: placedBefore)
  }

  func text(_ path: String) throws -> String? { try folder.text("tree/" + path) }
  func aside(_ path: String) throws -> String? {
    try folder.text("state/aside/when/main/" + path)
  }

  /// Edits the file in place, as a program that does not know of civsync would.
  func edit(_ path: String, _ text: String) throws {
    try FileSystem().open(root.appending(path), .update).write(Array(text.utf8)[...])
  }

  /// Puts another file there by a rename, as a program that saves carefully would.
  func save(_ path: String, _ text: String) throws {
    _ = try folder.write(text, to: "tree/" + path)
  }

  /// All names below the tree, but the marker.
  func names(_ below: String = "") throws -> [String] {
    try FileSystem().list(root.appending(below)).flatMap { entry -> [String] in
      let path = below.isEmpty ? entry.displayName : below + "/" + entry.displayName
      if path == TreeRoot.markerName { return [] }
      return entry.kind == .folder ? [path + "/"] + (try names(path)) : [path]
    }
  }
}
