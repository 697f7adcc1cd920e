import Foundation

/// Which of very many points are tried: all of them when asked for by an environment variable, else as many
/// as the suite has time for, evenly spread, other ones with each seed.
struct ProofPoints {
  let chosen: [Int]
  let all: Int
  let seed: UInt64

  /// - Parameters:
  ///   - variable: `all` in it asks for all; a number for so many.
  ///   - count: how many otherwise.
  init(_ all: Int, variable: String, otherwise count: Int) {
    self.all = all
    seed = Self.seed
    let text = ProcessInfo.processInfo.environment[variable]
    let wanted = text == "all" ? all : min(all, text.flatMap { Int($0) } ?? count)
    guard wanted < all, wanted > 0 else {
      chosen = Array(0..<max(0, wanted))
      return
    }
    let stride = Double(all) / Double(wanted)
    let start = Double(seed % 1_000) / 1_000 * stride
    chosen = (0..<wanted).map { min(all - 1, Int(start + Double($0) * stride)) }
  }

  /// `CIVSYNC_PROOF_SEED` repeats a run.
  static let seed: UInt64 =
    ProcessInfo.processInfo.environment["CIVSYNC_PROOF_SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 0..<1_000_000)

  func told(_ what: String) -> String {
    "\(what): \(chosen.count) of \(all) points, seed \(seed)"
  }
}
