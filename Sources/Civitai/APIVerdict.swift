package import Transfer

/// What an answer of the API is, before anybody looks into its JSON.
package enum APIVerdict: Sendable, Hashable {
  case json
  /// 404, said by the API itself and not by a web page in between.
  case notFound
  /// Worth another try, not before `retryAfter` if the server said so.
  case passing(retryAfter: Duration?, reason: String)
  /// A web page stands where data should: a challenge, a login page, a proxy's error.
  case webPage(reason: String)
  /// Another try would be answered alike.
  case unavailable(reason: String)
  /// 451: the site does not serve this region.
  case region(reason: String)
  /// 401: a login is needed, or the token is not one.
  case unauthorized(reason: String)
}

/// Reads the status of an API answer by the site's rules.
///
/// A 429 without `Retry-After` is passing too: the one that is not answers `page * limit > 1000`,
/// which civsync never asks for.
package func classifyAnswer(_ response: HTTPResponse) -> APIVerdict {
  let message = ServerMessage(response)
  let status = "HTTP \(response.status)"
  let said = status + (message.text.map { " (\($0))" } ?? "")
  if response.isPassing {
    return .passing(retryAfter: response.headers.retryAfter, reason: "answered \(said)")
  }
  if message.isHTML {
    return .webPage(
      reason: "answered with a web page instead of data (\(status)), perhaps a challenge or login "
        + "page; open the site in a browser, or try again later")
  }
  switch response.status {
  case 200...299: return .json
  case 404: return .notFound
  case 300...399: return .unavailable(reason: "answered with a redirect (\(status))")
  case 401: return .unauthorized(reason: "refused the question: \(said)")
  case 403: return .unavailable(reason: "refused the question: \(said)")
  case 451: return .region(reason: "does not serve this region (\(status))")
  default: return .unavailable(reason: "answered \(said)")
  }
}
