import CatalogueModel
import Civitai
import Core
import ManifestModel
import Transfer

/// Where one object may be had, the first choice first.
struct FetchSource: Sendable {
  /// What it is said to be there: the same content may be a model's file and an object of the manifest.
  var entry: Entry
  var request: DownloadRequest
  /// Whether its host is one that the token may go to.
  var takesToken: Bool
}

extension Manifest {
  /// The addresses that it names for an object, in its order.
  var objectURLs: [Digest: [SafeURL]] {
    let named = collections.flatMap(\.objects).compactMap { spec in
      spec.url.map { (spec.digest, $0) }
    }
    return Dictionary(grouping: named, by: \.0).mapValues { $0.map(\.1) }
  }
}

extension Fetcher {
  /// Files up to here are a matter of waiting for answers and not of a connection's width: they may share
  /// one.
  private static let small: Int64 = 1 << 20

  /// The entry's own addresses, then those of others with the same content.
  func sources(of entry: Entry) -> [FetchSource] {
    let others = (mirrors[entry.digest] ?? []).filter { $0.identity != entry.identity }
    return ([entry] + others).flatMap { entry -> [FetchSource] in
      if entry.isObject {
        return urls(of: entry).map { source($0, for: entry, below: $0) }
      }
      return endpoints.map { endpoint in
        let url = downloadURL(endpoint: endpoint, version: entry.version.id, file: entry.file)
        return source(url, for: entry, below: endpoint)
      }
    }
  }

  /// The recorded one first, then what the manifest names besides.
  private func urls(of object: Entry) -> [SafeURL] {
    let recorded = object.file.url.flatMap { SafeURL($0) }.map { [$0] } ?? []
    let all = recorded + (objectURLs[object.digest] ?? [])
    return all.indices.filter { !all[..<$0].contains(all[$0]) }.map { all[$0] }
  }

  /// - Parameter site: whom the token is for, if it may go there at all; a redirect to another
  ///   origin goes without it.
  private func source(_ url: SafeURL, for entry: Entry, below site: SafeURL) -> FetchSource {
    // On this machine anybody may listen: there only those are the site that are declared as it.
    let isSite = !site.isLoopback || endpoints.contains { $0.origin == site.origin }
    let takesToken = isSite && tokens.allows(site)
    let mayCarryToken = token != nil && takesToken
    var request = DownloadRequest(
      url: url, bearer: mayCarryToken ? token : nil,
      bearerOrigins: mayCarryToken ? [site.origin] : [],
      rejectsDocuments: !expectsDocument(type: entry.file.type, name: entry.file.name))
    // What is said of a length may be wrong, but not by that much.
    let said = entry.file.bytes.bytes
    if said > 0 { request.longest = said * 2 + 64 << 20 }
    request.isSmall = said > 0 && said <= Self.small
    request.leadsOn = !entry.isObject
    return FetchSource(entry: entry, request: request, takesToken: takesToken)
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
