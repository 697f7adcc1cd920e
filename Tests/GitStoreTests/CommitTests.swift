import Core
import GitStore
import Testing

struct CommitTests {
  @Test func `a commit is written before anything names it`() throws {
    let test = try TestRepository()
    let id = try test.commit(["snapshot": "one", "models/0a/10.txt": "ten"])
    #expect(try test.repository.head() == nil)
    #expect(try test.text("models/0a/10.txt", at: id) == "ten")
    #expect(try test.paths(at: id) == ["models/0a/10.txt", "snapshot"])
  }

  @Test func `the same draft gives the same id`() throws {
    let test = try TestRepository()
    let id = try test.commit(["a": "1"])
    #expect(try test.commit(["a": "1"]) == id)
    #expect(try test.commit(["a": "1"], at: 60) != id)
  }

  @Test func `changes are laid over the base and the rest stays`() throws {
    let test = try TestRepository()
    let first = try test.commit(["a/x": "1", "a/y": "2", "b/z": "3", "top": "4"])
    let second = try test.commit(
      ["a/x": "changed", "a/y": nil, "c/d/e": "new"], on: first)
    #expect(try test.paths(at: second) == ["a/x", "b/z", "c/d/e", "top"])
    #expect(try test.text("a/x", at: second) == "changed")
    #expect(try test.text("a/x", at: first) == "1")
  }

  @Test func `a folder goes with its last file and an empty tree is a tree`() throws {
    let test = try TestRepository()
    let first = try test.commit(["a/b/c": "1", "d": "2"])
    let second = try test.commit(["a/b/c": nil], on: first)
    #expect(try test.paths(at: second) == ["d"])
    let third = try test.commit(["d": nil], on: second)
    #expect(try test.paths(at: third) == [])
    let fourth = try test.commit(["a": "back"], on: third)
    #expect(try test.paths(at: fourth) == ["a"])
  }

  @Test func `what is not there can be deleted`() throws {
    let test = try TestRepository()
    let first = try test.commit(["a/b": "1"])
    let second = try test.commit(["a": nil, "a2/b": nil], on: first)
    #expect(try test.paths(at: second) == ["a/b"])
    let third = try test.commit(["a/b/c": nil], on: second)
    #expect(try test.paths(at: third) == ["a/b"])
  }

  @Test func `a file takes the place of a folder and the other way round`() throws {
    let test = try TestRepository()
    let first = try test.commit(["a/b": "1", "c": "2"])
    let second = try test.commit(["a": "file", "c/d": "in folder"], on: first)
    #expect(try test.paths(at: second) == ["a", "c/d"])
  }

  @Test(arguments: ["", "/a", "a/", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/b", "a\u{0}b"])
  func `a path that a tree cannot hold is refused`(path: String) throws {
    let test = try TestRepository()
    #expect(throws: GitError.invalidPath(path)) { try test.commit([path: "x"]) }
  }

  @Test func `a path cannot be file and folder at once`() throws {
    let test = try TestRepository()
    #expect(throws: GitError.self) { try test.commit(["a": "x", "a/b": "y"]) }
  }

  @Test func `a missing base is told`() throws {
    let test = try TestRepository()
    let lost = try #require(CommitID(hex: String(repeating: "ab", count: 20)))
    #expect(throws: GitError.missing(what: "commit `ababababab`")) {
      try test.commit(["a": "x"], on: lost)
    }
    #expect(throws: GitError.missing(what: "commit `ababababab`")) {
      try test.repository.read("a", at: lost)
    }
  }

  @Test func `bytes come back as they were, whatever they are`() throws {
    let test = try TestRepository()
    let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let id = try test.repository.commit(
      CommitDraft(
        base: nil, changes: ["bytes": .write(bytes), "empty": .write([])], message: "m",
        author: test.signature()))
    #expect(try test.repository.read("bytes", at: id) == bytes)
    #expect(try test.repository.read("empty", at: id) == [])
    #expect(try test.repository.read("none", at: id) == nil)
    let blobs = try test.repository.files(at: id).map(\.blob)
    #expect(try test.repository.read(blobs) == [bytes, []])
  }

  @Test func `files are listed below a folder only`() throws {
    let test = try TestRepository()
    let id = try test.commit(["models/00/1.txt": "1", "models/ff/2.txt": "2", "other": "3"])
    #expect(try test.paths(at: id, under: "models/ff") == ["models/ff/2.txt"])
    #expect(try test.paths(at: id, under: "none") == [])
    #expect(try test.paths(at: id, under: "other") == [])
    #expect(try test.repository.read("models", at: id) == nil)
  }

  @Test func `a name that cannot sign is refused`() throws {
    let test = try TestRepository()
    let nobody = GitSignature(name: "", email: "", time: GitTime(seconds: 0))
    #expect(throws: GitError.self) {
      try test.repository.commit(
        CommitDraft(base: nil, changes: ["a": .delete], message: "m", author: nobody))
    }
  }

  @Test func `an id reads back from its digits`() throws {
    let hex = "00112233445566778899aabbccddeeff01234567"
    let id = try #require(CommitID(hex: hex.uppercased()))
    #expect(id.description == hex)
    #expect(id.short == "0011223344")
    #expect(CommitID(hex: hex.dropLast()) == nil)
    #expect(CommitID(hex: hex.dropLast() + "g") == nil)
  }
}
