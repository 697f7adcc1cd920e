import Core
import Foundation
import GitStore
import ProgramTestSupport
import Testing

/// A repository in a temporary folder that goes when the test ends.
final class TestRepository {
  let folder: AbsolutePath
  let repository: GitRepository

  init() throws {
    let path = NSTemporaryDirectory() + "/git-store-" + UUID().uuidString
    folder = try #require(AbsolutePath(path))
    repository = try GitRepository.openOrCreate(at: folder.appending(".git"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.string) }

  /// A commit whose time is `seconds` after a fixed moment.
  func commit(
    _ changes: [String: String?], on base: CommitID? = nil, message: String = "a change",
    at seconds: Int64 = 0
  ) throws -> CommitID {
    try repository.commit(
      CommitDraft(
        base: base, changes: changes.mapValues { $0.map { .write(Array($0.utf8)) } ?? .delete },
        message: message, author: signature(at: seconds)))
  }

  /// The same, and `main` moved there.
  func record(_ changes: [String: String?], message: String = "a change") throws -> CommitID {
    let head = try repository.head()
    let id = try commit(changes, on: head, message: message)
    try repository.moveMain(to: id, expecting: head, message: message, by: signature())
    return id
  }

  func signature(at seconds: Int64 = 0) -> GitSignature {
    GitSignature(
      name: "civsync", email: "civsync@localhost",
      time: GitTime(seconds: 1_700_000_000 + seconds, offsetMinutes: 540))
  }

  func text(_ path: String, at commit: CommitID) throws -> String? {
    try repository.read(path, at: commit).map { String(decoding: $0, as: UTF8.self) }
  }

  func paths(at commit: CommitID, under folder: String = "") throws -> [String] {
    try repository.files(under: folder, at: commit).map(\.path)
  }

  /// Runs the `git` command line in the folder, with no configuration but the repository's.
  @discardableResult
  func git(_ arguments: String...) throws -> (status: Int32, output: String) {
    try runGit(arguments, in: folder.string)
  }
}

func runGit(_ arguments: [String], in folder: String) throws -> (status: Int32, output: String) {
  let ran = try Program.run(
    "/usr/bin/env", ["git", "-C", folder] + arguments,
    environment: [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C",
      "GIT_PAGER": "cat", "HOME": folder,
    ])
  return (ran.end.status, ran.output)
}
