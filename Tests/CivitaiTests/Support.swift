import CatalogueModel
import ClockTestSupport
import Core
import Synchronization
import Transfer

@testable import Civitai

/// Bytes of a text, as an answer brings them.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func json(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
  var headers = headers
  headers["Content-Type"] = headers["Content-Type"] ?? "application/json; charset=utf-8"
  return HTTPResponse(status: status, headers: headers, body: bytes(text), url: site)
}

func html(_ status: Int = 200) -> HTTPResponse {
  HTTPResponse(
    status: status, headers: ["Content-Type": "text/html; charset=UTF-8"],
    body: bytes("<!DOCTYPE html><title>Just a moment…</title>"), url: site)
}

let notFound = json(#"{"error":"No model with id"}"#, status: 404)

/// What is known of a model, in few words.
func text(_ answer: ModelAnswer?) -> String {
  switch answer {
  case .found(let model, let fallback): "found \(model.id)" + (fallback ? " (fallback)" : "")
  case .gone: "gone"
  case .region: "region"
  case .unavailable(let reason): "unavailable: \(reason)"
  case nil: "nothing"
  }
}

let site = SafeURL(scheme: "https", host: "one.example", port: nil, path: "/")
let other = SafeURL(scheme: "https", host: "two.example", port: nil, path: "/")

/// A model with one version and one file, as small as the decoder allows.
func tiny(_ id: Int, version: Int? = nil) -> String {
  """
  {"id":\(id),"name":"Model \(id)","type":"LORA","modelVersions":[\
  {"id":\(version ?? id * 10),"name":"v1","baseModel":"SDXL 1.0","files":[]}]}
  """
}

func page(_ models: [String], next: String? = nil) -> HTTPResponse {
  let metadata = next.map { #"{"nextCursor":"\#($0)"}"# } ?? "{}"
  return json(#"{"items":[\#(models.joined(separator: ","))],"metadata":\#(metadata)}"#)
}

/// Answers by `host path?query`; each key has a script whose last line is repeated.
final class ScriptedHTTP: HTTPFetching {
  typealias Answer = Result<HTTPResponse, TransferError>

  private struct State {
    var scripts: [String: [Answer]]
    var asked: [String] = []
    var requests: [HTTPRequest] = []
    var running = 0
    var mostRunning = 0
  }

  private let state: Mutex<State>

  init(_ scripts: [String: [Answer]]) { state = Mutex(State(scripts: scripts)) }

  var asked: [String] { state.withLock { $0.asked } }
  var requests: [HTTPRequest] { state.withLock { $0.requests } }
  var mostRunning: Int { state.withLock { $0.mostRunning } }

  func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
    let answer = state.withLock { state in
      state.running += 1
      state.mostRunning = max(state.mostRunning, state.running)
      return next(request, &state)
    }
    // Lets the other worker come in, so that `mostRunning` sees what runs at one time.
    for _ in 0..<20 { await Task.yield() }
    state.withLock { $0.running -= 1 }
    return try answer.get()
  }

  private func next(_ request: HTTPRequest, _ state: inout State) -> Answer {
    let url = request.url
    let query = (url.query ?? "").replacing("limit=100&nsfw=true&sort=Oldest&", with: "")
      .replacing("&archived=true", with: "")
    let path = url.path.replacing("/api/v1", with: "")
    let key = "\(url.host.prefix(3)) \(path)" + (query.isEmpty ? "" : "?\(query)")
    state.asked.append(key)
    state.requests.append(request)
    guard var script = state.scripts[key] ?? state.scripts[String(key.prefix(3))] else {
      return .success(notFound)
    }
    let answer = script.removeFirst()
    if !script.isEmpty { state.scripts[key] = script }
    return answer
  }
}

/// A catalogue over a script, with a clock on which nobody waits and no jitter.
struct Rig {
  let http: ScriptedHTTP
  let clock = SkippingClock()
  let catalogue: CivitaiCatalogue

  init(
    _ scripts: [String: [ScriptedHTTP.Answer]], endpoints: [SafeURL] = [site, other],
    policy: CataloguePolicy = CataloguePolicy(retries: .none)
  ) {
    http = ScriptedHTTP(scripts)
    catalogue = CivitaiCatalogue(
      endpoints: endpoints, http: http, policy: policy, clock: clock, random: { 0.5 })
  }
}
