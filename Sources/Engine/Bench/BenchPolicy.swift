package import Core
package import ManifestModel

/// A way to fetch that is held against another: `parallel`, `sequential`, or keys of `transfer:` such as
/// `downloads=2+connectionsPerFile=8`, each on top of what civsync does by itself.
package struct BenchPolicy: Sendable, Equatable {
  /// As it was written.
  package let name: String
  package private(set) var downloads: Int?
  package private(set) var connectionsPerFile: Int?
  package private(set) var limitRate: ByteCount?
  package private(set) var order: FetchRule?

  private static let help =
    "`parallel`, `sequential`, or keys joined by `+`: `downloads=1` to 16, `connectionsPerFile=1` to "
    + "32, `limitRate=20MB`, `order=` with `small-first`, `large-first` or `manifest`"

  /// - Throws: `C191`.
  package init(_ text: String) throws(EngineError) {
    name = text
    switch text {
    case "parallel": return
    case "sequential": (downloads, connectionsPerFile) = (1, 1)
    default:
      for setting in text.split(separator: "+", omittingEmptySubsequences: false) {
        guard take(setting) else {
          throw EngineError(
            "C191", "`--policies` names no way to fetch: `\(text)`", help: Self.help, exit: .usage)
        }
      }
    }
  }

  /// - Returns: `false` for a setting that is none, or that came before.
  private mutating func take(_ setting: Substring) -> Bool {
    let parts = setting.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    func number(_ range: ClosedRange<Int>) -> Int? {
      Int(parts[1]).flatMap { range.contains($0) ? $0 : nil }
    }
    switch parts[0] {
    case "downloads" where downloads == nil:
      downloads = number(1...16)
      return downloads != nil
    case "connectionsPerFile" where connectionsPerFile == nil:
      connectionsPerFile = number(1...32)
      return connectionsPerFile != nil
    case "limitRate" where limitRate == nil:
      limitRate = ByteCount(parsing: String(parts[1])).flatMap { $0 > .zero ? $0 : nil }
      return limitRate != nil
    case "order" where order == nil:
      order = FetchRule(rawValue: String(parts[1]))
      return order != nil
    default: return false
    }
  }

  /// Two of them, as `--policies` has them.
  /// - Throws: `C191`.
  package static func pair(_ text: String) throws(EngineError) -> [BenchPolicy] {
    var policies: [BenchPolicy] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      policies.append(try BenchPolicy(String(name.filter { $0 != " " })))
    }
    guard policies.count == 2, !policies[0].isSame(as: policies[1]) else {
      throw EngineError(
        "C191",
        "`--policies` takes two different ways to fetch, with a comma between them: `\(text)`",
        help: help, exit: .usage)
    }
    return policies
  }

  private func isSame(as other: BenchPolicy) -> Bool {
    (downloads, connectionsPerFile, limitRate?.bytes, order)
      == (other.downloads, other.connectionsPerFile, other.limitRate?.bytes, other.order)
  }

  /// The manifest's patience and limit, and how much at one time by this policy alone.
  func applied(to spec: TransferSpec) -> TransferSpec {
    var spec = spec
    spec.downloads = downloads
    spec.connectionsPerFile = connectionsPerFile
    if let order { spec.order = order }
    if limitRate != nil { (spec.limitRate, spec.rateSchedule) = (limitRate, nil) }
    return spec
  }
}
