import Core
import Testing

@testable import Engine

struct `Where the token may travel` {
  @Test(arguments: [
    "https://civitai.com", "https://civitai.red/", "https://civitai.com:443/api",
    "http://127.0.0.1:8080", "http://localhost:1", "https://[::1]:4",
  ])
  func `to the site over TLS and to this machine`(url: String) throws {
    #expect(TokenPolicy(hosts: nil).allows(try #require(SafeURL(url))))
  }

  @Test(arguments: [
    "http://civitai.com", "https://civitai.com:8443", "https://civitai.com.evil.example",
    "https://notcivitai.com", "https://127.0.0.1.evil.example", "https://mirror.example",
    "https://image.civitai.com",
  ])
  func `and nowhere else`(url: String) throws {
    #expect(!TokenPolicy(hosts: nil).allows(try #require(SafeURL(url))))
  }

  @Test func `but where the user allows it, by host, port or origin`() throws {
    let policy = TokenPolicy(
      hosts: "Mirror.example, other.example:8443 http://plain.example/,https://deep.example:9")
    for url in [
      "https://mirror.example/x", "https://other.example:8443",
      "https://deep.example:9",
    ] {
      #expect(policy.allows(try #require(SafeURL(url))), "\(url)")
    }
    for url in [
      "http://mirror.example", "https://mirror.example:444", "https://other.example",
      "https://plain.example", "https://deep.example", "http://plain.example",
    ] {
      #expect(!policy.allows(try #require(SafeURL(url))), "\(url)")
    }
  }
}
