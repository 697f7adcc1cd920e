import Core
import Foundation
import GitStore
import Testing

struct ReferenceTests {
  @Test func `main moves from nothing and on`() throws {
    let test = try TestRepository()
    #expect(try test.repository.head() == nil)
    let first = try test.record(["a": "1"])
    #expect(try test.repository.head() == first)
    let second = try test.record(["a": "2"])
    #expect(try test.repository.head() == second)
  }

  @Test func `main does not move when it is not where it was expected`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    let second = try test.commit(["a": "2"], on: first)
    #expect(throws: GitError.moved(expected: nil, found: first)) {
      try test.repository.moveMain(
        to: second, expecting: nil, message: "m", by: test.signature())
    }
    #expect(throws: GitError.moved(expected: second, found: first)) {
      try test.repository.moveMain(
        to: second, expecting: second, message: "m", by: test.signature())
    }
    #expect(try test.repository.head() == first)
  }

  @Test func `every way to name a commit resolves`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    let second = try test.record(["a": "2"])
    try test.repository.tag("works", at: first)
    let repository = test.repository
    #expect(try repository.resolve("HEAD") == second)
    #expect(try repository.resolve("main") == second)
    #expect(try repository.resolve("HEAD~1") == first)
    #expect(try repository.resolve("HEAD^") == first)
    #expect(try repository.resolve("main@{1}") == first)
    #expect(try repository.resolve("works") == first)
    #expect(try repository.resolve(first.short) == first)
    #expect(try repository.resolve(first.hex) == first)
  }

  @Test func `a time names where main stood then`() throws {
    let test = try TestRepository()
    let day: Int64 = 86_400
    let now = Int64(Date().timeIntervalSince1970)
    var ids: [CommitID] = []
    for age in [3 * day, 0] {
      let time = GitTime(seconds: now - age)
      let who = GitSignature(name: "civsync", email: "civsync@localhost", time: time)
      let id = try test.repository.commit(
        CommitDraft(
          base: ids.last, changes: ["a": .write([UInt8(ids.count)])], message: "m", author: who))
      try test.repository.moveMain(to: id, expecting: ids.last, message: "m", by: who)
      ids.append(id)
    }
    #expect(try test.repository.resolve("main@{yesterday}") == ids[0])
    #expect(try test.repository.resolve("main@{0}") == ids[1])
  }

  @Test func `what does not resolve says why`() throws {
    let test = try TestRepository()
    let repository = test.repository
    #expect(throws: GitError.notFound(revision: "HEAD")) { try repository.resolve("HEAD") }
    let first = try test.record(["a": "1"])
    #expect(throws: GitError.notFound(revision: "HEAD~1")) { try repository.resolve("HEAD~1") }
    #expect(throws: GitError.notFound(revision: "nothing")) { try repository.resolve("nothing") }
    #expect(throws: GitError.notACommit(revision: "HEAD:a")) { try repository.resolve("HEAD:a") }
    #expect(throws: GitError.invalidRevision("HEAD^{odd}")) { try repository.resolve("HEAD^{odd}") }
    #expect(throws: GitError.invalidRevision("a\u{0}b")) { try repository.resolve("a\u{0}b") }
    #expect(throws: GitError.notACommit(revision: "HEAD^{tree}")) {
      try repository.resolve("HEAD^{tree}")
    }
    _ = first
  }

  @Test func `a short id of several objects is ambiguous`() throws {
    let test = try TestRepository()
    // Enough objects that some two share their first four digits.
    let files = Dictionary(uniqueKeysWithValues: (0..<900).map { ("f\($0)", "content \($0)") })
    let id = try test.commit(files)
    var seen: Set<String> = []
    let shared = try test.repository.files(at: id).map { String($0.blob.hex.prefix(4)) }
      .first { !seen.insert($0).inserted }
    let prefix = try #require(shared)
    #expect(throws: GitError.ambiguous(revision: prefix)) { try test.repository.resolve(prefix) }
  }

  @Test func `a lock that a killed run left is told and can be removed`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    let lock = test.folder.appending(".git/refs/heads/main.lock")
    #expect(FileManager.default.createFile(atPath: lock.string, contents: nil))
    #expect(throws: GitError.locked(path: lock.string)) { try test.record(["a": "2"]) }
    #expect(try test.repository.head() == first)
    #expect(test.repository.removeStaleLock())
    #expect(!test.repository.removeStaleLock())
    #expect(try test.record(["a": "2"]) != first)
  }

  @Test func `tags are listed and refuse bad and taken names`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    try test.repository.tag("works", at: first)
    try test.repository.tag("a/b-1", at: first)
    #expect(try test.repository.tags() == ["a/b-1", "works"])
    #expect(throws: GitError.tagExists(name: "works")) {
      try test.repository.tag("works", at: first)
    }
    for name in ["", "-x", "a b", "a..b", "x.lock", "a\u{0}b"] {
      #expect(throws: GitError.invalidTagName(name)) {
        try test.repository.tag(name, at: first)
      }
    }
  }

  @Test func `several threads may use one repository`() async throws {
    let test = try TestRepository()
    let repository = test.repository
    let who = test.signature()
    let base = try test.record(["a": "1"])
    let ids = try await withThrowingTaskGroup(of: CommitID.self) { group in
      for number in 0..<8 {
        group.addTask {
          let draft = CommitDraft(
            base: base, changes: ["f\(number)": .write([UInt8(number)])], message: "m",
            author: who)
          return try repository.commit(draft)
        }
      }
      return try await group.reduce(into: Set<CommitID>()) { $0.insert($1) }
    }
    #expect(ids.count == 8)
  }
}
