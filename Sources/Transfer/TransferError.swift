package import Core

/// What a transfer was doing when its time ran out.
package enum TransferPhase: String, Sendable, Equatable {
  /// Name, connection and TLS handshake.
  case connect
  /// Connected, but (almost) nothing came for the stall timeout.
  case stall
  /// An API call took longer than it may in all.
  case total
  /// A piece of a download took longer than one may.
  case piece
}

/// Why a URL was not followed.
package enum RedirectRefusal: String, Sendable, Equatable {
  case plainHTTP
  case downgrade
  case privateAddress
  case otherOrigin
  case unreadable
}

/// The error that a sink threw, kept whole for those who know its type; compared by its text.
package struct SinkFailure: Sendable, Equatable, CustomStringConvertible {
  package let error: any Error

  package init(_ error: any Error) { self.error = error }

  package var description: String { "\(error)" }

  package static func == (left: SinkFailure, right: SinkFailure) -> Bool {
    left.description == right.description
  }
}

/// Why a transfer did not come to an answer. Texts in it never hold a query, a token or a password.
package enum TransferError: Error, Sendable, Equatable {
  /// The task was cancelled.
  case cancelled
  /// The client was shut down.
  case closed
  case couldNotResolveHost(String)
  case couldNotConnect(host: String, message: String)
  case timedOut(TransferPhase)
  /// The connection ended early; `received` body bytes of this run came before.
  case connectionLost(received: Int64)
  /// The server began to give another file than the one whose parts came before.
  case changedMeanwhile
  case tls(String)
  case proxy(String)
  case tooManyRedirects(limit: Int)
  case redirectRefused(url: String, RedirectRefusal)
  case bodyTooLarge(limit: ByteCount)
  /// A document came where a model was expected; `excerpt` is its printable beginning.
  case notAModel(contentType: String?, excerpt: String)
  /// In bytes. `actual` is what the server announced or, where it sent more than that, the count
  /// at which it was stopped.
  case lengthMismatch(expected: Int64, actual: Int64)
  case badContentRange(String)
  case sinkFailed(SinkFailure)
  case protocolError(String)
  /// The host failed too often in a row, and in each look since.
  case hostFails(host: String, reason: String)

  /// Whether the same attempt may well succeed a little later.
  package var isPassing: Bool {
    switch self {
    case .couldNotResolveHost, .couldNotConnect, .timedOut, .connectionLost, .changedMeanwhile,
      .proxy:
      true
    case .cancelled, .closed, .tls, .tooManyRedirects, .redirectRefused, .bodyTooLarge,
      .notAModel, .lengthMismatch, .badContentRange, .sinkFailed, .protocolError, .hostFails:
      false
    }
  }
}

extension TransferError: CustomStringConvertible {
  /// What happened, then what to do about it where that is known.
  package var description: String {
    switch self {
    case .cancelled: "cancelled"
    case .closed: "the network client was shut down"
    case .couldNotResolveHost(let host):
      "no address found for `\(host)`; check the name and the network"
    case .couldNotConnect(let host, let message): "could not connect to `\(host)`: \(message)"
    case .timedOut(.connect): "the server did not take the connection in time"
    case .timedOut(.stall): "the transfer stalled: next to nothing came for too long"
    case .timedOut(.total): "the call took longer than an API call may"
    case .timedOut(.piece): "a piece of the file took longer than it may"
    case .connectionLost(let received): "the connection was lost after \(received) bytes"
    case .changedMeanwhile: "the file was changed on the server while it was fetched"
    case .tls(let message):
      "no secure connection: \(message); behind an inspecting proxy, name its certificates in "
        + "`SSL_CERT_FILE`"
    case .proxy(let message): "the proxy failed: \(message); check `https_proxy` and `no_proxy`"
    case .tooManyRedirects(let limit): "more than \(limit) redirects"
    case .redirectRefused(let url, let refusal): "refused to go to `\(url)`: \(refusal)"
    case .bodyTooLarge(let limit): "the answer is longer than \(limit)"
    case .notAModel(let type, let excerpt):
      "a web page or message came instead of a model (\(type.map { "`\($0)`" } ?? "no type"))"
        + (excerpt.isEmpty ? "" : ": \(excerpt)")
    case .lengthMismatch(let expected, let actual):
      "\(actual) bytes came where \(expected) were expected"
    case .badContentRange(let text): "the server answered a range with `\(text)`"
    case .sinkFailed(let failure): "could not write what came: \(failure)"
    case .protocolError(let message): "the exchange with the server failed: \(message)"
    case .hostFails(let host, let reason): "`\(host)` keeps failing and is left alone: \(reason)"
    }
  }
}

extension RedirectRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .plainHTTP: "plain `http` is not allowed here"
    case .downgrade: "it leads from `https` to `http`"
    case .privateAddress: "it leads from a public host into a private network"
    case .otherOrigin: "it leads to another host than the one that was asked"
    case .unreadable: "it is no `http` or `https` URL"
    }
  }
}
