import CatalogueModel
import Civitai
import Core
import Transfer

/// Reads what a server other than the catalogue's answered instead of an object's bytes: plain HTTP
/// and no site's own rules.
///
/// - Parameter isFirst: whether the URL's own host answered; otherwise it was another one behind a
///   redirect, whose signature may have run out.
func classifyObjectRefusal(_ response: HTTPResponse, isFirst: Bool) -> DownloadVerdict {
  let after = response.headers.retryAfter
  switch response.status {
  case 408, 425, 429, 500...599: return .passing(retryAfter: after, attempts: nil)
  case 400 where !isFirst, 401 where !isFirst, 403 where !isFirst: return .expiredSignature
  case 401: return .blocked(.loginRequired)
  case 403: return .blocked(.noGrant)
  case 404, 410: return .blocked(.gone)
  case 451: return .blocked(.region)
  default: return .failed(reason: "the server answered HTTP \(response.status)")
  }
}
