import Core
import Engine
import Transfer

/// What happens while a run is on, a JSON line for each event: see `Docs/Formats.md`.
enum EventView {
  /// - Returns: `nil` for an event that is told by others: every piece that comes, and every try.
  static func node(_ event: EngineEvent) -> JSONNode? {
    switch event {
    case .askingCatalogue: node("asking-catalogue", [])
    case .catalogueWaits(let endpoint, let delay, let reason):
      node(
        "catalogue-waits",
        [
          ("endpoint", .string(endpoint)), ("seconds", .number(delay.seconds)),
          ("reason", .string(reason)),
        ])
    case .catalogueRests(let endpoint, let pause, let reason):
      node(
        "catalogue-rests",
        [
          ("endpoint", .string(endpoint)), ("seconds", .number(pause.seconds)),
          ("reason", .string(reason)),
        ])
    case .catalogueReturned(let endpoint):
      node("catalogue-returned", [("endpoint", .string(endpoint))])
    case .fetching(let files, let bytes):
      node("fetching", [("files", .int(files)), ("bytes", .int(bytes.bytes))])
    case .fetchBegan(let digest, let name, let bytes):
      node(
        "fetch-began",
        [("sha256", .string(digest.hex)), ("name", .string(name)), ("bytes", .int(bytes.bytes))])
    case .catalogueCalled, .fetchTries, .fetchAsked, .fetchTried, .fetchAdvanced, .fetchSized,
      .fetchHeld,
      .stillFetching:
      nil
    case .fetchRetries(let digest, let name, let notice):
      node(
        "fetch-retries",
        [
          ("sha256", .string(digest.hex)), ("name", .string(name)),
          ("attempt", .int(notice.attempt)), ("seconds", .number(notice.delay.seconds)),
          ("reason", .string(notice.reason)),
        ])
    case .fetchEnded(let digest): node("fetch-ended", [("sha256", .string(digest.hex))])
    case .stoppedTrying(let files, let left):
      node("stopped-trying", [("failed", .int(files)), ("left", .int(left))])
    case .transfer(let notice): node(notice)
    case .reading(let files, let bytes, _):
      node("reading", [("files", .int(files)), ("bytes", .int(bytes.bytes))])
    case .readOn(let files, let all, let bytes, let allBytes):
      node(
        "read",
        [
          ("files", .int(files)), ("ofFiles", .int(all)), ("bytes", .int(bytes.bytes)),
          ("ofBytes", .int(allBytes.bytes)),
        ])
    case .switching(let steps): node("switching", [("steps", .int(steps))])
    case .benchPass(let number, let all, let policy):
      node(
        "bench-pass",
        [("number", .int(number)), ("of", .int(all)), ("policy", .string(policy))])
    case .recovered(let text): node("recovered", [("text", .string(text))])
    case .notice(let text): node("note", [("text", .string(text))])
    }
  }

  private static func node(_ notice: TransferNotice) -> JSONNode {
    func host(_ event: String, _ host: String, _ more: [(String, JSONNode)] = []) -> JSONNode {
      node(event, [("host", .string(host))] + more)
    }
    return switch notice {
    case .careful(let reason): node("safe-mode", [("reason", .string(reason))])
    case .usual: node("safe-mode-over", [])
    case .hostRests(let name, let pause, let reason):
      host("host-rests", name, [("seconds", .number(pause.seconds)), ("reason", .string(reason))])
    case .hostReturned(let name): host("host-returned", name)
    case .hostGivenUp(let name, let reason):
      host("host-given-up", name, [("reason", .string(reason))])
    }
  }

  static func node(_ progress: ProgressState) -> JSONNode {
    node(
      "progress",
      [
        ("filesDone", .int(progress.filesDone)), ("files", .int(progress.files)),
        ("bytes", .int(progress.done.bytes)), ("ofBytes", .int(progress.total.bytes)),
        ("bytesPerSecond", .optional(progress.rate) { .number($0) }),
        ("active", .int(progress.active.count { !$0.isHeldUp })),
        ("waiting", .int(progress.active.count { $0.isHeldUp })),
      ])
  }

  static func node(_ event: String, _ fields: [(String, JSONNode)]) -> JSONNode {
    .object([("version", .int(1)), ("event", .string(event))] + fields)
  }
}
