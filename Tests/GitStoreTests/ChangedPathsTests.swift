import Core
import GitStore
import Testing

struct `Paths that differ` {
  /// Paths of which one may be a folder of others.
  private static let paths = [
    "a", "a/b", "a/b/c", "b", "models/00/1", "models/00/2", "models/01/1",
  ]

  private static func isPossible(_ paths: [String]) -> Bool {
    !paths.contains { path in paths.contains { $0.hasPrefix(path + "/") } }
  }

  @Test func `are those that git finds`() throws {
    var random = SystemRandomNumberGenerator()
    let test = try TestRepository()
    var last: CommitID?
    var files: [String: String] = [:]
    for _ in 0..<30 {
      var next = files
      for path in Self.paths where Int.random(in: 0..<3, using: &random) == 0 {
        let text = Int.random(in: 0..<4, using: &random)
        next[path] = text == 0 ? nil : "\(text)"
      }
      guard Self.isPossible(Array(next.keys)), !next.isEmpty else { continue }
      var changes: [String: String?] = [:]
      for path in Set(files.keys).union(next.keys) where files[path] != next[path] {
        changes[path] = .some(next[path])
      }
      // What is to be a folder was no file in the same commit.
      guard
        !changes.contains(where: { path, _ in
          changes.keys.contains { $0.hasPrefix(path + "/") }
        })
      else { continue }
      let id = try test.record(changes)
      if let last {
        let found = try test.repository.changedPaths(from: last, to: id).map { change in
          "\(change.kind == .added ? "A" : change.kind == .removed ? "D" : "M")\t\(change.path)"
        }
        let git = try test.git(
          "diff-tree", "-r", "--no-renames", "--name-status", last.hex, id.hex)
        #expect(found.sorted() == git.output.split(separator: "\n").map(String.init).sorted())
      }
      (last, files) = (id, next)
    }
  }

  @Test func `a file that became a folder is one removed, and what is in it`() throws {
    let test = try TestRepository()
    let file = try test.record(["a": "1"])
    _ = try test.record(["a": nil, "z": "1"])
    let folder = try test.record(["a/b": "2", "z": nil])
    #expect(
      try test.repository.changedPaths(from: file, to: folder).map { "\($0.kind) \($0.path)" }
        == ["removed a", "added a/b"])
  }
}
