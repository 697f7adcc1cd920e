import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

@Suite struct TrialTests {
  private let folder: TemporaryFolder
  private let state: AbsolutePath
  private let tree: AbsolutePath
  private let files = FileSystem()

  init() throws {
    folder = try TemporaryFolder()
    state = folder.path.appending("state")
    tree = folder.path.appending("tree")
    try files.makeFolders(tree)
  }

  @Test func `what a run tried and could not remove is found by a later one`() throws {
    let trials = try Trials.begin(in: [tree], state: state, files: files)
    let name = trials.files.names.make()
    _ = try folder.write("", to: "tree/" + name)
    _ = try folder.write("other", to: "tree/.civsync-tmp-other")
    Trials.clear(in: state, files: files)
    #expect(try files.list(tree).map(\.displayName) == [".civsync-tmp-other"])
    // The name stays, and so does the way to a folder of before.
    let more = folder.path.appending("more")
    try files.makeFolders(more)
    let later = try Trials.begin(in: [more], state: state, files: files)
    #expect(later.files.names.make() == name)
    for place in ["tree", "more"] { _ = try folder.write("", to: "\(place)/\(name)") }
    Trials.clear(in: state, files: files)
    #expect(try files.list(tree).count == 1 && files.list(more).isEmpty)
  }

  @Test func `what is written down already is not written again`() throws {
    _ = try Trials.begin(in: [tree], state: state, files: files)
    let recorder = Recorder()
    let trials = try Trials.begin(
      in: [tree], state: state, files: FileSystem(observer: recorder))
    #expect(recorder.count("write") == 0 && recorder.count("fsync") == 0)
    _ = try folder.write("", to: "tree/" + trials.files.names.make())
    trials.end()
    #expect(try files.list(tree).isEmpty)
  }

  @Test(arguments: [
    #"{"version":1,"name":"mine.txt","folders":["TREE"]}"#,
    #"{"version":1,"name":".civsync-tmp-x/../mine.txt","folders":["TREE"]}"#,
    #"{"version":2,"name":"mine.txt","folders":["TREE"]}"#, "torn",
  ])
  func `a record that civsync did not write removes nothing`(text: String) throws {
    _ = try folder.write(
      text.replacing("TREE", with: tree.string), to: "state/trials.json")
    _ = try folder.write("mine", to: "tree/mine.txt")
    try files.makeFolders(tree.appending(".civsync-tmp-x"))
    Trials.clear(in: state, files: files)
    #expect(try folder.text("tree/mine.txt") == "mine")
    _ = try Trials.begin(in: [tree], state: state, files: files)
  }
}
