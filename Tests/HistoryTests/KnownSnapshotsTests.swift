import Core
import Foundation
import GitStore
import History
import Testing

@testable import CatalogueModel

/// What is known of earlier snapshots spares work, and changes nothing else.
struct `Snapshots that share records with known ones` {
  /// Entries with a few of everything that makes a difference.
  private func randomEntries(_ random: inout some RandomNumberGenerator) throws -> [Entry] {
    try (1...30).filter { _ in Bool.random(using: &random) }.flatMap { number in
      var model = try Samples.model(number, digest: UInt8.random(in: 1...40, using: &random))
      if Bool.random(using: &random) { model.name += "!" }
      if Bool.random(using: &random) { model.versions[0].files[0].isProtected = true }
      return Entry.entries(of: model)
    }
  }

  private func randomSnapshot(_ random: inout some RandomNumberGenerator) throws -> Snapshot {
    var snapshot = try Samples.snapshot([])
    snapshot.entries = Entry.inOrder(try randomEntries(&random))
    let texts = ["version: 1\n", "version: 1\nroot: a\n"]
    snapshot.manifests = texts.prefix(Int.random(in: 0...2, using: &random)).map {
      ManifestCopy(path: "civsync.yaml", bytes: Array($0.utf8))
    }
    return snapshot
  }

  @Test func `are the same commit as without`() throws {
    var random = SystemRandomNumberGenerator()
    let project = try TestProject()
    var known: [Snapshot] = [.empty]
    for round in 0..<40 {
      let wish = try randomSnapshot(&random)
      let head = try project.history.headID()
      let message = SnapshotMessage(title: "round \(round)")
      let plain = try project.history.prepare(
        wish, on: head, known: [], message: message, time: TestProject.time)
      let sparing = try project.history.prepare(
        wish, on: head, known: known, message: message, time: TestProject.time)
      #expect(plain == sparing)
      try project.history.advance(to: sparing, from: head, time: TestProject.time)
      let read = try #require(try project.history.head())
      #expect(read.entries == wish.entries && read.manifests == wish.manifests)
      known = Array((known + [read]).suffix(4))
    }
  }

  @Test func `write nothing anew where one is gone back to`() throws {
    let project = try TestProject()
    let all = try project.record(try Samples.snapshot(1...1_100))
    try project.record(try Samples.snapshot([]))
    let target = try project.history.read(all)
    let head = try #require(try project.history.head())
    let before = objects(project)
    let again = try project.history.prepare(
      target, on: head.id, known: [head, target], message: SnapshotMessage(title: "back"),
      time: TestProject.time)
    // The commit alone.
    #expect(objects(project) == before + 1)
    #expect(try project.history.read(again).entries == target.entries)
  }

  private func objects(_ project: TestProject) -> Int {
    let folder = project.folder.appending(".git", "objects").string
    return FileManager.default.enumerator(atPath: folder)?.count { name in
      FileManager.default.isRegularFile(folder + "/\(name)")
    } ?? 0
  }

  @Test func `are read as without`() throws {
    var random = SystemRandomNumberGenerator()
    let project = try TestProject()
    var ids: [CommitID] = []
    for _ in 0..<12 { ids.append(try project.record(try randomSnapshot(&random))) }
    for one in ids {
      let known = try project.history.read(one)
      for other in ids {
        #expect(
          try project.history.read(other, sharing: known) == project.history.read(other))
      }
    }
  }

  @Test func `share the entries that both have`() throws {
    let project = try TestProject()
    let first = try project.history.read(try project.record(try Samples.snapshot(1...9)))
    let id = try project.record(try Samples.snapshot(1...10))
    let second = try project.history.read(id, sharing: first)
    #expect(second.entries.count == 10)
    #expect(
      zip(first.entries, second.entries).allSatisfy { $0.sharedFile === $1.sharedFile })
  }

  @Test func `need what the records say that they need`() throws {
    var random = SystemRandomNumberGenerator()
    let project = try TestProject()
    var last: Snapshot?
    for _ in 0..<20 {
      let id = try project.record(try randomSnapshot(&random))
      let now = try project.history.read(id)
      #expect(
        try ReachDifference(from: last?.entries ?? [], to: now.entries)
          == project.history.reachDifference(from: last?.id, to: id))
      last = now
    }
  }
}

extension FileManager {
  fileprivate func isRegularFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }
}
