import Core
import Foundation
import GitStore
import Testing

struct GitCommandTests {
  @Test func `git reads the log from the folder around the repository`() throws {
    let test = try TestRepository()
    _ = try test.record(["models/01/1.txt": "line one\n"], message: "apply: 1 created\n")
    _ = try test.record(["models/01/1.txt": "line two\n"], message: "apply: 1 replaced\n")
    let log = try test.git("log", "-p")
    #expect(log.status == 0, "\(log.output)")
    #expect(log.output.contains("apply: 1 replaced"))
    #expect(log.output.contains("-line one\n+line two\n"))
    #expect(log.output.contains("Author: civsync <civsync@localhost>"))
    #expect(!log.output.contains("warning"))
    let reflog = try test.git("reflog", "show", "main")
    #expect(reflog.output.split(separator: "\n").count == 2)
  }

  @Test func `cleaning a repository around it leaves it alone`() throws {
    let test = try TestRepository()
    let outer = test.folder.appending("outer")
    let nested = outer.appending(".civsync")
    let repository = try GitRepository.openOrCreate(at: nested.appending(".git"))
    let id = try repository.commit(
      CommitDraft(
        base: nil, changes: ["a": .write([1])], message: "m", author: test.signature()))
    try repository.moveMain(to: id, expecting: nil, message: "m", by: test.signature())
    let files = FileManager.default
    for name in [".civsync/index.sqlite", "stray"] {
      #expect(files.createFile(atPath: outer.appending(name).string, contents: Data("x".utf8)))
    }
    #expect(try runGit(["init", "-q"], in: outer.string).status == 0)
    let clean = try runGit(["clean", "-fdx"], in: outer.string)
    #expect(clean.status == 0, "\(clean.output)")
    #expect(!files.fileExists(atPath: outer.appending("stray").string))
    #expect(files.fileExists(atPath: nested.appending("index.sqlite").string))
    #expect(try repository.head() == id)
    #expect(try runGit(["log", "--oneline"], in: nested.string).status == 0)
  }

  @Test func `a repository that git has packed is read all the same`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    let second = try test.record(["a": "2"])
    #expect(try test.git("gc", "-q").status == 0)
    #expect(try test.git("pack-refs", "--all").status == 0)
    let again = try GitRepository.openOrCreate(at: test.folder.appending(".git"))
    #expect(try again.head() == second)
    #expect(try again.resolve("HEAD~1") == first)
    #expect(try test.text("a", at: first) == "1")
  }
}
