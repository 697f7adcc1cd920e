package import CatalogueModel
import Core
package import ManifestModel

extension FileChoice {
  /// Why a policy takes a file, in a few lines for a person; of a file that it does not take, what
  /// it does not pass comes among them.
  package static func explain(_ file: File, _ policy: FilePolicy) -> [String] {
    explain(
      Reasons(
        type: file.type, format: file.format, precision: file.precision, size: file.size,
        quantType: file.quantType, bytes: file.approximateBytes), policy)
  }

  /// From recorded facts.
  package static func explain(_ file: RecordedFile, _ policy: FilePolicy) -> [String] {
    explain(
      Reasons(
        type: file.type, format: file.format, precision: file.precision, size: file.size,
        quantType: file.quantType, bytes: file.bytes > .zero ? file.bytes : nil), policy)
  }

  private struct Reasons {
    var type: String
    var format: String?
    var precision: String?
    var size: String?
    var quantType: String?
    var bytes: ByteCount?
  }

  private static func explain(_ file: Reasons, _ policy: FilePolicy) -> [String] {
    if policy.isDefault { return ["nothing is said of files: the version's primary file"] }
    var lines: [String] = []
    if policy.primary { lines.append("only the version's primary file is asked for") }
    filter("type", file.type, policy.types, &lines)
    filter("format", file.format, policy.formats, &lines)
    filter("precision", file.precision, policy.only.precision, &lines)
    filter("size", file.size, policy.only.size.map { [$0.rawValue] }, &lines)
    filter("quantType", file.quantType, policy.only.quantType, &lines)
    if let limit = policy.maxSize {
      lines.append(
        file.bytes.map { "its \($0) are \($0 <= limit ? "within" : "over") `maxSize` \(limit)" }
          ?? "its length is not told, so that it does not pass `maxSize`")
    }
    prefer("precision", file.precision, policy.precision, &lines)
    prefer("size", file.size, policy.size.map { [$0.rawValue] } ?? [], &lines)
    prefer("quantType", file.quantType, policy.quantType, &lines)
    if policy.primary { return lines }
    if policy.all {
      lines.append("every file that passes is taken")
    } else if policy.types == nil {
      lines.append("one file is taken, of type `Model` where there is one")
    } else {
      lines.append("one file of each type is taken")
    }
    return lines
  }

  private static func filter(
    _ what: String, _ value: String?, _ allowed: [String]?, _ lines: inout [String]
  ) {
    guard let allowed else { return }
    guard let value else {
      lines.append("no \(what) is told, and \(list(allowed)) is asked for")
      return
    }
    let passes = allowed.contains { sameWord($0, value) }
    lines.append("\(what) `\(value)` is \(passes ? "asked for" : "none of \(list(allowed))")")
  }

  private static func prefer(
    _ what: String, _ value: String?, _ order: [String], _ lines: inout [String]
  ) {
    guard !order.isEmpty else { return }
    guard let value else {
      lines.append("no \(what) is told; \(list(order)) would come first")
      return
    }
    guard let index = order.firstIndex(where: { sameWord($0, value) }) else {
      lines.append("\(what) `\(value)` is none of \(list(order)), which would come first")
      return
    }
    lines.append(
      order.count == 1
        ? "\(what) `\(value)` is preferred"
        : "\(what) `\(value)` is the \(ordinal(index + 1)) of \(list(order))")
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

  private static func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (1, let tens) where tens != 11: "\(number)st"
    case (2, let tens) where tens != 12: "\(number)nd"
    case (3, let tens) where tens != 13: "\(number)rd"
    default: "\(number)th"
    }
  }
}
