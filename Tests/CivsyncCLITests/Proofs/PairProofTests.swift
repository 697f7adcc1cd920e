import CivitaiSandbox
import Core
import Foundation
import Testing

/// Two processes at every pair of commands. `CIVSYNC_PAIRS=all` tries them all.
struct `Proof: two at once` {
  /// A command, and the codes that it may end with while another one works.
  private static let commands: [(arguments: [String], codes: Set<Int32>)] = [
    (["plan"], [0]),
    (["apply", "--yes"], [0, 5]),
    (["rollback", "HEAD~1", "--yes"], [0, 5]),
    // In the middle of a switch the trees are not as the last snapshot has them.
    (["status"], [0, 10]),
    (["log"], [0]),
    (["verify"], [0]),
    (["verify", "--repair", "--offline", "--yes"], [0, 5]),
  ]

  private static let pairs = commands.indices.flatMap { first in
    (first..<commands.count).map { (first, $0) }
  }

  /// Proves D4, D5, D6, D11.
  @Test func `two commands at once, of every pair`() async throws {
    func small(_ options: inout SandboxOptions) { options.scale = 0.02 }
    try await withSandbox(small) { sandbox in
      let story = try Story(below: Story.quickParent)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      for (path, text) in ProofStep.own { try story.write(text, to: path) }
      var checker = Invariants(folder: story.folder)
      checker.foreign = ProofStep.own.mapValues { Array($0.utf8) }
      await story.must("apply", "--yes")
      checker.states.append(try checker.state())
      try story.manifest(sandbox, "collections: { c: { models: [1002, 1004] } }\n")
      await story.must("apply", "--yes")
      checker.states.append(try checker.state())
      try story.manifest(sandbox, "collections: { c: { models: [1004, 1006, 1009] } }\n")
      let before = try FolderImage(story.folder)
      checker.verified = try checker.stored(in: before)
      await story.must("apply", "--yes")
      checker.states.append(try checker.state())

      let points = ProofPoints(Self.pairs.count, variable: "CIVSYNC_PAIRS", otherwise: 7)
      print(points.told("pairs of commands"))
      for number in points.chosen {
        try before.write(to: story.folder)
        let (first, second) = Self.pairs[number]
        let children = try [first, second].map { try start(story, Self.commands[$0].arguments) }
        for (child, command) in zip(children, [first, second]) {
          let ended = try await child.end()
          let (arguments, codes) = Self.commands[command]
          #expect(
            codes.contains(ended.status) && !ended.wasKilled,
            "pair \(number), \(arguments): exit \(ended.status)\n\(ended.text)")
        }
        await story.run(as: ProofRun.recovery)
        for violation in try checker.check(recovered: true) {
          Issue.record(
            "pair \(number), \(Self.commands[first]) \(Self.commands[second]): \(violation)")
        }
      }
    }
  }

  private func start(_ story: Story, _ arguments: [String]) throws -> Child {
    try Child(
      try builtProgram(), arguments, in: story.folder.string,
      [
        "HOME": story.folder.string, "PATH": "/usr/bin:/bin", "CIVSYNC_CATALOGUE_AGE": "0",
        "LLVM_PROFILE_FILE": "/dev/null",
      ])
  }
}
