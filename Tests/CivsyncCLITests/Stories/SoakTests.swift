import CivitaiSandbox
import Core
import Foundation
import Testing

/// The program itself, for long and under random faults. `CIVSYNC_SOAK_FILES=10000` makes it some ten
/// minutes.
struct `A long run under random faults` {
  private static let long =
    ProcessInfo.processInfo.environment["CIVSYNC_SOAK_FILES"].flatMap { Int($0) }
  private static let files = long ?? 150
  /// One percent of the requests meets each. The short form runs beside all other tests, which may hold
  /// anything up for seconds: there nothing can be called a stall.
  private static let kinds: [Fault.Kind] =
    [.truncate, .reset, .status, .wrongBytes] + (long == nil ? [.truncate] : [.stall])

  /// What it came to.
  private struct Sum {
    /// Files that were tried again, and those of them that did not come.
    var retried: Set<String> = []
    var failed = 0
    var done = 0

    init(_ text: String) {
      for line in text.split(separator: "\n") {
        guard
          let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        else { continue }
        if object["event"] as? String == "fetch-retries", let digest = object["sha256"] as? String {
          retried.insert(digest)
        }
        failed += (object["failures"] as? [Any])?.count ?? 0
        done += (object["done"] as? [String: Int])?["created"] ?? 0
      }
    }
  }

  @Test func `loses nothing, and takes no more with time`() async throws {
    let many: @Sendable (inout SandboxOptions) -> Void = {
      $0.models = Self.files
      $0.scale = 1
    }
    try await withSandbox(many) { sandbox in
      let story = try Story()
      let users = (0..<40).map { "maker_\($0)" }.joined(separator: ", ")
      try story.manifest(
        sandbox,
        """
        transfer: { retries: [1s, 1s, 1s, 1s], stallTimeout: \(Self.long == nil ? 300 : 1)s }
        collections: { all: { users: [\(users)] } }

        """)
      for (number, kind) in Self.kinds.enumerated() {
        var fault = Fault(kind, at: .rate(0.01, seed: UInt64(number + 1)))
        fault.after = 1_000
        try await sandbox.control(.fault(fault))
      }
      let child = try Child(
        builtProgram(), ["apply", "--yes", "--json", "--allow-partial"], in: story.folder.string,
        ["HOME": story.folder.string])
      let opened = Task { await child.mostOpenFiles() }
      let ended = try await child.end()
      let sum = Sum(ended.text)
      let tried = sum.done + sum.failed
      #expect(tried > Self.files / 2, "\(ended.text.suffix(2_000))")
      #expect(Double(sum.done) >= 0.99 * Double(tried))
      #expect(Double(sum.failed) <= 0.05 * Double(sum.retried.count), "\(ended.text.suffix(2_000))")
      #expect(sandbox.storage.requests > tried)
      #expect(await opened.value < 150)
      let record = try #require(story.read(".civsync/runs.jsonl"))
      let memory = try #require(record.firstMatch(of: /"memory":([0-9]+)/))
      #expect(try #require(Int(memory.1)) <= 100_000_000)
      if sum.failed > 0 { await story.must("apply", "--yes") }
      await story.must("status", "--verify")
    }
  }
}
