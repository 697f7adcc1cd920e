package import Core
internal import FoundationEssentials
package import SystemIO

/// All that is needed to carry a switch through, written durably before its first step:
/// `.civsync/journal/switch.json`. Writing it is the point of no return.
package struct SwitchJournal: Hashable, Sendable {
  /// A tree as it was when the switch was decided; the manifest may have changed since.
  package struct Tree: Hashable, Sendable, Codable {
    package var root: String
    package var link: LinkKind

    package init(root: AbsolutePath, link: LinkKind) {
      self.root = root.string
      self.link = link
    }
  }

  package static let version = 1

  /// Tells this switch from all others.
  package var transaction: String
  /// The snapshot that the switch makes true; opaque here.
  package var commit: String
  package var project: String
  /// When it began, as the caller writes times.
  package var started: String
  /// The folder below `aside/` for what has to make way, such as `20260901-120000`.
  package var asideName: String
  package var trees: [TreeName: Tree]
  package var steps: [SwitchStep]
  /// The folders that were missing when it began.
  package var creating: Set<Place>
  /// The manifests of that snapshot are put back too, when the trees are switched.
  package var restoresManifests = false

  package init(
    transaction: String, commit: String, project: String, started: String, asideName: String,
    trees: [TreeName: Tree], steps: [SwitchStep], creating: Set<Place> = []
  ) {
    self.transaction = transaction
    self.commit = commit
    self.project = project
    self.started = started
    self.asideName = asideName
    self.trees = trees
    self.steps = steps
    self.creating = creating
  }

  private struct Record: Codable {
    var version: Int
    var transaction: String
    var commit: String
    var project: String
    var started: String
    var aside: String
    var trees: [String: Tree]
    var steps: [SwitchStep]
    var creating: [String: [String]]
    /// Only where it is so: a journal without it is read as ever.
    var manifests: Bool?
  }

  private static func path(_ state: AbsolutePath) -> AbsolutePath {
    state.appending("journal", "switch.json")
  }

  /// Writes the journal; it is on the disk when this returns.
  /// - Parameter state: the project's state folder.
  package func save(
    in state: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(TreeError) {
    let record = Record(
      version: Self.version, transaction: transaction, commit: commit, project: project,
      started: started, aside: asideName,
      trees: Dictionary(uniqueKeysWithValues: trees.map { ($0.key.name, $0.value) }),
      steps: steps, creating: creating.namesByTree, manifests: restoresManifests ? true : nil)
    try JSONFile.write(record, to: Self.path(state), files: files)
  }

  /// - Returns: the journal of a switch that did not come to its end; `nil` when there is none.
  package static func load(
    in state: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(TreeError) -> SwitchJournal? {
    guard
      let record = try JSONFile.read(
        Record.self, version: version, from: path(state), files: files)
    else { return nil }
    var journal = SwitchJournal(
      transaction: record.transaction, commit: record.commit, project: record.project,
      started: record.started, asideName: record.aside,
      trees: Dictionary(uniqueKeysWithValues: record.trees.map { (TreeName($0.key), $0.value) }),
      steps: record.steps, creating: Set(namesByTree: record.creating))
    journal.restoresManifests = record.manifests ?? false
    return journal
  }

  /// Removes the journal, durably: the switch and all that follows from it are done.
  package static func clear(
    in state: AbsolutePath, files: FileSystem = FileSystem()
  ) throws(TreeError) {
    try onDisk { () throws(SystemError) in
      if try files.unlink(path(state)) { try files.syncFolder(path(state).parent) }
    }
  }
}

extension Set<Place> {
  /// Sorted, so that equal sets give equal text.
  var namesByTree: [String: [String]] {
    Dictionary(grouping: self, by: \.tree.name).mapValues { $0.map(\.path.string).sorted() }
  }

  init(namesByTree: [String: [String]]) {
    self.init(
      namesByTree.flatMap { tree, paths in
        paths.compactMap { TreePath($0) }.map { Place(tree: TreeName(tree), path: $0) }
      })
  }
}

/// Small versioned files of civsync's own.
enum JSONFile {
  private struct Version: Decodable {
    var version: Int
  }

  /// Makes the folder if need be.
  static func write(
    _ value: some Encodable, to path: AbsolutePath, files: FileSystem
  ) throws(TreeError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    guard let data = try? encoder.encode(value) else {
      throw .unreadable(path, why: "its content cannot be written as JSON")
    }
    try onDisk { () throws(SystemError) in
      try files.makeFolders(path.parent)
      try files.writeDurably(Array(data) + [0x0a], to: path)
    }
  }

  /// - Returns: `nil` when there is no file.
  static func read<Value: Decodable>(
    _ type: Value.Type, version: Int, from path: AbsolutePath, files: FileSystem
  ) throws(TreeError) -> Value? {
    guard
      let bytes = try onDisk({ () throws(SystemError) in
        try files.read(path, limit: 1 << 30)
      })
    else { return nil }
    let data = Data(bytes)
    guard let found = try? JSONDecoder().decode(Version.self, from: data) else {
      throw .unreadable(path, why: "it is not the JSON that civsync writes")
    }
    guard found.version == version else {
      throw .unreadable(path, why: "it has version \(found.version), not \(version)")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw .unreadable(path, why: "it is not what civsync writes there")
    }
  }
}
