import Core
import Testing

@testable import Transfer

@Suite(.enabled(if: TLSServer.openssl != nil, "there is no `openssl` to make a certificate with"))
struct `Certificates that the environment names` {
  @Test func `are trusted, and no others`() async throws {
    let server = try await TLSServer("-www")
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
