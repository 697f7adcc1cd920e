internal import Core
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOConcurrencyHelpers
internal import NIOCore

/// One listener's requests: taken apart, met by faults, counted, answered.
struct Exchange: Sendable {
  let world: World
  let apiURL: String
  let storageURL: String

  private static let bodyLimit = 1_048_576

  /// Requests to the API's port.
  @concurrent func api(
    _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    let target = Target(request)
    var body: [UInt8] = []
    if request.method == .post {
      body = Array(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView)
    }
    if target.path.first == "sandbox" {
      return try await Delivery(control(request.method.rawValue, target, body))
        .send(writer, on: channel, rate: { nil }, sent: { _ in })
    }
    let api = API(world: world, apiURL: apiURL, storageURL: storageURL)
    let parsed = APIRequest(
      method: request.method.rawValue, path: target.path, query: target.query,
      userAgent: request.headers[.userAgent] ?? "", token: target.token(request.headers),
      ifNoneMatch: request.headers[.ifNoneMatch], body: body)
    let tally = Tally(
      world, target.route(request.method), target.query, authorized: parsed.token != nil)
    defer { tally.end() }
    if request.method == .head {
      try await Task.sleep(for: Hang.patience)
      throw ConnectionCut()
    }
    let (answer, fault) = try await answer(parsed, target, api)
    try await deliver(Delivery(answer), fault, writer, channel, tally, rate: { nil })
  }

  private func answer(
    _ request: APIRequest, _ target: Target, _ api: API
  ) async throws -> (Answer, Fault?) {
    switch target.area {
    case .api:
      let fault = strike(.api, file: nil, target, isRanged: false)
      if let answer = fault?.replacement { return (answer, fault) }
      return (try await api.answer(request), fault)
    case .download:
      let (answer, file) = api.download(request)
      let fault = strike(.download, file: file, target, isRanged: false)
      return (fault?.replacement ?? answer, fault)
    case .login: return (.html("Log in to the sandbox"), nil)
    case .elsewhere: return (.html("Page not found", status: 404), nil)
    }
  }

  /// Requests to storage's port.
  @concurrent func storage(
    _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    let target = Target(request)
    let parsed = StorageRequest(
      method: request.method.rawValue, path: target.path, query: target.query,
      hasAuthorization: request.headers[.authorization] != nil,
      range: request.headers[.range], ifRange: request.headers[.ifRange],
      ifNoneMatch: request.headers[.ifNoneMatch])
    let storage = Storage(world: world)
    let route = "storage \(request.method.rawValue) /\(target.path.first ?? "")/:key"
    let tally = Tally(world, route, target.query, authorized: parsed.hasAuthorization)
    defer { tally.end() }
    let fault = strike(
      .storage, file: storage.file(target.path), target, isRanged: parsed.range != nil)
    let outcome =
      fault?.replacement.map(Storage.Outcome.answer) ?? storage.outcome(parsed, fault: fault?.kind)
    let delivery =
      switch outcome {
      case .answer(let answer): Delivery(answer)
      case .file(let file): Delivery(file)
      }
    if fault?.kind == .expire { storage.revoke(parsed) }
    try await deliver(
      delivery, fault, writer, channel, tally,
      rate: { [world] in world.change { $0.throttle } })
  }

  private func strike(
    _ place: Fault.Place, file: FileID?, _ target: Target, isRanged: Bool
  ) -> Fault? {
    world.change {
      $0.faults.strike(place, file: file, path: target.text, isRanged: isRanged)
    }
  }

  @concurrent private func deliver(
    _ delivery: Delivery, _ fault: Fault?, _ writer: consuming ResponseWriter,
    _ channel: any Channel, _ tally: Tally, rate: @escaping @Sendable () -> Int?
  ) async throws {
    var delivery = delivery
    if let fault {
      if fault.kind == .delay { try await Task.sleep(for: .milliseconds(fault.milliseconds)) }
      delivery.apply(fault)
      if fault.kind == .reset, fault.after == 0 {
        // Not even a head.
        try await Delivery.reset(channel)
        throw ConnectionCut()
      }
    }
    tally.began(status: delivery.status)
    try await delivery.send(writer, on: channel, rate: rate) { tally.sent($0) }
  }
}

/// What is counted of one request.
private final class Tally: Sendable {
  private struct State {
    var hasBegun = false
    var sent: Int64 = 0
  }

  private let world: World
  private let route: String
  private let state = NIOLockedValueBox(State())

  init(_ world: World, _ route: String, _ query: Query, authorized: Bool) {
    self.world = world
    self.route = route
    world.change { $0.counts.began(route, query, authorized: authorized) }
  }

  /// Counted before the head goes out: who has read an answer finds it counted.
  func began(status: Int) {
    state.withLockedValue { $0.hasBegun = true }
    world.change { $0.counts.answered(route, status: status) }
  }

  func sent(_ bytes: Int) { state.withLockedValue { $0.sent += Int64(bytes) } }

  func end() {
    let final = state.withLockedValue { $0 }
    world.change { world in
      if !final.hasBegun { world.counts.answered(route, status: 0) }
      world.counts.ended(route, bytes: final.sent)
    }
  }
}

/// `/sandbox`: not part of the site, and not counted.
extension Exchange {
  private func control(_ method: String, _ target: Target, _ body: [UInt8]) -> Answer {
    switch (method, target.path.count > 1 ? target.path[1] : "") {
    case ("GET", "requests"): return .json(world.snapshot.counts.json)
    case ("POST", "requests"), ("POST", "control"): return command(body)
    default: return .error(404, "POST /sandbox/control or GET /sandbox/requests")
    }
  }

  private func command(_ body: [UInt8]) -> Answer {
    do {
      let json: JSON
      do { json = try JSONParser.parse(body) } catch {
        throw ControlError.notJSON(error.description)
      }
      let made = try world.perform(try ControlCommand(json: json))
      var answer: JSON = ["ok": true]
      if let version = made.version { answer["version"] = .integer(version.rawValue) }
      if let file = made.file { answer["file"] = .integer(file.rawValue) }
      return .json(answer)
    } catch let error as ControlError {
      return .json(["ok": false, "error": .string(error.description)], status: 400)
    } catch {
      return .json(["ok": false, "error": .string("\(error)")], status: 500)
    }
  }
}

extension Fault {
  /// The answer that takes the place of the real one, for the kinds that have one.
  var replacement: Answer? {
    switch kind {
    case .status:
      var answer = Answer.message(status, "The sandbox was told to answer \(status)")
      if let retryAfter { answer.headers.append(("retry-after", String(retryAfter))) }
      // How the site marks a resolver that failed in passing.
      if place == .download, status == 404 {
        answer.headers.append(("cache-control", "private, no-store"))
      }
      return answer
    case .html: return .html("Log in to the sandbox")
    case .htmlChallenge: return .html("Just a moment...", status: 403)
    case .malformedJSON:
      return Answer(
        200, headers: [("content-type", "application/json")], body: Array("{\"items\": [,".utf8))
    default: return nil
    }
  }
}
