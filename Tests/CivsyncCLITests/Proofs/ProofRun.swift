import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

/// One step of the scripted story, ready to be begun again and again from the same state.
struct ProofRun: Sendable {
  let step: ProofStep
  let story: Story
  let before: FolderImage
  /// With the states before and after the step.
  let invariants: Invariants
  /// What a calm run changed, and how many calls of the file system it made.
  let log: [CrashLog.Event]
  /// Where that began.
  let start: FolderImage
  let calls: Int
  /// The sound objects after the step.
  let stored: Set<Digest>

  init(_ step: ProofStep, _ sandbox: SandboxServer) async throws {
    self.step = step
    story = try Story(["CIVSYNC_TOKEN": ProofStep.token], below: Story.quickParent)
    var invariants = Invariants(folder: story.folder)
    invariants.trees = step.roots
    invariants.watchesManifest = true
    invariants.foreign = try await step.prepare(story, sandbox)
    before = try FolderImage(story.folder)
    let had = try invariants.stored(in: before)
    let old = try invariants.state()
    let count = FaultAt(.max, code: 0, stays: false)
    story.observe(count)
    await story.run(as: step.arguments)
    calls = count.met
    let after = try invariants.state()
    let recorded = after.head ?? [:]
    let otherwise = invariants.difference(from: recorded, to: after.trees)
    #expect(after.trees == recorded, "the calm step ends as its snapshot says, but \(otherwise)")
    stored = try invariants.stored(in: FolderImage(story.folder))
    #expect(after != old || stored != had, "the step changes something")
    invariants.states = [old, after]
    // What a collection takes away is what nobody needs any more.
    if step == .collect { invariants.collected = had.subtracting(stored) }
    invariants.verified = had.subtracting(invariants.collected)
    // Once more, watched: what is recorded begins where everything else does.
    try before.write(to: story.folder)
    let recorder = try CrashLog(story.folder)
    story.observe(recorder)
    await story.run(as: step.arguments)
    story.observe(nil)
    log = recorder.events
    start = recorder.start
    self.invariants = invariants
    #expect(try invariants.check(recovered: true) == [])
  }

  /// What the last of so many changes was.
  func told(_ count: Int) -> String {
    guard count > 0, count <= log.count else { return "nothing" }
    let text =
      switch log[count - 1] {
      case .others: "a file of libgit2's or SQLite's"
      case .effect(.wrote(_, let offset, let bytes)): "\(bytes.count) bytes written at \(offset)"
      case .effect(let effect): "\(effect)".replacing(story.folder.string + "/", with: "")
      }
    return "\(count) of \(log.count) changes (\(text))"
  }

  var old: WorldState { invariants.states[0] }
  var new: WorldState { invariants.states[1] }

  /// What is in the store counts where a collection is to empty it.
  private func isNew(_ checker: Invariants) throws -> Bool {
    guard try checker.state() == new else { return false }
    return try step != .collect || checker.stored(in: FolderImage(story.folder)) == stored
  }

  /// The command that brings what was interrupted to an end, and does nothing else.
  static let recovery = ["verify", "--repair", "--offline", "--yes"]

  /// What must hold when everything is whole again: after recovery the old or the new, after the step was
  /// made once more the new.
  func recover(_ checker: Invariants) async throws -> [Violation] {
    var checker = checker
    let ran = await story.run(Self.recovery)
    var found = try checker.check(recovered: true)
    let isMended = ran.code == .ok || step == .repair && ran.code == .verificationFailed
    if !isMended {
      found.append(Violation(id: "D11", text: "recovery ended with \(ran.code): \(ran.errors)"))
    }
    if try isNew(checker) { return found }
    let again = await story.run(step.again)
    if again.code != .ok {
      found.append(
        Violation(id: "D11", text: "the step once more ended with \(again.code): \(again.errors)"))
    }
    if try !isNew(checker) {
      found.append(Violation(id: "D11", text: "the step once more does not end as it should"))
    }
    checker.states = [new]
    checker.readsRoots = true
    checker.placeable = Set(new.trees.values).union(old.trees.values)
    return found + (try checker.check(recovered: true))
  }
}

extension Invariants {
  /// The sound objects of an image.
  func stored(in image: FolderImage) throws -> Set<Digest> {
    Set(
      image.files(below: store + "/sha256").compactMap { path in
        let digest = image.bytes(path).map { ContentHasher.digest(of: $0) }
        return path.hasSuffix(digest?.hex ?? "-") ? digest : nil
      })
  }
}
