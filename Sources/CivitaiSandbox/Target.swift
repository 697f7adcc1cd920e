internal import HTTPTypes
internal import HummingbirdCore

/// What a request is addressed to.
struct Target: Sendable {
  enum Area: Sendable {
    case api, download, login, elsewhere
  }

  /// The path as it was sent, without the query.
  let text: String
  /// Its segments, decoded.
  let path: [String]
  let query: Query

  init(_ request: Request) {
    let parts = (request.head.path ?? "/").split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    text = parts.first.map(String.init) ?? "/"
    path = text.split(separator: "/").map { Query.decode($0) }
    query = Query(parts.count > 1 ? parts[1] : "")
  }

  var area: Area {
    if path.starts(with: ["api", "v1"]) { return .api }
    if path.starts(with: ["api", "download", "models"]) { return .download }
    return path.first == "login" ? .login : .elsewhere
  }

  /// The token of the header, else of the query; valid or not.
  func token(_ headers: HTTPFields) -> String? {
    if let header = headers[.authorization] {
      let parts = header.split(separator: " ")
      return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : ""
    }
    return query["token"]
  }

  /// The name under which it is counted: ids and hashes are left out.
  func route(_ method: HTTPRequest.Method) -> String {
    guard area != .elsewhere else { return "\(method.rawValue) elsewhere" }
    var parts = path
    for index in parts.indices.dropFirst(3) where parts[index].first?.isHexDigit ?? false {
      if parts[index] == "by-hash" { continue }
      parts[index] = parts[index - 1] == "by-hash" ? ":hash" : ":id"
    }
    return "\(method.rawValue) /" + parts.joined(separator: "/")
  }
}
