import Core
import Glibc

@testable import Transfer

/// A loopback HTTP server that says exactly what a test tells it to, byte by byte.
///
/// Each connection has a thread that reads requests and hands them to the script.
// Safety: `listener` and `port` do not change; the rest is behind locks.
final class ScriptedServer: @unchecked Sendable {
  typealias Script = @Sendable (ReceivedRequest, ServerConnection) -> Void

  let port: Int
  private let listener: CInt
  private let script: Script
  private let greeting: @Sendable (ServerConnection) -> Void
  private let received = Locked<[ReceivedRequest]>([])
  private let connections = Locked<[ServerConnection]>([])
  private let ended = Locked(0)
  private let hasEnded = Signal()

  /// - Parameter greeting: runs when a connection was accepted, before anything is read.
  init(
    _ script: @escaping Script, greeting: @escaping @Sendable (ServerConnection) -> Void = { _ in }
  ) throws {
    self.script = script
    self.greeting = greeting
    self.listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = self.listener
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe bind(listener, generic, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, generic, &length) == 0
      }
    }
    guard bound else { throw ServerFailure(code: errno) }
    self.port = Int(UInt16(bigEndian: address.sin_port))
    onThread { [self] in acceptAll() }
  }

  /// A server that gives every request the same answer.
  convenience init(answer: String) throws {
    try self.init { _, connection in connection.send(answer) }
  }

  var requests: [ReceivedRequest] { received.withLock { $0 } }

  func url(_ path: String = "/file", host: String = "127.0.0.1", scheme: String = "http") -> SafeURL
  {
    SafeURL(scheme: scheme, host: host, port: port, path: path)
  }

  /// Waits until every client has closed its connections.
  func drained() async {
    while ended.withLock({ $0 }) < connections.withLock({ $0.count }) { await hasEnded.wait() }
  }

  var origin: Origin { url().origin }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in connections.withLock({ $0 }) { connection.hangUp() }
  }

  private func acceptAll() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0 { break }
      let number = connections.withLock { connections in
        connections.append(ServerConnection(descriptor, number: connections.count))
        return connections.count - 1
      }
      let connection = connections.withLock { $0[number] }
      onThread { [self] in
        greeting(connection)
        while let request = connection.readRequest() {
          received.withLock { $0.append(request) }
          script(request, connection)
        }
        connection.finish()
        ended.withLock { $0 += 1 }
        hasEnded.fire()
      }
    }
    close(listener)
  }
}

struct ServerFailure: Error { var code: Int32 }

struct ReceivedRequest: Sendable {
  var method: String
  var target: String
  var headers: HTTPHeaders
  var body: [UInt8]
  /// Which connection it came on, from 0.
  var connection: Int
}

/// Runs a closure on a thread of its own: tests must not block the cooperative pool.
func onThread(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var id = pthread_t()
  let context = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
  unsafe pthread_create(
    &id, nil,
    { context in
      if let context = unsafe context {
        unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
      }
      return nil
    }, context)
  pthread_detach(id)
}
