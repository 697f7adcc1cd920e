import Core
import GitStore
import Testing

struct LogTests {
  @Test func `the log goes from new to old as far as asked`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"], message: "apply: 1 created\n\nbody line\nanother\n")
    let second = try test.record(["a": "2"], message: "second")
    let log = try test.repository.log(from: second)
    #expect(log.map(\.id) == [second, first])
    #expect(log[0].parents == [first])
    #expect(log[1].parents == [])
    #expect(log.map(\.title) == ["second", "apply: 1 created"])
    #expect(log.map(\.body) == ["", "body line\nanother"])
    #expect(try test.repository.log(from: second, limit: 1).map(\.id) == [second])
  }

  @Test func `who and when come back as given`() throws {
    let test = try TestRepository()
    let id = try test.commit(["a": "1"], at: 77)
    #expect(try test.repository.info(id).author == test.signature(at: 77))
  }

  @Test func `an empty message has neither title nor body`() throws {
    let test = try TestRepository()
    let info = try test.repository.info(try test.commit(["a": "1"], message: ""))
    #expect(info.title == "")
    #expect(info.body == "")
  }

  @Test func `changed paths are told with their kind`() throws {
    let test = try TestRepository()
    let first = try test.commit(["a": "1", "b/c": "2", "same": "3"])
    let second = try test.commit(
      ["a": "changed", "b/c": nil, "d/e": "new"], on: first)
    let changes = try test.repository.changedPaths(from: first, to: second)
    #expect(changes.map(\.path) == ["a", "b/c", "d/e"])
    #expect(changes.map(\.kind) == [.modified, .removed, .added])
    #expect(changes[1].new == nil)
    #expect(changes[2].old == nil)
    #expect(changes[0].old != changes[0].new)
    #expect(try test.repository.changedPaths(from: second, to: second) == [])
  }

  @Test func `nothing is an empty tree`() throws {
    let test = try TestRepository()
    let id = try test.commit(["a": "1", "b": "2"])
    #expect(try test.repository.changedPaths(from: nil, to: id).map(\.kind) == [.added, .added])
    #expect(
      try test.repository.changedPaths(from: id, to: nil).map(\.kind) == [.removed, .removed])
    #expect(try test.repository.changedPaths(from: nil, to: nil) == [])
  }

  @Test func `errors say what happened and what to do`() throws {
    let id = try #require(CommitID(hex: String(repeating: "cd", count: 20)))
    let texts: [(GitError, String)] = [
      (.notFound(revision: "x"), "no snapshot is named `x`; `civsync log` lists them"),
      (
        .ambiguous(revision: "ab"),
        "`ab` stands for more than one object; give more digits of the id"
      ),
      (
        .invalidRevision("~"),
        "`~` is not a revision; write one like `HEAD~1`, a tag or an id"
      ),
      (
        .notACommit(revision: "x"),
        "`x` names something that is not a snapshot; `civsync log` lists snapshots"
      ),
      (
        .missing(what: "blob `1`"),
        "the history has lost blob `1`; `git -C .civsync fsck` tells how much is damaged"
      ),
      (
        .moved(expected: nil, found: id),
        "the history moved from nothing to `cdcdcdcdcd` meanwhile; run again"
      ),
      (
        .locked(path: "/p"),
        "`/p` is locked by another git; wait for it, or remove the file if none is running"
      ),
      (
        .damaged(path: "/p", reason: "why"),
        "`/p` cannot be read as a repository: why; restore it from a backup"
      ),
      (.tagExists(name: "t"), "the tag `t` exists already; choose another name"),
      (
        .invalidTagName("t t"),
        "`t t` cannot be the name of a tag; use letters, digits, `-`, `_`, `.` and `/`"
      ),
      (.invalidPath("a//b"), "`a//b` cannot be a path in a snapshot"),
      (
        .failed(operation: "read", reason: "why", code: -1),
        "could not read: why (code -1)"
      ),
    ]
    for (error, text) in texts { #expect(error.description == text) }
  }
}
