import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

private let kept = ".config/civsync/credentials.json"

struct `Logging in` {
  @Test func `keeps a token that the site knows, for nobody else to read, and forgets it`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      story.setEnvironment("CIVSYNC_ENDPOINTS", sandbox.apiURL)
      story.expect(
        await story.civsync("login", answer: "  sandbox-token "),
        """
        Logged in as `sandbox_user` at http://API.
        Kept in `PROJECT/.config/civsync/credentials.json`, for you alone to read.
        [errors]
        API token (from the site's account settings; not shown): [exit 0]
        """)
      #expect(story.read(kept) == #"{"token":"sandbox-token","version":1}"# + "\n")
      #expect(try mode(story, kept) == 0o600)
      #expect(try mode(story, ".config/civsync") == 0o700)
      story.expect(
        await story.civsync("whoami"),
        """
        `sandbox_user` at http://API, by the token in `PROJECT/.config/civsync/credentials.json`.
        [exit 0]
        """)
      story.expect(
        await story.civsync("whoami", "--json"),
        """
        {"version":1,"exit":0,"name":"sandbox_user","endpoint":"http://API","source":"file",\
        "path":"PROJECT/.config/civsync/credentials.json"}
        [exit 0]
        """)
      story.expect(
        await story.civsync("logout"), "Logged out: the token is forgotten.\n[exit 0]")
      #expect(!story.exists(kept))
      story.expect(
        await story.civsync("logout"), "There was no token to forget.\n[exit 0]")
      story.expect(
        await story.civsync("whoami"),
        """
        [errors]
        error[C187]: nobody is logged in
          help: run `civsync login`, or set `CIVSYNC_TOKEN`
        [exit 12]
        """)
    }
  }

  @Test func `serves downloads, and metadata stays anonymous`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1111] } }\n")
      await story.must("apply", "--yes", code: .partial)
      #expect(story.placed() == [])
      let login = await story.run(["login"], answer: "sandbox-token")
      #expect(login.code == .ok)
      await story.must("apply", "--yes")
      #expect(story.placed() == ["loras/members_palette.safetensors"])
      let asked = sandbox.requests.routes.filter { $0.key.contains("/api/v1/") }
      #expect(asked.filter { $0.value.authorized > 0 }.map(\.key) == ["GET /api/v1/me"])
    }
  }

  @Test func `refuses a token that the site does not know, and keeps what was kept`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      let good = await story.run(["login"], answer: "sandbox-token")
      #expect(good.code == .ok)
      story.expect(
        await story.civsync("login", answer: "wrong"),
        """
        [errors]
        API token (from the site's account settings; not shown): \
        error[C186]: `http://API` does not know this token
          help: make a new one in the site's account settings and run `civsync login`
        [exit 12]
        """)
      #expect(story.read(kept)?.contains("sandbox-token") == true)
      story.expect(
        await story.civsync("login"),
        """
        [errors]
        error[C187]: no token was given
          help: make one in the site's account settings, and give it on one line
        [exit 64]
        """)
      let odd = await story.run(["login"], answer: "to\u{1b}[2Jken")
      #expect(odd.code == .usage && odd.errors.contains("this is no API token"))
    }
  }

  @Test func `needs the site, unless it is told not to`() async throws {
    let story = try Story(["CIVSYNC_ENDPOINTS": "http://127.0.0.1:1"])
    let ran = await story.run(["login"], answer: "some-token")
    #expect(ran.code == .unreachable)
    #expect(ran.errors.contains("error[C189]: the site could not be asked whose the token is"))
    #expect(!story.exists(kept))
    let unchecked = await story.run(["login", "--unchecked"], answer: "some-token")
    #expect(unchecked.code == .ok)
    #expect(unchecked.output.hasPrefix("The token is kept; the site could not be asked whose"))
    #expect(story.read(kept)?.contains("some-token") == true)
  }

  @Test func `allows another host by name, port or origin, and by nothing else`() async throws {
    let story = try Story()
    story.expect(
      await story.civsync("login", "--host", "models.example", "--host", "https://b.example:8443"),
      """
      The token may also be sent to `models.example`, `https://b.example:8443`.
      [exit 0]
      """)
    #expect(
      story.read(kept) == #"{"hosts":["models.example","https://b.example:8443"],"version":1}"#
        + "\n")
    for host in ["http://a.example", "a/b", "a,b", "", "https://a.example/x", "ftp://a"] {
      let ran = await story.run(["login", "--host", host])
      #expect(ran.code == .usage, "\(host)")
      #expect(ran.errors.contains("error[C190]: `\(host)` is no host"), "\(ran.errors)")
    }
    let out = await story.run(["logout", "--hosts"])
    #expect(out.code == .ok && !story.exists(kept))
  }

  @Test(arguments: [0o644, 0o640, 0o660, 0o604])
  func `a file that others can read is refused, and said where it is needed`(mode: Int)
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.write(#"{"version":1,"token":"sandbox-token"}"#, to: kept)
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: story.path(kept))
      try story.manifest(sandbox, "collections: { c: { models: [1004, 1111] } }\n")
      story.expect(
        await story.civsync("whoami"),
        """
        [errors]
        error[C185]: `PROJECT/.config/civsync/credentials.json` can be read by others, so the token \
        in it is not used
          help: run `chmod 600 PROJECT/.config/civsync/credentials.json`; if somebody may have read \
        it, make a new token at the site and run `civsync login`
        [exit 12]
        """)
      // What needs no login is had all the same; what needs one ends with its own code.
      let ran = await story.must("apply", "--yes", code: .authentication)
      #expect(ran.errors.hasPrefix("warning[C185]"))
      #expect(story.placed() == ["vae/borealisVAE_v10.safetensors"])
      #expect(sandbox.requests.routes.values.allSatisfy { $0.authorized == 0 })
    }
  }

  @Test(arguments: [
    (#"{"version":2,"token":"x"}"#, "was written by a later civsync (version 2)"),
    ("not json", "does not hold what `civsync login` writes"),
  ])
  func `a file of another kind is never misread`(text: String, message: String) async throws {
    let story = try Story()
    try story.write(text, to: kept)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: story.path(kept))
    let ran = await story.run(["whoami"])
    #expect(ran.code == .authentication)
    #expect(ran.errors.contains("error[C188]: `\(story.path(kept))` \(message)"))
    await story.must("logout")
    #expect(!story.exists(kept))
  }

  @Test func `the environment goes before what was kept`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      let login = await story.run(["login"], answer: "sandbox-token")
      #expect(login.code == .ok)
      story.setEnvironment("CIVSYNC_TOKEN", "another")
      let who = await story.run(["whoami"])
      #expect(who.code == .authentication)
      let out = await story.run(["logout"])
      #expect(out.output.contains("`CIVSYNC_TOKEN` is set and still counts."))
    }
  }
}

struct `A token that the site does not know` {
  @Test func `is said once, and the run goes on without`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "bad"])
      try story.manifest(sandbox, "collections: { c: { models: [1004] } }\n")
      story.expect(
        await story.civsync("apply", "--yes"),
        """
        Create 1 file, 40 kB
          vae/
            + borealisVAE_v10.safetensors  40 kB  Borealis VAE · v1.0

        Plan: 1 create · fetch 40 kB · needs 40 kB of FREE free
        Apply complete: 1 created · fetched 40 kB in TIME · snapshot ID.
        `civsync rollback @empty` undoes it.
        [errors]
        warning[C186]: the site does not know the token in `CIVSYNC_TOKEN`; going on without a login
          help: make a new one in the site's account settings and set `CIVSYNC_TOKEN` to it, or unset \
        it: it goes before a login

        [exit 0]
        """)
      #expect(
        sandbox.requests.routes.filter { $0.value.authorized > 0 }.map(\.key)
          == ["GET /api/v1/me"])
    }
  }

  @Test(arguments: ["models: [1111]", "models: [1110]", "favorites: true"])
  func `ends with its own code when the manifest needs it`(selection: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "bad"])
      try story.manifest(sandbox, "collections: { c: { \(selection) } }\n")
      let apply = await story.run(["apply", "--yes"])
      #expect(apply.code == (selection == "models: [1110]" ? .ok : .authentication))
      let plan = await story.run(["plan"])
      #expect(plan.code == apply.code)
      #expect(plan.errors.components(separatedBy: "C186").count == 2)
    }
  }
}

struct `A site that is away` {
  @Test func `is waited for once, whether for the token or for models`() async throws {
    let story = try Story(["CIVSYNC_TOKEN": "any"])
    try story.manifest(endpoint: "http://127.0.0.1:1", "collections: { c: { models: [1] } }\n")
    let ran = await story.must("plan", code: .unreachable)
    #expect(ran.errors.components(separatedBy: "retry: ").count == 3, "\(ran.errors)")
  }
}

private func mode(_ story: Story, _ path: String) throws -> Int {
  let attributes = try FileManager.default.attributesOfItem(atPath: story.path(path))
  return try #require(attributes[.posixPermissions] as? Int)
}
