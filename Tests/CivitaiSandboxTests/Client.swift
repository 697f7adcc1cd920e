import NIOCore
import NIOPosix

@testable import CivitaiSandbox

/// What came back over a connection, in full or up to where it broke.
struct Reply {
  var status = 0
  /// Names in lower case.
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  /// The connection ended with an error (a reset) rather than with an end of stream.
  var wasReset = false

  var text: String { String(decoding: body, as: UTF8.self) }
  var json: JSON { get throws { try JSONParser.parse(body) } }
  var declaredLength: Int? { headers["content-length"].flatMap { Int($0) } }

  init(raw: [UInt8], wasReset: Bool) {
    self.wasReset = wasReset
    let separator = Array("\r\n\r\n".utf8)
    guard
      let end = raw.indices.first(where: { raw[$0...].starts(with: separator) })
    else { return }
    let lines = String(decoding: raw[..<end], as: UTF8.self).split(separator: "\r\n")
    status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    body = Array(raw[(end + separator.count)...])
  }
}

/// A client that shows what is on the wire: one connection for one request, no redirects, no retries.
enum Client {
  static func get(_ url: String, headers: [String: String] = [:]) async throws -> Reply {
    try await send("GET", url, headers: headers)
  }

  static func json(_ url: String, token: String? = nil) async throws -> JSON {
    try await get(url, headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:]).json
  }

  static func post(_ url: String, _ body: JSON) async throws -> Reply {
    try await send("POST", url, body: body.serialized)
  }

  /// - Parameter enough: stops reading after so many bytes, for answers that never end.
  static func send(
    _ method: String, _ url: String, headers: [String: String] = [:], body: [UInt8] = [],
    enough: Int = .max
  ) async throws -> Reply {
    let rest = url.dropFirst("http://".count)
    let authority = rest.prefix { $0 != "/" }
    let port = authority.split(separator: ":").last.flatMap { Int($0) } ?? 0
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    var head = "\(method) \(rest.dropFirst(authority.count)) HTTP/1.1\r\nHost: \(authority)\r\n"
    head += "Connection: close\r\nContent-Length: \(body.count)\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    let request = ByteBuffer(bytes: Array((head + "\r\n").utf8) + body)
    return try await channel.executeThenClose { inbound, outbound in
      var raw: [UInt8] = []
      do {
        try await outbound.write(request)
        for try await buffer in inbound {
          raw.append(contentsOf: buffer.readableBytesView)
          if raw.count >= enough { break }
        }
      } catch {
        return Reply(raw: raw, wasReset: true)
      }
      return Reply(raw: raw, wasReset: false)
    }
  }
}

extension SandboxOptions {
  /// Small files, and whatever else a test wants.
  static func small(_ change: (inout SandboxOptions) -> Void = { _ in }) -> SandboxOptions {
    var options = SandboxOptions()
    options.scale = 0.1
    change(&options)
    return options
  }
}

/// Starts a sandbox, hands it over, and stops it whatever happens.
func withSandbox(
  _ options: SandboxOptions = .small(), _ body: (SandboxServer) async throws -> Void
) async throws {
  let server = try await SandboxServer.start(options)
  do {
    try await body(server)
  } catch {
    await server.stop()
    throw error
  }
  await server.stop()
}

extension SandboxServer {
  /// The signed address of a file.
  func address(version: Int64, file: Int64) async throws -> String {
    let reply = try await Client.get(
      "\(apiURL)/api/download/models/\(version)?fileId=\(file)")
    return reply.headers["location"] ?? "none: \(reply.status) \(reply.text)"
  }

  func model(_ id: Int64) async throws -> JSON {
    try await Client.json("\(apiURL)/api/v1/models/\(id)")
  }
}

extension JSON {
  /// Walks into members and elements: `at("modelVersions", 0, "name")`.
  func at(_ path: any PathStep...) -> JSON? {
    path.reduce(self as JSON?) { value, step in value.flatMap(step.step) }
  }
}

protocol PathStep {
  func step(_ json: JSON) -> JSON?
}

extension String: PathStep {
  func step(_ json: JSON) -> JSON? { json[self] }
}

extension Int: PathStep {
  func step(_ json: JSON) -> JSON? {
    guard let elements = json.elements, elements.indices.contains(self) else { return nil }
    return elements[self]
  }
}
