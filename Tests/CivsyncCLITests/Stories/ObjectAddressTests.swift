import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// Objects of the manifest that have several addresses, or one that refuses.
struct `Addresses of an object` {
  private static let placed = ["loras/polar.safetensors"]

  /// The digest of a file of 240 kB, and where a sandbox serves it.
  private func served(_ sandbox: SandboxServer) async throws -> (digest: String, path: String) {
    let story = try Story()
    try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
    let plan = await story.must("plan", "--json").output
    let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
    let ids = try #require(plan.firstMatch(of: /"version":([0-9]+),"file":([0-9]+)/))
    return (String(digest), "/api/download/models/\(ids.1)?fileId=\(ids.2)")
  }

  /// One object at one place, named once for each address.
  private func declare(
    _ story: Story, _ sandbox: SandboxServer, _ digest: String, _ urls: [String]
  ) throws {
    let objects = urls.map {
      "      - { sha256: \(digest), place: loras/polar.safetensors, url: \"\($0)\" }\n"
    }
    try story.manifest(
      sandbox,
      "transfer: { retries: [] }\ncollections:\n  mine:\n    objects:\n" + objects.joined())
  }

  private func always(_ kind: Fault.Kind, status: Int = 503) -> Fault {
    var fault = Fault(kind, at: .every(1))
    fault.status = status
    return fault
  }

  @Test(
    arguments: [(.status, 503), (.status, 404), (.wrongBytes, 0), (.html, 0), (.reset, 0)]
      as [(Fault.Kind, Int)])
  func `are asked one after the other`(kind: Fault.Kind, status: Int) async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let (digest, path) = try await served(sandbox)
        let story = try Story()
        try declare(story, sandbox, digest, [sandbox.apiURL + path, mirror.apiURL + path])
        try await sandbox.control(.fault(always(kind, status: status)))
        await story.must("apply", "--yes")
        #expect(story.placed() == Self.placed && mirror.storage.requests == 1)
        await story.must("status", "--verify")
        // The first one is what is recorded.
        #expect(
          try #require(story.read("civsync.lock")).contains("url \"\(sandbox.apiURL + path)\""))
      }
    }
  }

  @Test func `need nobody to know the token, and are no mistake for being several`() async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let (digest, path) = try await served(sandbox)
        let story = try Story()
        story.setEnvironment("CIVSYNC_TOKEN", "sandbox-token")
        var asksWhoItIs: Bool { sandbox.requests.routes.keys.contains { $0.hasSuffix("/me") } }
        try declare(story, sandbox, digest, [mirror.apiURL + "/none", mirror.apiURL + path])
        let ran = await story.must("apply", "--yes")
        #expect(!asksWhoItIs && !ran.errors.contains("M022"), "\(ran.errors)")
        try story.manifest(sandbox, "collections: { c: { models: [1001] } }\n")
        await story.must("plan")
        #expect(asksWhoItIs)
      }
    }
  }

  @Test func `are asked so by a saved plan and by the lock alone too`() async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let (digest, path) = try await served(sandbox)
        let story = try Story()
        try declare(
          story, sandbox, digest, [sandbox.apiURL + "/api/v1/none", mirror.apiURL + path])
        await story.must("plan", "-o", "saved.plan")
        await story.must("apply", "saved.plan")
        #expect(story.placed() == Self.placed)
        for name in ["models/" + Self.placed[0], ".civsync/store/sha256"] {
          try FileManager.default.removeItem(atPath: story.path(name))
        }
        await story.must("apply", "--yes", "--locked")
        #expect(story.placed() == Self.placed && mirror.storage.requests == 2)
      }
    }
  }

  @Test(
    arguments: [
      (401, "asks for a login (HTTP 401)"), (403, "does not give it out (HTTP 403)"),
      (404, "does not have it (HTTP 404)"), (410, "does not have it any more (HTTP 410)"),
      (451, "does not offer it in this region (HTTP 451)"),
    ])
  func `that refuse block it by us, and are asked again by the next run`(
    status: Int, words: String
  ) async throws {
    try await withSandbox { sandbox in
      try await withSandbox { server in
        let (digest, path) = try await served(sandbox)
        let story = try Story()
        try declare(story, sandbox, digest, [server.apiURL + path])
        var fault = Fault(.status, at: .every(1), place: .download)
        fault.status = status
        try await server.control(.fault(fault))
        let ran = await story.must("apply", "--yes", code: .partial)
        #expect(ran.output.contains("`127.0.0.1` \(words); name another `url:`"), "\(ran.output)")
        #expect(ran.output.contains("x loras/polar.safetensors · \(digest.prefix(12))\n"))
        #expect(story.placed().isEmpty)
        try await server.control(.clear)
        await story.must("apply", "--yes")
        #expect(story.placed() == Self.placed)
      }
    }
  }

  @Test func `all have their say, and what may pass is a failure`() async throws {
    try await withSandbox { sandbox in
      try await withSandbox { mirror in
        let (digest, path) = try await served(sandbox)
        let story = try Story()
        let urls = [sandbox.apiURL + path, mirror.apiURL + path]
        try declare(story, sandbox, digest, urls)
        for (server, status) in [(sandbox, 404), (mirror, 403)] {
          var fault = Fault(.status, at: .every(1), place: .download)
          fault.status = status
          try await server.control(.fault(fault))
        }
        let both = await story.must("apply", "--yes", "--json", code: .partial).output
        #expect(both.contains(#""code":"address-refused","by":"us""#), "\(both)")
        #expect(both.contains("(HTTP 404), `127.0.0.1` does not give it out (HTTP 403)"))
        // A server that is out of order may be well again tomorrow, whatever the other says.
        for order in [urls, urls.reversed()] {
          try declare(story, sandbox, digest, order)
          try await sandbox.control(.clear)
          try await sandbox.control(.fault(always(.status)))
          let ran = await story.must("apply", "--yes", code: .unreachable)
          #expect(ran.output.contains("the server keeps answering 503"), "\(ran.output)")
        }
      }
    }
  }
}
