import CatalogueModel
import Core
import SystemIO

/// What could not be fetched: a line of `failures.jsonl`.
package struct FailureRecord: Codable, Sendable, Equatable {
  static let currentVersion = 1

  package var version = FailureRecord.currentVersion
  /// Seconds since 1970, when the run's fetching was over.
  package var time: Int64
  /// An object of the manifest has a negative one.
  package var model: Int64
  package var modelVersion: Int64
  package var file: Int64
  package var sha256: String
  package var name: String
  /// `unreachable`, `verification`, `no-space` or `other`.
  package var kind: String
  package var message: String
}

/// `failures.jsonl`, one line for each file of a run that failed, for people and programs that look
/// after civsync: no run reads it.
struct FailureRecords {
  private let log: LineLog

  init(path: AbsolutePath, fileSystem: FileSystem) {
    log = LineLog(path: path, fileSystem: fileSystem)
  }

  /// - Parameter token: must not be in a message.
  func append(
    _ failures: [FetchFailure], now: Int64, token: Secret?
  ) throws(SystemError) {
    // What the user stopped did not fail.
    try log.append(
      failures.filter { $0.kind != .interrupted }.map { failure in
        let entry = failure.entry
        return FailureRecord(
          time: now, model: entry.key.model.rawValue, modelVersion: entry.key.version.rawValue,
          file: entry.key.file.rawValue, sha256: entry.digest.hex, name: entry.file.name,
          kind: failure.kind.rawValue,
          message: withoutSecrets(failure.message, token: token))
      })
  }

  /// Oldest first. A line that cannot be read, or is of a later version, is passed over.
  func all() -> [FailureRecord] {
    log.values(FailureRecord.self).filter { $0.version == FailureRecord.currentVersion }
  }
}

/// A text that may quote a server, without the token, and without the queries of addresses, where
/// signatures travel.
func withoutSecrets(_ text: String, token: Secret?) -> String {
  var text = text
  if let token, !token.isEmpty { text = text.replacing(token.reveal(), with: "…") }
  var out = ""
  for word in text.split(omittingEmptySubsequences: false, whereSeparator: \.endsAddress) {
    out += withoutQuery(word)
    if word.endIndex < text.endIndex { out.append(text[word.endIndex]) }
  }
  return out
}

extension Character {
  fileprivate var endsAddress: Bool { isWhitespace || "<>\"`'".contains(self) }
}

private func withoutQuery(_ word: Substring) -> String {
  let parts = word.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
  let isQuery = parts.count > 1 && parts[1].contains("=")
  // A server may tell what it would have signed, without its address.
  let isLoose = parts.count == 1 && word.contains("&") && word.contains("=")
  return isQuery ? parts[0] + "?…" : isLoose ? "…" : String(word)
}
