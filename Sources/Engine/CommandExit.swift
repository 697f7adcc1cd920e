/// What a command's end tells a script. The table is part of the product's contract.
package enum CommandExit: Int32, Sendable, CaseIterable {
  case ok = 0
  case failed = 1
  case changesPending = 2
  case partial = 3
  case manifestInvalid = 4
  case locked = 5
  case stale = 6
  case verificationFailed = 7
  case noSpace = 8
  case refused = 9
  case drift = 10
  case unreachable = 11
  case authentication = 12
  case usage = 64
  case interrupted = 130

  /// Highest precedence first: when several apply, this decides.
  private static let precedence: [CommandExit] = [
    .interrupted, .locked, .usage, .manifestInvalid, .stale, .authentication, .noSpace, .refused,
    .verificationFailed, .unreachable, .partial, .failed, .drift, .changesPending, .ok,
  ]

  /// The code of several failures: `verificationFailed`, `unreachable` and `authentication` only
  /// when every one is of that kind.
  package static func combining(_ codes: [CommandExit]) -> CommandExit {
    guard let first = codes.first else { return .ok }
    if codes.allSatisfy({ $0 == first }) { return first }
    let kinds: Set<CommandExit> = [.verificationFailed, .unreachable, .authentication]
    let counted = codes.map { kinds.contains($0) ? .failed : $0 }
    return precedence.first(where: counted.contains) ?? .failed
  }
}
