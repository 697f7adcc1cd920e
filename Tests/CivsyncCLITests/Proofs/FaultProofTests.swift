import CivitaiSandbox
import Glibc
import Testing

/// Every call that civsync makes to the file system fails once, and from there on, for want of room and by
/// a broken disk. `CIVSYNC_FAULTS=all` tries them all.
struct `Proof: every call that fails` {
  private struct Fault {
    var point: Int
    var code: Int32
    var stays: Bool

    /// Four kinds of each point.
    init(_ number: Int) {
      point = number / 4 + 1
      code = number % 2 == 0 ? ENOSPC : EIO
      stays = number % 4 > 1
    }
  }

  /// Proves D1, D2, D3, D4, D5, D6, D7, D9, D10, D11, D12.
  @Test(arguments: ProofStep.chosen)
  func `loses nothing, and the next command makes it whole`(step: ProofStep) async throws {
    try await withSandbox(step.shape) { sandbox in
      let run = try await ProofRun(step, sandbox)
      let points = ProofPoints(run.calls * 4, variable: "CIVSYNC_FAULTS", otherwise: 12)
      print(points.told("faults of \(step.rawValue), \(run.calls) calls"))
      for number in points.chosen {
        let kind = Fault(number)
        try run.before.write(to: run.story.folder)
        let fault = FaultAt(kind.point, code: kind.code, stays: kind.stays)
        run.story.observe(fault)
        let ran = await run.story.run(step.arguments)
        run.story.observe(nil)
        var checker = run.invariants
        checker.verified.formUnion(fault.verified)
        var found = try checker.check(recovered: false)
        found += try await run.recover(checker)
        let told = "point \(number) (\(fault.failed ?? "not met"), \(kind)), exit \(ran.code)"
        for violation in Set(found) { Issue.record("\(step.rawValue), \(told): \(violation)") }
      }
    }
  }
}
