package import Core
internal import Diagnostics
internal import YAMLSource

/// How patient the network client is, and how much it may take; `nil` where the manifest leaves it to civsync.
package struct TransferSpec: Sendable, Equatable {
  /// In seconds, for a connection to come about.
  package var connectTimeout: Int?
  /// In seconds, for which a transfer may stand still.
  package var stallTimeout: Int?
  /// In seconds, for one whole call of the API. Downloads have no such limit.
  package var callTimeout: Int?
  /// The waits before further tries, in seconds; empty: one try is all.
  package var retries: [Int]?
  /// Calls of the API at one time.
  package var calls: Int?
  /// Files that are fetched at one time.
  package var downloads: Int?
  /// Connections for one of them, at most.
  package var connectionsPerFile: Int?
  package var order: FetchRule?
  /// Bytes in a second, for all downloads together.
  package var limitRate: ByteCount?
  /// The same by the time of day, instead of one for all times.
  package var rateSchedule: RateSchedule?
  /// Whether endpoints and addresses may be `http` on other machines: `insecure` of the manifest.
  package var isInsecure = false

  package init() {}
}

/// Which of several files is fetched first.
package enum FetchRule: String, CaseIterable, Sendable {
  /// So that work can begin; at one place of several the large ones, so that none is left alone.
  case smallFirst = "small-first"
  case largeFirst = "large-first"
  /// As the plan has them, which follows the manifest.
  case manifest
}

extension Decoder {
  static let transferKeys = [
    "connectTimeout", "stallTimeout", "callTimeout", "retries", "calls", "downloads",
    "connectionsPerFile", "order", "limitRate",
  ]

  func transfer(_ node: YAMLNode?) -> TransferSpec {
    var spec = TransferSpec()
    guard let node,
      let fields = fields(
        node, of: "`transfer`", known: Self.transferKeys,
        example: "`transfer: { retries: [5s, 15s, 30s, 60s] }`")
    else { return spec }
    func time(_ key: String) -> Int? {
      fields[key].flatMap { node in
        duration(node, "`\(key)`", 1...86_400, help: "a number and its unit: `10s`, `5m`, `1h`")
      }
    }
    spec.connectTimeout = time("connectTimeout")
    spec.stallTimeout = time("stallTimeout")
    spec.callTimeout = time("callTimeout")
    spec.retries = fields["retries"].map { retries($0) }
    spec.calls = fields["calls"].flatMap { node in
      number(
        node, "`calls`", 1...2, help: "1 or 2: the site asks for no more at one time"
      ).map { Int($0) }
    }
    func count(_ key: String, _ range: ClosedRange<Int64>, _ help: String) -> Int? {
      fields[key].flatMap { number($0, "`\(key)`", range, help: help) }.map { Int($0) }
    }
    spec.downloads = count("downloads", 1...16, "1 to 16 files at one time; 6 by default")
    spec.connectionsPerFile = count(
      "connectionsPerFile", 1...32, "1 to 32; civsync finds out how many make it faster")
    spec.order = fields["order"].flatMap { choice($0, "`order`", as: FetchRule.self) }
    if let node = fields["limitRate"] { limitRate(node, &spec) }
    return spec
  }

  private func retries(_ node: YAMLNode) -> [Int] {
    let waits = items(node, "`retries`", of: "times")
    if waits.count > 20 {
      report(
        .badNumber, "`retries` has \(waits.count) waits", at: headSpan(node),
        help: "20 at most; one for each try after the first")
    }
    return waits.compactMap { item in
      duration(
        item, "an item of `retries`", 1...3_600,
        help: "how long to wait before a further try: `5s`, up to `1h`")
    }
  }
}
