import Core
import Foundation
import Testing

@testable import Transfer

private let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite(.enabled(if: openssl != nil, "there is no `openssl` to make a certificate with"))
struct `Certificates that the environment names` {
  /// A certificate for 127.0.0.1 that nobody knows, and a server that has it.
  private final class Server: Sendable {
    let folder: URL
    let port: Int
    private let process: Process

    init() async throws {
      folder = FileManager.default.temporaryDirectory
        .appending(path: "civsync-tls-\(UInt64.random(in: .min ... .max))")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = try await run(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
        in: folder)
      let hash = try await run("x509", "-hash", "-noout", "-in", "cert.pem", in: folder)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let hashed = folder.appending(path: "hashed")
      try FileManager.default.createDirectory(at: hashed, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: folder.appending(path: "cert.pem"), to: hashed.appending(path: hash + ".0"))
      let (process, output) = try start(
        [
          "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-www",
        ], in: folder)
      self.process = process
      let said = await text(of: output) { $0.contains(/ACCEPT 127\.0\.0\.1:\d+\n/) }
      port = try #require(said.firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
    }

    var url: SafeURL { SafeURL(scheme: "https", host: "127.0.0.1", port: port, path: "/") }
    func path(_ name: String) -> String { folder.appending(path: name).path }

    func stop() {
      process.terminate()
      try? FileManager.default.removeItem(at: folder)
    }
  }

  @Test func `are trusted, and no others`() async throws {
    let server = try await Server()
    defer { server.stop() }
    let named = [
      "SSL_CERT_FILE": server.path("cert.pem"), "CURL_CA_BUNDLE": server.path("cert.pem"),
      "SSL_CERT_DIR": server.path("hashed"),
    ]
    for (name, value) in named {
      let client = try client(environment: [name: value])
      let response = try await client.send(HTTPRequest(url: server.url))
      #expect(response.status == 200, "\(name)")
    }
    let client = try client()
    let error = await failure { () async throws(TransferError) in
      try await client.send(HTTPRequest(url: server.url))
    }
    guard case .tls = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

private func start(
  _ arguments: [String], in folder: URL
) throws -> (Process, FileHandle) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(filePath: try #require(openssl))
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  return (process, pipe.fileHandleForReading)
}

private func run(_ arguments: String..., in folder: URL) async throws -> String {
  let (_, output) = try start(arguments, in: folder)
  return await text(of: output) { _ in false }
}

/// What comes until there is enough, or the end.
private func text(of output: FileHandle, isEnough: @escaping @Sendable (String) -> Bool) async
  -> String
{
  await withCheckedContinuation { continuation in
    onThread {
      var said = ""
      while true {
        let piece = output.availableData
        said += String(decoding: piece, as: UTF8.self)
        guard piece.isEmpty || isEnough(said) else { continue }
        return continuation.resume(returning: said)
      }
    }
  }
}
