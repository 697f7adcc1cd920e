package import CatalogueModel
package import Core
package import Transfer

/// Where the endpoint serves a file's bytes. The URL carries no token.
///
/// - Parameters:
///   - version: the version that lists the file.
///   - ownVersion: the version it belongs to, when that is another one (a linked file).
///   - downloadQuery: how to ask for a file whose id is derived; without one it is the version's
///     primary file that answers.
package func downloadURL(
  endpoint: SafeURL, version: VersionID, file: FileID, ownVersion: VersionID?,
  downloadQuery: String?
) -> SafeURL {
  let path = "/api/download/models/\(ownVersion ?? version)"
  guard file.isDerived else {
    return endpoint.appending(path: path, query: [("fileId", file.description)])
  }
  var url = endpoint.appending(path: path)
  url.query = downloadQuery
  return url
}

package func downloadURL(endpoint: SafeURL, version: VersionID, file: File) -> SafeURL {
  downloadURL(
    endpoint: endpoint, version: version, file: file.id, ownVersion: file.ownVersion,
    downloadQuery: file.downloadQuery)
}

package func downloadURL(endpoint: SafeURL, version: VersionID, file: RecordedFile) -> SafeURL {
  downloadURL(
    endpoint: endpoint, version: version, file: file.id, ownVersion: file.ownVersion,
    downloadQuery: file.downloadQuery)
}

/// Whether the file may rightly be a document (JSON, YAML, text). For all others HTML or JSON in
/// place of the bytes is a login page or an error, and refused.
///
/// - Parameters:
///   - type: the file's type, such as `Model` or `Config`.
///   - name: its name at the site.
package func expectsDocument(type: String, name: String) -> Bool {
  if ["Config", "Workflow"].contains(type) { return true }
  let suffix = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
  return ["json", "yaml", "yml", "txt", "md", "csv"].contains(suffix)
}

package func expectsDocument(_ file: File) -> Bool {
  expectsDocument(type: file.type, name: file.name)
}

/// What to do after a download was refused.
package enum DownloadVerdict: Sendable, Hashable {
  /// Nothing that civsync does now changes it: the entry is blocked.
  case blocked(BlockedReason)
  /// It may well work later. `retryAfter`: what the server asked for; `attempts`: how often to try
  /// in all, when that is less than the general policy says.
  case passing(retryAfter: Duration?, attempts: Int?)
  /// The signed URL is no longer good: resolve again and go on from where it was.
  case expiredSignature
  /// Final, and nothing that a blocked entry could name: it has failed.
  case failed(reason: String)
}

/// Reads a refused download by the site's rules.
///
/// - Parameter isResolution: whether the catalogue's own host answered; otherwise it was the
///   storage behind the redirect.
package func classifyRefusal(_ response: HTTPResponse, isResolution: Bool) -> DownloadVerdict {
  let refusal = ServerMessage(response)
  if let passing = passingRefusal(response, refusal, isResolution: isResolution) { return passing }
  guard isResolution else { return storageRefusal(response.status) }
  switch response.status {
  case 401:
    return .blocked(refusal.saysDownloadsDisabled ? .downloadsDisabled : .loginRequired)
  case 403: return .blocked(refusal.gate.map { .gated(until: $0.endsAt) } ?? .noGrant)
  case 404: return .blocked(.gone)
  case 410: return .blocked(.archived)
  // A rolling count over 24 hours: no `Retry-After`, and no point in trying before tomorrow.
  case 429: return .blocked(.quota)
  case 451: return .blocked(.region)
  default:
    return .failed(reason: "HTTP \(response.status)" + (refusal.text.map { ": \($0)" } ?? ""))
  }
}

private func passingRefusal(
  _ response: HTTPResponse, _ refusal: ServerMessage, isResolution: Bool
) -> DownloadVerdict? {
  let after = response.headers.retryAfter
  switch response.status {
  case 408, 425, 500...599: return .passing(retryAfter: after, attempts: nil)
  case 429 where !isResolution || after != nil: return .passing(retryAfter: after, attempts: nil)
  // A challenge page in front of the site says nothing about the file.
  case _ where isResolution && refusal.isHTML && response.status != 451:
    return .passing(retryAfter: after, attempts: 2)
  // The site's resolver failed for a moment; a file that is gone has no such header.
  case 404 where isResolution && isUncacheable(response):
    return .passing(retryAfter: after, attempts: 3)
  default: return nil
  }
}

private func storageRefusal(_ status: Int) -> DownloadVerdict {
  switch status {
  case 400, 401, 403: .expiredSignature
  // A new resolution may lead to another copy.
  case 404, 410, 416: .passing(retryAfter: nil, attempts: 2)
  case 451: .blocked(.region)
  default: .failed(reason: "the storage answered HTTP \(status)")
  }
}

private func isUncacheable(_ response: HTTPResponse) -> Bool {
  let control = (response.headers["cache-control"] ?? "").lowercased()
  return control.contains("private") && control.contains("no-store")
}
