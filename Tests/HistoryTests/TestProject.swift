import CatalogueModel
import Core
import Foundation
import GitStore
import History
import Testing

/// A state folder in a temporary place, with its history.
final class TestProject {
  let folder: AbsolutePath
  let history: History

  init() throws {
    let path = NSTemporaryDirectory() + "/history-" + UUID().uuidString
    folder = try #require(AbsolutePath(path + "/.civsync"))
    history = History(folder: folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.parent.string) }

  static let time = GitTime(seconds: 1_700_000_000, offsetMinutes: 540)

  /// Prepares and advances, as an apply does.
  @discardableResult
  func record(
    _ snapshot: Snapshot, title: String = "apply: something", body: [String] = []
  ) throws -> CommitID {
    let base = try history.headID()
    let id = try history.prepare(
      snapshot, on: base, message: SnapshotMessage(title: title, body: body), time: Self.time)
    try history.advance(to: id, from: base, time: Self.time)
    return id
  }

  /// A commit with these files on top of HEAD, made without the history's help.
  func recordRaw(_ files: [String: String?]) throws -> CommitID {
    let repository = try GitRepository.openOrCreate(at: folder.appending(".git"))
    let head = try repository.head()
    let who = GitSignature(name: "other", email: "other@localhost", time: Self.time)
    let id = try repository.commit(
      CommitDraft(
        base: head, changes: files.mapValues { $0.map { .write(Array($0.utf8)) } ?? .delete },
        message: "raw", author: who))
    try repository.moveMain(to: id, expecting: head, message: "raw", by: who)
    return id
  }
}

enum Samples {
  static func model(_ number: Int, digest: UInt8? = nil) throws -> RecordedModel {
    let bytes = [UInt8](repeating: digest ?? UInt8(number % 256), count: 32)
    let file = RecordedFile(
      id: FileID(Int64(number * 100)), name: "model-\(number).safetensors", format: "SafeTensor",
      digest: try #require(Digest(bytes: bytes)), bytes: ByteCount(Int64(1_000 + number)),
      places: [
        Place(tree: .main, path: try #require(TreePath("loras/model-\(number).safetensors")))
      ], collections: ["base"])
    return RecordedModel(
      id: ModelID(Int64(number)), name: "Model \(number)", type: "LORA", creator: "somebody",
      versions: [
        RecordedVersion(
          id: VersionID(Int64(number * 10)), name: "v1", baseModel: "SDXL 1.0", files: [file])
      ])
  }

  static func snapshot(_ numbers: some Sequence<Int>) throws -> Snapshot {
    Snapshot(
      models: try numbers.map { try model($0) },
      manifests: [ManifestCopy(path: "civsync.yaml", bytes: Array("version: 1\n".utf8))],
      trees: [
        SnapshotHeader.Tree(name: .main, root: try #require(AbsolutePath("/srv/models")))
      ])
  }
}
