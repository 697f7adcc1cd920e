internal import CCurl
internal import Core

/// A libcurl easy handle with what belongs to it. Lives on the event loop's thread.
@safe final class EasyHandle {
  let exchange: Exchange
  let raw: UnsafeMutableRawPointer
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  fileprivate let isProxied: Bool
  private let limiter: RateLimiter?
  let way: Way

  /// How it is fetched.
  enum Way {
    /// Over a connection of its own.
    case alone
    /// Over one with others, should the server turn out to offer that (HTTP/2).
    case maybeTogether
    /// The server is known to.
    case together
  }
  /// It has had its share for the moment.
  private(set) var isPaused = false
  private(set) var pausedAt = ContinuousClock.now
  private let began = ContinuousClock.now
  private var watch: StallWatch
  /// What had come when it was last seen that more had, and when that was.
  private var seen: (bytes: Int64, at: ContinuousClock.Instant)
  let host: String

  /// - Throws: `.protocolError` when libcurl refuses an option, or a header cannot be sent.
  init(
    _ exchange: Exchange, _ configuration: HTTPConfiguration, _ limiter: RateLimiter?, _ way: Way
  ) throws(TransferError) {
    guard let raw = unsafe curl_easy_init() else {
      throw .protocolError("libcurl has no memory for a request")
    }
    self.exchange = exchange
    self.limiter = limiter
    self.way = way
    unsafe self.raw = unsafe raw
    unsafe self.headerList = nil
    unsafe self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    self.host = exchange.call.host
    self.seen = (0, began)
    self.watch = StallWatch(
      at: 0, patience: configuration.slowTimeout.inSeconds,
      piecePatience: configuration.pieceTimeout.inSeconds)
    self.isProxied = configuration.network.proxy(for: exchange.call.url) != nil
    try configure(configuration)
    try setHeaders()
    try setCallbacks()
  }

  deinit {
    unsafe curl_easy_cleanup(raw)
    unsafe curl_slist_free_all(headerList)
    unsafe errorText.deallocate()
  }

  private func configure(_ configuration: HTTPConfiguration) throws(TransferError) {
    let call = exchange.call
    try set(CURLOPT_URL, call.url.wire)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_NOSIGNAL, 1)
    // Closing does not wait for a name server that does not answer.
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_TCP_KEEPALIVE, 1)
    try set(CURLOPT_USERAGENT, configuration.userAgent)
    try set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.timeoutMilliseconds)
    try set(CURLOPT_LOW_SPEED_LIMIT, configuration.stallSpeed)
    try set(CURLOPT_LOW_SPEED_TIME, max(1, configuration.stallTimeout.timeoutMilliseconds / 1_000))
    if let timeout = call.timeout { try set(CURLOPT_TIMEOUT_MS, timeout.timeoutMilliseconds) }
    if call.isAPI {
      try set(CURLOPT_ACCEPT_ENCODING, "")
    } else {
      // Fewer reads from the socket for the same bytes.
      try set(CURLOPT_BUFFERSIZE, 256 << 10)
    }
    let version = way == .alone ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
    try set(CURLOPT_HTTP_VERSION, Int(version))
    // Rather wait for a connection that is coming about than open another. Of a host that is not known,
    // and may be dead, each would wait for the other's timeout.
    try set(CURLOPT_PIPEWAIT, way == .together ? 1 : 0)
    try setNetwork(configuration.network)
    if call.method == .post {
      let body = call.body ?? []
      let code = unsafe body.withUnsafeBytes { bytes in
        unsafe civ_easy_set_body(raw, bytes.baseAddress, curl_off_t(bytes.count))
      }
      try check(code)
    }
  }

  /// In seconds.
  func age(at now: ContinuousClock.Instant) -> Double { (now - began).inSeconds }

  /// - Returns: why the download is to be ended; calls of the API have a limit of their own.
  func stalls(usual: Double?, at now: ContinuousClock.Instant) -> TransferPhase? {
    guard !exchange.call.isAPI else { return nil }
    guard !isPaused else {
      watch.pause(received: exchange.received, at: age(at: now))
      return nil
    }
    return watch.look(received: exchange.received, usual: usual, at: age(at: now))
  }

  /// Who brings less has as good as brought nothing.
  private static let lifeSign: Int64 = 4 << 10

  /// Tells for how long next to nothing has come, to be called once a second.
  func tellQuiet(at now: ContinuousClock.Instant) {
    if isPaused || exchange.received >= seen.bytes + Self.lifeSign {
      seen = (exchange.received, now)
    } else {
      exchange.isQuiet(for: (now - seen.at).inSeconds)
    }
  }

  /// What was held back comes now, and more after it.
  func goOn() {
    isPaused = false
    unsafe curl_easy_pause(raw, CURLPAUSE_CONT)
  }

  /// Both proxy options are always set: left alone, libcurl reads the environment by itself.
  private func setNetwork(_ network: NetworkEnvironment) throws(TransferError) {
    try set(CURLOPT_PROXY, network.proxy(for: exchange.call.url)?.reveal() ?? "")
    try set(CURLOPT_NOPROXY, network.noProxy)
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let file = network.certificateFile { try set(CURLOPT_CAINFO, file) }
    if let folder = network.certificateFolder { try set(CURLOPT_CAPATH, folder) }
  }

  private func setHeaders() throws(TransferError) {
    // No `Expect: 100-continue`: it costs a round trip for bodies of a few hundred kilobytes.
    try append("Expect:")
    for field in exchange.call.headers.fields {
      // A semicolon is how libcurl wants a header without value.
      try append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    if let bearer = exchange.call.bearer { try append("Authorization: Bearer \(bearer.reveal())") }
    try check(unsafe civ_easy_set_headers(raw, headerList))
  }

  private func append(_ line: String) throws(TransferError) {
    // A line end would smuggle further headers in.
    guard line.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }) else {
      throw .protocolError("a request header holds a control character")
    }
    guard let longer = unsafe curl_slist_append(headerList, line) else {
      throw .protocolError("libcurl has no memory for a header")
    }
    unsafe headerList = unsafe longer
  }

  private func setCallbacks() throws(TransferError) {
    // The event loop's table keeps `self` alive until the handle is removed.
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    try check(unsafe civ_easy_set_error_buffer(raw, errorText))
    try check(unsafe civ_easy_set_header_callback(raw, onHeader, context))
    try check(unsafe civ_easy_set_body_callback(raw, onBody, context))
    try check(unsafe civ_easy_set_prereq_callback(raw, onConnected, context))
  }

  private func set(_ option: CURLoption, _ text: String) throws(TransferError) {
    try check(unsafe civ_easy_set_text(raw, option, text))
  }

  private func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
    try check(unsafe civ_easy_set_long(raw, option, value))
  }

  private func check(_ code: CURLcode) throws(TransferError) {
    guard code == CURLE_OK else {
      throw .protocolError("libcurl: \(unsafe String(cString: curl_easy_strerror(code)))")
    }
  }

  /// - Returns: how many bytes libcurl shall count as taken.
  fileprivate func receive(_ piece: UnsafeRawBufferPointer) -> Int {
    if let limiter {
      guard limiter.mayTake() else {
        isPaused = true
        pausedAt = .now
        return Int(CURL_WRITEFUNC_PAUSE)
      }
      limiter.took(piece.count)
    }
    return unsafe exchange.receiveBody(piece) ? piece.count : 0
  }

  /// The facts around an ending, read while the handle still has them.
  func ending(_ code: CURLcode) -> CurlEnding {
    let own = unsafe String(cString: errorText)
    let general = unsafe String(cString: curl_easy_strerror(code))
    let spent = microseconds(CURLINFO_TOTAL_TIME_T) / 1_000
    return CurlEnding(
      code: code.rawValue, message: own.isEmpty ? general : own,
      wasConnected: microseconds(CURLINFO_PRETRANSFER_TIME_T) > 0,
      usedUpItsTime: exchange.call.timeout.map { spent >= $0.timeoutMilliseconds } ?? false)
  }

  /// Whether the answer came over a connection that can be shared; `nil` where none came.
  var couldShare: Bool? {
    var version = 0
    guard unsafe civ_easy_get_long(raw, CURLINFO_HTTP_VERSION, &version) == CURLE_OK, version > 0
    else { return nil }
    return version >= Int(CURL_HTTP_VERSION_2_0)
  }

  private func microseconds(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    return unsafe civ_easy_get_offset(raw, info, &value) == CURLE_OK ? Int(value) : 0
  }
}

private func handle(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
  unsafe context.map { unsafe Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
}

private func onHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe handle(context)?.exchange.receiveHeader(line) == true ? line.count : 0
}

private func onBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe handle(context)?.receive(piece) ?? 0
}

private func onConnected(
  _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?,
  _ local: UnsafeMutablePointer<CChar>?, _ peerPort: CInt, _ localPort: CInt
) -> CInt {
  let address = unsafe peer.map { unsafe String(cString: $0) }
  guard let handle = unsafe handle(context) else { return 1 }
  // 0 and 1 are CURL_PREREQFUNC_OK and CURL_PREREQFUNC_ABORT.
  return handle.exchange.connected(to: address, isProxied: handle.isProxied) ? 0 : 1
}
