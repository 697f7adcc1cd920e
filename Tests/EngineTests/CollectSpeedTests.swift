import CatalogueModel
import Core
import Foundation
import GitStore
import History
import ManifestModel
import SystemIO
import Testing

@testable import Engine

/// How long marking takes over a long history. `CIVSYNC_MEASURE_SNAPSHOTS=1000` prints it; with
/// `CIVSYNC_MEASURE_MODELS` the files of each snapshot, else 10,000.
struct CollectSpeedTests {
  private static let snapshots = number("CIVSYNC_MEASURE_SNAPSHOTS")
  private static let files = number("CIVSYNC_MEASURE_MODELS") ?? 10_000
  /// Of each snapshot, in the place of others.
  private static let changed = 10

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  private struct Silent: EngineObserver {
    func handle(_ event: EngineEvent) {}
  }

  private func record(_ model: Int, content: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 7, count: 32)
    for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: content >> (8 * index)) }
    let file = RecordedFile(
      id: FileID(Int64(model)), name: "f.safetensors", digest: try #require(Digest(bytes: bytes)),
      bytes: ByteCount(1_000),
      places: [Place(tree: .main, path: try #require(TreePath("loras/\(model).safetensors")))],
      collections: ["c"])
    return RecordFormat.encode(
      RecordedModel(
        id: ModelID(Int64(model)), name: "Model \(model)", type: "LORA",
        versions: [RecordedVersion(id: 1, name: "v1", baseModel: "SDXL 1.0", files: [file])]),
      for: .snapshot)
  }

  private func path(_ model: Int) -> String {
    let fan = String(model % 256, radix: 16)
    return "models/\(fan.count < 2 ? "0" : "")\(fan)/\(model).txt"
  }

  /// As applies leave it that replace some files each.
  private func makeHistory(_ folder: AbsolutePath, _ snapshots: Int) throws {
    let repository = try GitRepository.openOrCreate(at: folder.appending(".git"))
    var head: CommitID?
    for number in 0..<snapshots {
      var changes: [String: FileChange] = [:]
      let models =
        number == 0
        ? Array(1...Self.files)
        : (0..<Self.changed).map { place in
          (number * Self.changed + place) % Self.files + 1
        }
      for model in models {
        changes[path(model)] = .write(try record(model, content: number << 32 | model))
      }
      let who = GitSignature(
        name: "civsync", email: "civsync@localhost", time: GitTime(seconds: Int64(number)))
      let commit = try repository.commit(
        CommitDraft(base: head, changes: changes, message: "apply", author: who))
      try repository.moveMain(to: commit, expecting: head, message: "apply", by: who)
      head = commit
    }
  }

  @Test func `a long history is marked within a second`() throws {
    guard let snapshots = Self.snapshots else { return }
    let scratch = try Scratch()
    let manifest = try scratch.write(
      "version: 1\nroot: models\nlayout: comfyui\nkeep: { last: 900, within: 0d }\n"
        + "collections: { c: { models: [1] } }\n", to: "civsync.yaml")
    let project = Project(manifest: manifest)
    try FileSystem().makeFolders(project.state)
    try makeHistory(project.state, snapshots)
    let context = EngineContext(
      fileSystem: FileSystem(), environment: [:], clock: ContinuousClock(),
      now: { GitTime(seconds: 1_000_000_000) }, random: { 0.5 }, userAgent: "civsync/test",
      process: 1, command: "civsync gc")
    let clock = ContinuousClock()
    func mark() throws -> (Marks, Duration) {
      let engine = Engine(
        project: project, home: scratch.path, context: context, observer: Silent())
      let declared = try engine.loadManifest().manifest
      let began = clock.now
      return (try engine.marks(declared), clock.now - began)
    }
    let (first, rebuilt) = try mark()
    let (second, marked) = try mark()
    print("marked \(snapshots) snapshots of \(Self.files) files: \(marked); index anew: \(rebuilt)")
    #expect(first.own == second.own && first.own.count >= Self.files)
    #expect(first.keeps.count == snapshots)
    #expect(marked < .seconds(1))
  }
}
