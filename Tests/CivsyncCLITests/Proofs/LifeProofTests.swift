import CivitaiSandbox
import Core
import Engine
import Foundation
import Glibc
import SystemIO
import Testing

/// Edits of the manifest, applies, rollbacks, drift and failing calls in random order, against a small model
/// of what must stand. `CIVSYNC_PROPERTY_ROUNDS=n` is the long form.
struct `Proof: a life at random` {
  private static let rounds =
    ProcessInfo.processInfo.environment["CIVSYNC_PROPERTY_ROUNDS"].flatMap { Int($0) } ?? 2
  private static let turns = 14
  private static let models = [1001, 1002, 1004, 1006, 1009]

  /// What each model places where.
  private struct Site {
    var files: [Int: [String: Digest]] = [:]

    func trees(_ selection: Set<Int>) -> [String: Digest] {
      selection.reduce(into: [:]) { $0.merge(files[$1] ?? [:]) { first, _ in first } }
    }
  }

  /// What must be.
  private struct Model {
    var selection: Set<Int> = []
    /// What each snapshot has placed; empty is what was before the first.
    var history: [[String: Digest]] = []
    /// What stands, with what the user did to it.
    var trees: [String: Digest] = [:]
    var foreign: [String: [UInt8]] = [:]
    var added = 0
    /// Objects that an edit through their link reached, and that nobody may have restored yet.
    var damaged: Set<Digest> = []
  }

  /// Proves D3, D4, D5, D6, D7.
  @Test func `a life at random ends as a small model of it says`() async throws {
    func small(_ options: inout SandboxOptions) { options.scale = 0.01 }
    try await withSandbox(small) { sandbox in
      let site = try await survey(sandbox)
      var told: [String] = []
      for round in 0..<Self.rounds {
        told += try await live(sandbox, site, seed: ProofPoints.seed &+ UInt64(round))
      }
      let failed = told.count { $0.hasPrefix("failing") }
      let refused = told.count { $0 == "refused" }
      print(
        """
        lives at random: \(Self.rounds) of \(Self.turns) turns, \(failed) commands that failed, \
        \(refused) refused, seed \(ProofPoints.seed)
        """)
    }
  }

  private func survey(_ sandbox: SandboxServer) async throws -> Site {
    var site = Site()
    for model in Self.models {
      let story = try Story(below: Story.quickParent)
      try story.manifest(sandbox, body([model]))
      await story.must("apply", "--yes")
      site.files[model] = try Invariants(folder: story.folder).state().trees
    }
    return site
  }

  private func body(_ models: Set<Int>) -> String {
    let list = models.sorted().map(String.init).joined(separator: ", ")
    return "collections: { c: { models: [\(list)] } }\n"
  }

  /// - Returns: what happened in it.
  private func live(
    _ sandbox: SandboxServer, _ site: Site, seed: UInt64
  ) async throws -> [String] {
    let story = try Story(below: Story.quickParent)
    var draw = Draw(seed: seed)
    var model = Model()
    var told: [String] = []
    model.selection = [Self.models[draw.next(Self.models.count)]]
    try story.manifest(sandbox, body(model.selection))
    for _ in 0..<Self.turns {
      switch draw.next(6) {
      case 0:
        for id in Self.models where draw.next(3) == 0 {
          model.selection.formSymmetricDifference([id])
        }
        if model.selection.isEmpty { model.selection = [Self.models[0]] }
        try story.manifest(sandbox, body(model.selection))
        told.append("edit to \(model.selection.sorted())")
      case 1: told.append(try drift(story, &model, &draw))
      case 2 where model.history.count > 1:
        let back = 1 + draw.next(model.history.count - 1)
        let wanted = model.history[model.history.count - 1 - back]
        told.append("rollback by \(back)")
        try await carry(story, ["rollback", "HEAD~\(back)", "--yes"], wanted, &model, &draw, &told)
      default:
        told.append("apply")
        try await carry(
          story, ProofStep.apply, site.trees(model.selection), &model, &draw, &told)
      }
      try look(story, site, model, told, seed)
    }
    return told
  }

  /// What a user does to files in a tree.
  private func drift(_ story: Story, _ model: inout Model, _ draw: inout Draw) throws -> String {
    let placed = model.trees.keys.sorted()
    let kind = draw.next(4)
    guard kind < 3, !placed.isEmpty else {
      model.added += 1
      let path = "models/loras/own-\(model.added).txt"
      try story.write("own \(model.added)", to: path)
      model.foreign[path] = Array("own \(model.added)".utf8)
      return "add \(path)"
    }
    let path = placed[draw.next(placed.count)]
    let digest = model.trees.removeValue(forKey: path)
    if kind == 2, let digest {
      try story.edit(path, timePutBack: false)
      model.foreign[path] = try Array(#require(story.data(path)))
      model.damaged.insert(digest)
      return "edit \(path) in place"
    }
    guard kind == 1 else {
      try FileManager.default.removeItem(atPath: story.path(path))
      return "delete \(path)"
    }
    model.added += 1
    try story.write("edited \(model.added)", to: path)
    // One that was edited before and never went aside is the user's own loss.
    model.foreign[path] = Array("edited \(model.added)".utf8)
    return "edit \(path)"
  }

  /// A command that is to lead to `wanted`, perhaps with a call that fails.
  private func carry(
    _ story: Story, _ arguments: [String], _ wanted: [String: Digest], _ model: inout Model,
    _ draw: inout Draw, _ told: inout [String]
  ) async throws {
    let crashes = draw.next(2) == 0
    let fault = FaultAt(crashes ? 1 + draw.next(400) : .max, code: EIO, stays: true)
    story.observe(fault)
    let ran = await story.run(arguments)
    story.observe(nil)
    if let failed = fault.failed { told.append("failing from \(failed) on: \(ran.code)") }
    if fault.failed == nil {
      // Going back needs sound objects, and fetches none.
      if ran.code != .ok, arguments[0] == "rollback",
        !model.damaged.isDisjoint(with: wanted.values)
      {
        return told.append("refused")
      }
      #expect(ran.code == .ok, "\(told): \(ran.output)\(ran.errors)")
    } else {
      let ended = await story.run(ProofRun.recovery).code
      #expect(ended == .ok || !model.damaged.isEmpty && ended == .verificationFailed, "\(told)")
    }
    let count = try Invariants(folder: story.folder).snapshots()
    let isRecorded = count > model.history.count
    #expect(count - model.history.count < 2, "\(told)")
    if isRecorded { model.history.append(wanted) }
    // What failed and was not recorded has not happened.
    guard isRecorded || fault.failed == nil else { return }
    model.trees = wanted
    model.damaged.subtract(wanted.values)
  }

  private func look(
    _ story: Story, _ site: Site, _ model: Model, _ told: [String], _ seed: UInt64
  ) throws {
    var checker = Invariants(folder: story.folder)
    checker.foreign = model.foreign
    checker.placeable = Set(site.files.values.flatMap(\.values))
    var wanted = try checker.state()
    wanted.trees = model.trees
    wanted.head = model.history.last
    checker.states = [wanted]
    for violation in try checker.check(recovered: true) {
      Issue.record("seed \(seed), \(told.joined(separator: "; ")): \(violation)")
    }
  }
}
