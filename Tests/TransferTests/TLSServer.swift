import Core
import Foundation
import Glibc
import ProgramTestSupport
import Testing

@testable import Transfer

/// `openssl s_server` on loopback with a certificate for 127.0.0.1 that nobody knows.
///
/// It serves one connection at a time.
final class TLSServer: Sendable {
  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  let folder: URL
  let port: Int
  private let process: Program
  /// What clients send, decrypted, and what is sent to them.
  let output: FileHandle
  let input: FileHandle

  /// - Parameter arguments: further ones for `s_server`.
  init(_ arguments: String...) async throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "civsync-tls-\(UInt64.random(in: .min ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    _ = try await Self.run(
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem",
      in: folder)
    let hash = try await Self.run("x509", "-hash", "-noout", "-in", "cert.pem", in: folder)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let hashed = folder.appending(path: "hashed")
    try FileManager.default.createDirectory(at: hashed, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: folder.appending(path: "cert.pem"), to: hashed.appending(path: hash + ".0"))
    (process, output, input) = try Self.start(
      ["s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem"] + arguments,
      in: folder)
    port = try #require(await Self.listeningPort(of: process))
  }

  var url: SafeURL { SafeURL(scheme: "https", host: "127.0.0.1", port: port, path: "/") }
  func path(_ name: String) -> String { folder.appending(path: name).path }

  func stop() {
    process.signal(SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// The system is asked: a server that speaks plain bytes says nothing of itself.
  private static func listeningPort(of process: Program) async -> Int? {
    await withCheckedContinuation { continuation in
      onThread {
        var port: Int?
        while port == nil, process.isRunning {
          port = listeningPort(among: socketNodes(of: process.id))
        }
        continuation.resume(returning: port)
      }
    }
  }

  private static func listeningPort(among sockets: Set<String>) -> Int? {
    // Foundation's reading of whole files stops at the first short piece, which here is not the end.
    let data = try? FileHandle(forReadingAtPath: "/proc/net/tcp")?.readToEnd()
    let table = String(decoding: data ?? Data(), as: UTF8.self)
    var rest = table.utf8.drop { $0 != 0x0a }.dropFirst()
    while let end = rest.firstIndex(of: 0x0a) {
      let fields = (String(rest[..<end]) ?? "").split(separator: " ")
      // Local address, state (0A: it listens) and node. Those that listen come first; behind them may be
      // thousands.
      guard fields.count > 9, fields[3] == "0A" else { return nil }
      if sockets.contains(String(fields[9])) {
        return fields[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
      }
      rest = rest[end...].dropFirst()
    }
    return nil
  }

  private static func socketNodes(of process: Int32) -> Set<String> {
    let folder = "/proc/\(process)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let links = names.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
    return Set(links.compactMap { $0.firstMatch(of: /^socket:\[(\d+)\]$/).map { String($0.1) } })
  }

  private static func start(
    _ arguments: [String], in folder: URL
  ) throws -> (Program, FileHandle, FileHandle) {
    let (output, input) = (Pipe(), Pipe())
    let process = try Program(
      try #require(openssl), arguments, in: folder.path, input: input.fileHandleForReading,
      output: output.fileHandleForWriting)
    try input.fileHandleForReading.close()
    try output.fileHandleForWriting.close()
    return (process, output.fileHandleForReading, input.fileHandleForWriting)
  }

  private static func run(_ arguments: String..., in folder: URL) async throws -> String {
    let (_, output, _) = try start(arguments, in: folder)
    return await withCheckedContinuation { continuation in
      onThread {
        var said = ""
        while case let piece = output.availableData, !piece.isEmpty {
          said += String(decoding: piece, as: UTF8.self)
        }
        continuation.resume(returning: said)
      }
    }
  }
}
