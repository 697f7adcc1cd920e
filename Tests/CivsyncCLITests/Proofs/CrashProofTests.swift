import CivitaiSandbox
import Core
import Testing

/// The machine stops after every change that a step makes to the disk, and what was not synced is lost in
/// several ways; then the next command finds that disk. `CIVSYNC_CRASHES=all` tries everything.
struct `Proof: a machine that stops` {
  private static let kinds = 4

  private func loss(_ number: Int, seed: UInt64) -> CrashModel.Loss {
    switch number % Self.kinds {
    case 0: .torn
    case 1: .bytes
    case 2: .all
    default: .some(seed: seed &+ UInt64(number))
    }
  }

  private func model(_ run: ProofRun, after count: Int) -> CrashModel {
    var model = CrashModel(run.start, folder: run.story.folder)
    for event in run.log.prefix(count) { model.happen(event) }
    return model
  }

  private func checker(_ run: ProofRun, _ image: FolderImage) throws -> Invariants {
    var checker = run.invariants
    checker.verified.formUnion(try checker.stored(in: image).subtracting(checker.collected))
    return checker
  }

  /// Proves D1, D2, D3, D4, D5, D6, D7, D9, D10, D11, D12.
  @Test(arguments: ProofStep.chosen)
  func `loses nothing that was synced, and what stands can be gone on from`(
    step: ProofStep
  ) async throws {
    try await withSandbox(step.shape) { sandbox in
      let run = try await ProofRun(step, sandbox)
      let all = (run.log.count + 1) * Self.kinds
      let points = ProofPoints(all, variable: "CIVSYNC_CRASHES", otherwise: 10)
      print(points.told("crashes of \(step.rawValue), \(run.log.count) changes"))
      for number in points.chosen {
        let loss = loss(number, seed: points.seed)
        let count = number / Self.kinds
        let image = model(run, after: count).image(loss)
        try image.write(to: run.story.folder)
        let checker = try checker(run, image)
        var found = try checker.check(recovered: false)
        found += try await run.recover(checker)
        for violation in Set(found) {
          Issue.record(
            "\(step.rawValue), crash \(number) after \(run.told(count)), \(loss): \(violation)")
        }
      }
    }
  }

  /// Proves D4, D5, D6, D11, D12.
  @Test(arguments: ProofStep.chosen)
  func `and stops again while that is made whole`(step: ProofStep) async throws {
    try await withSandbox(step.shape) { sandbox in
      let run = try await ProofRun(step, sandbox)
      // Only where there is a journal has recovery anything to do.
      let begun = (0...run.log.count).filter { count in
        model(run, after: count).image(.all).names[".civsync/journal/switch.json"] != nil
      }
      #expect(!begun.isEmpty || [.repair, .collect].contains(step))
      let points = ProofPoints(begun.count, variable: "CIVSYNC_CRASHES", otherwise: 2)
      var cuts = 0
      for (turn, number) in points.chosen.enumerated() {
        let image = model(run, after: begun[number]).image(turn % 2 == 0 ? .all : .bytes)
        try image.write(to: run.story.folder)
        let log = try CrashLog(run.story.folder)
        run.story.observe(log)
        _ = await run.story.run(ProofRun.recovery)
        run.story.observe(nil)
        let checker = try checker(run, image)
        let inner = ProofPoints(log.events.count, variable: "CIVSYNC_CRASHES", otherwise: 3)
        for cut in inner.chosen {
          var second = CrashModel(log)
          for event in log.events.prefix(cut) { second.happen(event) }
          let loss = loss(cut + turn, seed: points.seed)
          try second.image(loss).write(to: run.story.folder)
          cuts += 1
          for violation in Set(try await run.recover(checker)) {
            Issue.record(
              """
              \(step.rawValue), after \(run.told(begun[number])), and in recovery after \(cut) of \
              \(log.events.count) changes, \(loss): \(violation)
              """)
          }
        }
      }
      print("crashes in recovery of \(step.rawValue): \(cuts), seed \(points.seed)")
    }
  }
}
