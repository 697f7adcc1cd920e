import CatalogueModel
import Civitai
import Core
import Transfer

/// Where one object may be had, the first choice first.
struct FetchSource: Sendable {
  /// What it is said to be there: the same content may be a model's file and an object of the manifest.
  var entry: Entry
  var request: DownloadRequest
}

extension Fetcher {
  /// The entry's own addresses, then those of others with the same content.
  func sources(of entry: Entry) -> [FetchSource] {
    let others = (mirrors[entry.digest] ?? []).filter { $0.identity != entry.identity }
    return ([entry] + others).flatMap { entry -> [FetchSource] in
      if entry.isObject {
        guard let url = entry.file.url.flatMap({ SafeURL($0) }) else { return [] }
        return [FetchSource(entry: entry, request: request(url, for: entry, below: url))]
      }
      return endpoints.map { endpoint in
        let url = downloadURL(endpoint: endpoint, version: entry.version.id, file: entry.file)
        return FetchSource(entry: entry, request: request(url, for: entry, below: endpoint))
      }
    }
  }

  /// - Parameter site: whom the token is for, if it may go there at all; a redirect to another
  ///   origin goes without it.
  private func request(_ url: SafeURL, for entry: Entry, below site: SafeURL) -> DownloadRequest {
    // On this machine anybody may listen: there only those are the site that are declared as it.
    let isSite = !site.isLoopback || endpoints.contains { $0.origin == site.origin }
    let mayCarryToken = token != nil && isSite && tokens.allows(site)
    var request = DownloadRequest(
      url: url, bearer: mayCarryToken ? token : nil,
      bearerOrigins: mayCarryToken ? [site.origin] : [],
      rejectsDocuments: !expectsDocument(type: entry.file.type, name: entry.file.name))
    // What is said of a length may be wrong, but not by that much.
    let said = entry.file.bytes.bytes
    if said > 0 { request.longest = said * 2 + 64 << 20 }
    return request
  }
}

extension FetchOutcome {
  /// Whether the next address of the same site may have what this one has not.
  var mayBeElsewhere: Bool {
    switch self {
    case .blocked(.gone), .failed(.unreachable, _), .failed(.other, _): true
    case .fetched, .blocked, .failed: false
    }
  }
}
