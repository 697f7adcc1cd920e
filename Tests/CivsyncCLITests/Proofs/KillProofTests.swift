import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import Testing

/// The program itself against a slow site, killed at moments drawn at random. `CIVSYNC_KILLS=1000` is the long
/// form.
struct `Proof: kill -9` {
  private static let sidecars = "defaults: { sidecars: true }\n"
  private static let first = sidecars + "collections: { c: { models: [1001, 1002, 1003] } }\n"
  private static let second =
    sidecars + "collections: { c: { models: [1001, 1005, 1006, 1009] } }\n"

  /// What the kills of one project came to.
  private struct Sum {
    var kills = 0
    /// Those that met a switch.
    var met = 0
    var projects = 0
    var reached = 0
    /// Bytes that the site handed out, and what they were needed for.
    var sent: Int64 = 0
    var needed: Int64 = 0
  }

  private func slow(_ options: inout SandboxOptions) {
    options.scale = 0.2
    options.throttleBytesPerSecond = 1_500_000
  }

  /// Proves D1, D2, D4, D5, D6, D7, D9, D11.
  @Test func `at any moment loses nothing that was fetched`() async throws {
    let wanted =
      ProcessInfo.processInfo.environment["CIVSYNC_KILLS"].flatMap { Int($0) } ?? Self.few
    var draw = Draw(seed: ProofPoints.seed)
    var sum = Sum()
    try await withSandbox(slow) { sandbox in
      let states = try await calmStates(sandbox)
      try await sandbox.control(.throttle(1_500_000))
      while sum.kills < wanted {
        try await live(sandbox, states, upTo: wanted, &sum, &draw)
        sum.projects += 1
      }
    }
    print(
      """
      kills: \(sum.kills) in \(sum.projects) projects, \(sum.met) in a switch, \(sum.reached) goals reached, \
      seed \(ProofPoints.seed); \
      \(sum.sent) bytes sent for \(sum.needed): \(max(0, sum.sent - sum.needed)) came twice
      """)
    // What is on its way at a kill comes twice: some socket buffers of each file that is fetched.
    #expect(sum.sent - sum.needed < Int64(sum.kills) * 1_500_000)
  }

  private static let few = 50

  /// Where both manifests lead.
  private func calmStates(_ sandbox: SandboxServer) async throws -> [WorldState] {
    try await sandbox.control(.throttle(nil))
    let calm = try Story(below: Story.quickParent)
    let look = Invariants(folder: calm.folder)
    var states = [try look.state()]
    for body in [Self.first, Self.second] {
      try calm.manifest(sandbox, body)
      await calm.must("apply", "--yes")
      states.append(try look.state())
    }
    return states
  }

  /// One project from nothing to its second goal, or until there were kills enough.
  private func live(
    _ sandbox: SandboxServer, _ states: [WorldState], upTo wanted: Int, _ sum: inout Sum,
    _ draw: inout Draw
  ) async throws {
    let story = try Story(below: Story.quickParent)
    let own = ["models/loras/mine.safetensors": "made by hand", "models/notes.txt": "milk"]
    for (path, text) in own { try story.write(text, to: path) }
    var checker = Invariants(folder: story.folder)
    checker.foreign = own.mapValues { Array($0.utf8) }
    checker.placeable = Set(states.flatMap(\.trees.values))
    try await sandbox.control(.resetCounts)
    for (turn, body) in [Self.first, Self.second].enumerated() {
      try story.manifest(sandbox, body)
      checker.states = [states[turn], states[turn + 1]]
      while try checker.state() != states[turn + 1], sum.kills < wanted {
        checker.verified = try checker.stored(in: FolderImage(story.folder))
        try await kill(story, &draw, &sum)
        var found = try checker.check(recovered: false)
        let ran = await story.run(ProofRun.recovery)
        if ran.code != .ok {
          found.append(Violation(id: "D11", text: "\(ran.code): \(ran.errors)"))
        }
        found += try checker.check(recovered: true)
        for violation in Set(found) {
          Issue.record("kill \(sum.kills), seed \(ProofPoints.seed): \(violation)")
        }
      }
      if sum.kills < wanted { sum.reached += 1 }
    }
    try await eventually("all answers ended") {
      sandbox.requests.routes.values.allSatisfy { $0.active == 0 }
    }
    sum.sent += sandbox.storage.bytes
    sum.needed += try stored(story)
  }

  private func kill(_ story: Story, _ draw: inout Draw, _ sum: inout Sum) async throws {
    let child = try Child(
      try builtProgram(), ["apply", "--yes"], in: story.folder.string,
      [
        "HOME": story.folder.string, "PATH": "/usr/bin:/bin", "CIVSYNC_CATALOGUE_AGE": "0",
        "LLVM_PROFILE_FILE": "/dev/null",
      ])
    // Not to wait for anything: these are the moments that were drawn. Half of them lie in the switch, which
    // is short.
    if draw.next(2) == 0 {
      try await Task.sleep(for: .milliseconds(draw.next(1_100)))
    } else {
      while child.isRunning, !story.exists(".civsync/journal/switch.json") {
        try await Task.sleep(for: .microseconds(100))
      }
      try await Task.sleep(for: .microseconds(draw.next(8_000)))
    }
    child.signal(SIGKILL)
    let ended = try await child.end()
    sum.kills += 1
    if ended.wasKilled, story.exists(".civsync/journal/switch.json") { sum.met += 1 }
    #expect(ended.wasKilled || ended.status == 0, "\(ended.text)")
  }

  /// Bytes of the store's objects, and of those that are on their way.
  private func stored(_ story: Story) throws -> Int64 {
    let image = try FolderImage(story.folder)
    let files =
      image.files(below: ".civsync/store/sha256")
      + image.files(below: ".civsync/store/partial").filter { !$0.hasSuffix(".pieces") }
    return files.reduce(0) { $0 + Int64(image.bytes($1)?.count ?? 0) }
  }
}

/// Numbers that follow from a seed.
struct Draw {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  /// One of 0..<limit.
  mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, limit)))
  }
}
