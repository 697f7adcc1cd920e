package import Transfer

/// The one thing that the catalogue client needs of HTTP.
package protocol HTTPFetching: Sendable {
  /// - Throws: when no answer came; every status is an answer.
  func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse
}

extension HTTPClient: HTTPFetching {}
