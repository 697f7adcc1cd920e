import Core
import Foundation
import GitStore
import Testing

struct OpeningTests {
  @Test func `a repository opened again has what was recorded`() throws {
    let test = try TestRepository()
    let first = try test.record(["a": "1"])
    let path = test.folder.appending(".git")
    let again = try GitRepository.openOrCreate(at: path)
    #expect(try again.head() == first)
    #expect(try GitRepository.openExisting(at: path)?.head() == first)
    #expect(again.path == path)
  }

  @Test func `where nothing is nothing is opened and nothing made`() throws {
    let test = try TestRepository()
    let path = test.folder.appending("elsewhere/.git")
    #expect(try GitRepository.openExisting(at: path) == nil)
    #expect(!FileManager.default.fileExists(atPath: path.string))
    // Nor is the repository above it taken for it.
    #expect(try GitRepository.openExisting(at: test.folder.appending(".git/x/.git")) == nil)
  }

  @Test func `a creation that was interrupted is completed`() throws {
    let test = try TestRepository()
    let path = test.folder.appending(".git")
    try FileManager.default.removeItem(atPath: path.appending("HEAD").string)
    #expect(try GitRepository.openExisting(at: path) == nil)
    try Data().write(to: URL(fileURLWithPath: path.appending("config").string))
    let again = try GitRepository.openOrCreate(at: path)
    #expect(try again.head() == nil)
    #expect(try test.git("config", "core.logAllRefUpdates").output == "true\n")
    #expect(try test.git("config", "core.bare").output == "true\n")
    #expect(try test.record(["a": "1"]) == again.resolve("main@{0}"))
  }

  @Test func `a branch in a folder that is no repository is damage, not emptiness`() throws {
    let test = try TestRepository()
    _ = try test.record(["a": "1"])
    let path = test.folder.appending(".git")
    try FileManager.default.removeItem(atPath: path.appending("HEAD").string)
    let error = #expect(throws: GitError.self) { try GitRepository.openExisting(at: path) }
    guard case .damaged(path.string, _) = error else {
      Issue.record("not told as damage: \(String(describing: error))")
      return
    }
  }

  @Test func `a config that cannot be read is damage`() throws {
    let test = try TestRepository()
    let path = test.folder.appending(".git")
    try Data("[core\nwhat".utf8).write(to: URL(fileURLWithPath: path.appending("config").string))
    #expect(throws: GitError.self) { try GitRepository.openOrCreate(at: path) }
  }

  @Test func `a place where no folder can be made is told`() throws {
    let path = try #require(AbsolutePath("/dev/null/x/.git"))
    #expect(throws: GitError.self) { try GitRepository.openOrCreate(at: path) }
  }

  @Test func `lost objects are told by what they are`() throws {
    let test = try TestRepository()
    let id = try test.record(["folder/a": "1"])
    let file = try #require(try test.repository.files(at: id).first)
    try test.lose(file.blob.hex)
    let again = try GitRepository.openOrCreate(at: test.folder.appending(".git"))
    #expect(throws: GitError.missing(what: "blob `\(file.blob)`")) {
      try again.read([file.blob])
    }
    #expect(throws: GitError.missing(what: "blob `\(file.blob)`")) {
      try again.read("folder/a", at: id)
    }
    let tree = try test.git("rev-parse", "HEAD:folder").output.dropLast()
    try test.lose(String(tree))
    let third = try GitRepository.openOrCreate(at: test.folder.appending(".git"))
    #expect(throws: GitError.missing(what: "tree `\(tree)`")) { try third.files(at: id) }
  }
}

extension TestRepository {
  func lose(_ hex: String) throws {
    let path = folder.appending(".git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))")
    try FileManager.default.removeItem(atPath: path.string)
  }
}
