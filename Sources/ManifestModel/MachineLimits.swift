package import Core
internal import Diagnostics
internal import YAMLSource

/// How much of the machine a run leaves to others.
package struct LimitsSpec: Sendable, Equatable {
  /// What this process may hold in memory before it fetches more slowly.
  package var memory: ByteCount?
  /// What stays free on the store's file system.
  package var disk: DiskReserve?

  package init() {}
}

package enum DiskReserve: Sendable, Equatable {
  case bytes(ByteCount)
  /// Of the whole file system, from 1 to 99.
  case percent(Int)

  package func bytes(of total: ByteCount) -> ByteCount {
    switch self {
    case .bytes(let bytes): bytes
    case .percent(let percent): ByteCount(total.bytes / 100 * Int64(percent))
    }
  }
}

extension Decoder {
  static let limitsKeys = ["memory", "disk"]

  func limits(_ node: YAMLNode?) -> LimitsSpec {
    var spec = LimitsSpec()
    guard let node,
      let fields = fields(
        node, of: "`limits`", known: Self.limitsKeys, example: "`limits: { disk: 10GB }`")
    else { return spec }
    spec.memory = fields["memory"].flatMap { size($0, "`memory`") }
    spec.disk = fields["disk"].flatMap { diskReserve($0) }
    return spec
  }

  private func diskReserve(_ node: YAMLNode) -> DiskReserve? {
    guard let text = node.scalar?.text, text.hasSuffix("%") else {
      return size(node, "`disk`").map { .bytes($0) }
    }
    if let percent = Int(text.dropLast()), (1...99).contains(percent) { return .percent(percent) }
    report(
      .badSize, "`disk` cannot be \(quoted(text))", at: node.span,
      help: "a size such as `10GB`, or a part of the disk from `1%` to `99%`")
    return nil
  }
}
