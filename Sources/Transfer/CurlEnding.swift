internal import CCurl

/// How libcurl ended a transfer, and its translation into the words of this module.
struct CurlEnding {
  private let code: CURLcode
  /// libcurl's own text; names hosts at most.
  private let message: String
  /// The request was (about to be) sent: name, connection and TLS were in order.
  private let wasConnected: Bool
  /// The time that the call was given as a whole is over.
  private let usedUpItsTime: Bool

  init(code: UInt32, message: String, wasConnected: Bool, usedUpItsTime: Bool) {
    self.code = CURLcode(code)
    self.message = message
    self.wasConnected = wasConnected
    self.usedUpItsTime = usedUpItsTime
  }

  /// `nil` when the answer came in whole.
  func error(host: String, received: Int64) -> TransferError? {
    switch code {
    case CURLE_OK: return nil
    case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolveHost(host)
    case CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR:
      return .couldNotConnect(host: host, message: message)
    case CURLE_OPERATION_TIMEDOUT:
      if !wasConnected { return .timedOut(.connect) }
      return .timedOut(usedUpItsTime ? .total : .stall)
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy(message)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED:
      return .tls(message)
    case CURLE_RECV_ERROR where message.hasPrefix("CONNECT tunnel failed"):
      return .proxy(message)
    case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2,
      CURLE_HTTP2_STREAM:
      return .connectionLost(received: received)
    default: return .protocolError(message)
    }
  }
}
