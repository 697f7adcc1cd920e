internal import Core

/// One request on the wire and nothing else: no redirect, no retry.
struct WireCall: Sendable {
  var method: HTTPMethod = .get
  var url: SafeURL
  var headers: HTTPHeaders
  var bearer: Secret?
  var body: [UInt8]?
  /// From connecting to the last byte; `nil` for the bodies of downloads.
  var timeout: Duration?
  /// API calls take compressed answers. Downloads do not: ranges and lengths count stored bytes.
  var isAPI: Bool
  /// A short answer, which may come beside others over one connection (HTTP/2) where the server can do
  /// that. The parts of a large file cannot: a server that gives a connection so much and no more would
  /// give that to all of them together.
  var isShort = false
  /// Refuse to talk to a private address, whatever name led to it.
  var refusesLocalPeers: Bool

  var host: String { "\(url.origin)" }
  /// HTTP/2 is agreed on in the TLS handshake.
  var mayShare: Bool { isShort && url.scheme == "https" }
}

/// Status and headers of an answer.
struct ResponseHead: Sendable {
  var status: Int
  var headers: HTTPHeaders

  /// Storage says that the address is not, or no longer, good.
  var isRejection: Bool { [400, 401, 403, 404, 410, 451].contains(status) }

  /// Where a redirect leads, for the statuses that are one.
  var location: String? {
    [301, 302, 303, 307, 308].contains(status) ? headers["Location"] : nil
  }
}

/// What becomes of an answer that is under way.
enum Flow {
  case proceed
  /// Enough was seen: hang up, it is a success.
  case stop
  case fail(TransferError)
}

/// Takes an answer piece by piece, on the event loop's thread. (This is also where downloads in
/// several ranges come in: one receiver for each, over one sink.)
protocol ResponseReceiver: AnyObject, Sendable {
  func begin(_ head: ResponseHead) -> Flow
  /// The buffer is valid during the call only.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Flow
  /// The answer came in whole; not called after `.stop`.
  func end() -> TransferError?
  /// Nothing has come for so many seconds, and nothing was held back from here.
  func isQuiet(for seconds: Double)
}

extension ResponseReceiver {
  func isQuiet(for seconds: Double) {}
}

/// What is known once an exchange succeeded.
struct ExchangeReport: Sendable {
  var head: ResponseHead
  /// The numeric address of the server, where no proxy stood between.
  var peer: String?
}

/// A `WireCall` on its way, with the state that libcurl's callbacks work on.
// Safety: `isCancelled` is guarded by the event loop's lock. Everything else is touched by its
// maker before `EventLoop.submit` and by the event loop's thread alone from then on.
final class Exchange: @unchecked Sendable {
  let call: WireCall
  private let receiver: any ResponseReceiver
  var isCancelled = false
  var continuation: CheckedContinuation<Result<ExchangeReport, TransferError>, Never>?

  private var assembler = HeadAssembler()
  private var head: ResponseHead?
  private var peer: String?
  private(set) var received: Int64 = 0
  private var stopped = false
  private var failure: TransferError?

  init(_ call: WireCall, _ receiver: any ResponseReceiver) {
    self.call = call
    self.receiver = receiver
  }

  /// Each of the three returns whether libcurl shall go on.
  func connected(to address: String?, isProxied: Bool) -> Bool {
    guard !isProxied, let address else { return true }
    peer = address
    guard call.refusesLocalPeers, AddressScope.isLocal(address: address) else { return true }
    failure = .redirectRefused(url: call.url.description, .privateAddress)
    return false
  }

  func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    // After the head, only trailers come this way.
    guard head == nil else { return true }
    switch unsafe assembler.feed(line) {
    case .more: return true
    case .failed(let message):
      failure = .protocolError(message)
      return false
    case .complete(let complete):
      head = complete
      return follow(receiver.begin(complete))
    }
  }

  func isQuiet(for seconds: Double) { receiver.isQuiet(for: seconds) }

  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // What was held back may come although the end was decided.
    guard failure == nil, !stopped else { return false }
    received += Int64(bytes.count)
    return unsafe follow(receiver.receive(bytes))
  }

  private func follow(_ flow: Flow) -> Bool {
    switch flow {
    case .proceed: return true
    case .stop: stopped = true
    case .fail(let error): failure = error
    }
    return false
  }

  /// What came of it, given how libcurl ended it.
  func outcome(_ ending: CurlEnding) -> Result<ExchangeReport, TransferError> {
    if let failure { return .failure(failure) }
    if !stopped {
      if let error = ending.error(host: call.url.host, received: received) {
        return .failure(error)
      }
      guard head != nil else { return .failure(.protocolError("the answer has no header")) }
      if let error = receiver.end() { return .failure(error) }
    }
    guard let head else { return .failure(.protocolError("the answer has no header")) }
    return .success(ExchangeReport(head: head, peer: peer))
  }
}
