import CatalogueModel
import Civitai
import Core
import Transfer

extension FetchSource {
  /// Reads what a server other than the catalogue's answered instead of an object's bytes: plain HTTP
  /// and no site's own rules.
  ///
  /// - Parameter isFirst: whether the URL's own host answered; otherwise it was another one behind a
  ///   redirect, whose signature may have run out.
  func objectRefusal(_ response: HTTPResponse, isFirst: Bool) -> DownloadVerdict {
    let host = request.url.host
    switch response.status {
    case 408, 425, 429, 500...599:
      return .passing(retryAfter: response.headers.retryAfter, attempts: nil)
    case 400 where !isFirst, 401 where !isFirst, 403 where !isFirst: return .expiredSignature
    // Where the token may go a login helps.
    case 401 where takesToken: return .blocked(.loginRequired)
    case 401, 403, 404, 410, 451:
      return .blocked(.addressRefused([AddressRefusal(host: host, status: response.status)]))
    default: return .failed(reason: "`\(host)` answered HTTP \(response.status)")
    }
  }
}

extension FetchOutcome {
  /// The word on an object of which several addresses were asked: what may pass, or came wrong, is worth
  /// more than what another server refuses.
  func followed(by next: FetchOutcome) -> FetchOutcome {
    guard case .blocked(.addressRefused(let now)) = next else { return next }
    return switch self {
    case .blocked(.addressRefused(let before)): .blocked(.addressRefused(before + now))
    case .failed: self
    case .fetched, .blocked: next
    }
  }
}
