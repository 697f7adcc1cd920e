import CivitaiSandbox
import Core
import Engine
import Foundation
import Synchronization
import SystemIO
import Testing

/// A number that changes while a story is told.
final class Mutable: Sendable {
  private let number: Mutex<Int64>

  init(_ number: Int64) { self.number = Mutex(number) }

  var value: Int64 {
    get { number.withLock { $0 } }
    set { number.withLock { $0 = newValue } }
  }
}

/// What the stories of `gc` begin with.
extension Story {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"
  static let night = "models/loras/polar_night.safetensors"
  /// Only the last snapshot is kept.
  static let keepsLast = "keep: { last: 1, within: 0d, tags: none }\n"

  /// A model was placed and left the manifest: its object is what there is to collect.
  /// - Returns: the story, and where that object is.
  static func withLeftObject(
    _ sandbox: SandboxServer, keep: String = keepsLast, _ more: String = ""
  ) async throws -> (story: Story, object: String) {
    let story = try Story()
    let base = keep + more
    try story.manifest(sandbox, base + "collections: { c: { models: [1001, 1002] } }\n")
    await story.must("apply", "--yes")
    let object = try story.object(of: night)
    try story.manifest(sandbox, base + "collections: { c: { models: [1001] } }\n")
    await story.must("apply", "--yes")
    return (story, object)
  }

  /// What `gc` printed, with digests in words.
  func collected(_ ran: Ran) -> String {
    transcript(ran).replacing(/[0-9a-f]{64}/, with: "DIGEST")
      .replacing(/sha256 [0-9a-f]{12}/, with: "sha256 SHORT")
      .replacing(/[0-9a-f]{32}/, with: "PROJECT-ID")
      .replacing(/- [0-9a-f]{10}\ \ /, with: "- ID  ")
  }

  /// Compares what `gc` printed with what is expected.
  func expectCollected(
    _ ran: Ran, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let actual = collected(ran)
    if actual != expected {
      Issue.record("gc printed:\n<<<\n\(actual)\n>>>", sourceLocation: sourceLocation)
    }
  }

  /// Takes away what can be, without a grace period.
  @discardableResult
  func collect(
    _ more: String..., code: CommandExit = .ok, sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Ran {
    let ran = await run(["gc", "--yes", "--grace", "0s"] + more)
    if ran.code != code {
      Issue.record("gc ended with \(ran.code):\n\(transcript(ran))", sourceLocation: sourceLocation)
    }
    return ran
  }

  /// The ids in the store's `roots/`, without those of plans.
  func registered(in store: String = ".civsync/store") -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: path(store + "/roots"))
    return (names ?? []).filter { !$0.hasPrefix("plan-") }.sorted()
  }

  var projectID: String? {
    read(".civsync/project.json")?.firstMatch(of: /"id" : "([0-9a-f]{32})"/).map { String($0.1) }
  }

  /// The project's objects are all sound, and nothing is placed otherwise.
  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async {
    await must("verify", sourceLocation: sourceLocation)
    await must("status", "--verify", sourceLocation: sourceLocation)
  }
}
