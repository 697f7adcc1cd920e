import Core
import Foundation
import GitStore
import SystemIO
import Testing

/// libgit2 was seen to call an object written that was not there.
struct LostWriteTests {
  /// Takes a file out of `objects/` when that folder is synced: libgit2 has called it written by then.
  private final class Thief: SystemCallObserver {
    let folder: String
    private let number: Int
    private let taken = Locked<String?>(nil)
    var found: String? { taken.withLock { $0 } }

    init(_ folder: String, number: Int) {
      self.folder = folder
      self.number = number
    }

    func willCall(_ call: String, path: String) -> Int32? {
      guard call == "fsync", path.hasPrefix(folder) else { return nil }
      let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
      let objects = names.filter { $0.hasSuffix(".pack") || $0.utf8.count == 41 }.sorted()
      guard objects.indices.contains(number), found == nil else { return nil }
      try? FileManager.default.removeItem(atPath: folder + "/" + objects[number])
      taken.withLock { $0 = objects[number] }
      return nil
    }
  }

  private func commit(_ files: Int, number: Int) throws -> (lost: String?, error: GitError?) {
    let test = try TestRepository()
    let path = test.folder.appending(".git")
    let thief = Thief(path.appending("objects").string, number: number)
    let repository = try #require(
      try GitRepository.openExisting(at: path, files: FileSystem(observer: thief)))
    let changes = (0..<files).map { ("f\($0 % 7)/\($0)", FileChange.write(Array("\($0)".utf8))) }
    do {
      _ = try repository.commit(
        CommitDraft(
          base: nil, changes: Dictionary(uniqueKeysWithValues: changes), message: "lost",
          author: test.signature()))
      return (thief.found, nil)
    } catch {
      return (thief.found, error)
    }
  }

  /// A blob, its tree, the tree above and the commit, in any order.
  @Test(arguments: [(1, 0), (1, 1), (1, 2), (1, 3)])
  func `what is not there is not called written`(files: Int, number: Int) throws {
    let (lost, error) = try commit(files, number: number)
    _ = try #require(lost)
    guard case .failed(_, let reason, _)? = error else {
      Issue.record("it was called written: \(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("the disk did not take `"))
  }

  @Test func `what is there is`() throws {
    let (lost, error) = try commit(1, number: 4)
    #expect(lost == nil && error == nil)
  }
}
