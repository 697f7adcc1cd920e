package import Core

package enum HTTPMethod: String, Sendable {
  case get = "GET"
  case post = "POST"
}

/// A call whose answer is wanted in memory.
package struct HTTPRequest: Sendable {
  package var method: HTTPMethod
  package var url: SafeURL
  package var headers: HTTPHeaders
  /// Sent as `Authorization: Bearer` to the origin of `url` and to `redirectOrigins`, to no other.
  package var bearer: Secret?
  package var body: [UInt8]?
  /// The longest answer taken, counted after decompression.
  package var maxBody: ByteCount
  /// Origins besides the URL's own that a redirect may lead to.
  package var redirectOrigins: Set<Origin>

  package init(
    method: HTTPMethod = .get, url: SafeURL, headers: HTTPHeaders = [:], bearer: Secret? = nil,
    body: [UInt8]? = nil, maxBody: ByteCount = ByteCount(64 << 20),
    redirectOrigins: Set<Origin> = []
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.bearer = bearer
    self.body = body
    self.maxBody = maxBody
    self.redirectOrigins = redirectOrigins
  }
}

/// A server's final answer, whatever its status.
package struct HTTPResponse: Sendable, Equatable {
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]
  /// Where it came from, after redirects.
  package var url: SafeURL

  package init(status: Int, headers: HTTPHeaders, body: [UInt8], url: SafeURL) {
    self.status = status
    self.headers = headers
    self.body = body
    self.url = url
  }

  /// Whether another try may well be answered differently: an overloaded or broken server. A 429
  /// counts, although Civitai also uses it for a quota that takes a day.
  package var isPassing: Bool {
    switch status {
    case 408, 425, 429, 500, 502, 503, 504, 520...524: true
    default: false
    }
  }
}

/// Where a request was sent on to.
package struct ResolvedAddress: Sendable, Equatable {
  package var url: SafeURL
  /// The address that was asked turned out to be of a private network: redirects may lead to others.
  var beganLocally: Bool
}

/// A file to be fetched into an `ObjectSink`.
package struct DownloadRequest: Sendable {
  package var url: SafeURL
  /// Where an earlier request for `url` was sent on to: asked in its place, under the same rules.
  package var kept: ResolvedAddress?
  package var bearer: Secret?
  /// Where the bearer may travel, by scheme, host and port; the URL's own origin is not implied.
  package var bearerOrigins: Set<Origin>
  /// More bytes than that are another file, or no end; `nil` where nobody can tell.
  package var longest: Int64?
  /// It may be had elsewhere: a host that is left alone for a while is not waited for.
  package var hasOther = false
  /// It is said to be small: it may come beside others over one connection.
  package var isSmall = false
  /// The address is one that leads on to where the file is.
  package var leadsOn = false
  /// A model is expected: HTML, JSON and XML are refused before a byte reaches the sink.
  package var rejectsDocuments: Bool

  package init(
    url: SafeURL, bearer: Secret? = nil, bearerOrigins: Set<Origin> = [],
    rejectsDocuments: Bool = true
  ) {
    self.url = url
    self.bearer = bearer
    self.bearerOrigins = bearerOrigins
    self.rejectsDocuments = rejectsDocuments
  }
}

extension DownloadRequest {
  var resolved: SafeURL? { kept?.url }
  var beganLocally: Bool { kept?.beganLocally ?? false }

  /// Whether what `address` answers is short.
  /// - Parameter hasBegun: the file is coming already: this is a part of it, however small it was said
  ///   to be.
  func isShort(at address: SafeURL, hasBegun: Bool) -> Bool {
    leadsOn && address == url || isSmall && !hasBegun
  }
}

/// What a finished download was.
package struct DownloadInfo: Sendable, Equatable {
  /// Body bytes that came over the network in this call.
  package var received: Int64
  /// Where they began: 0, or what an earlier attempt had left in the sink.
  package var resumedAt: Int64
  /// The whole object's length, as it now stands in the sink.
  package var total: Int64
  package var validator: String?
  /// Where the bytes came from, after redirects: often a signed URL.
  package var url: SafeURL
}

package enum DownloadOutcome: Sendable, Equatable {
  /// Every byte is in the sink. Whether they are the right ones is the digest's word.
  case complete(DownloadInfo)
  /// A final answer other than the file, with at most 64 KiB of its body. `isResolution`: it came
  /// from the origin that was asked; otherwise from storage (an expired signature, say).
  case refused(HTTPResponse, isResolution: Bool)
}
