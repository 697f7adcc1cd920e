import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

@testable import CivsyncCLI

/// The habits of the site that other tools break on, one test each: the sandbox has the habit, and
/// civsync comes out right. (That the sandbox has them is what `CivitaiSandboxTests` show.)
struct `Habits of the site, against its own docs` {
  @Test func `the page number is ignored there: every page is reached by its cursor`() async throws
  {
    try await withMakers { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { users: [maker_0] }\n")
      let plan = try planned(await story.must("plan", "--json"))
      // So many does the catalogue's seed give this creator: two pages.
      #expect(plan.models == 197)
      #expect(sandbox.parameters("GET /api/v1/models")["page"] == nil)
      #expect((sandbox.parameters("GET /api/v1/models")["cursor"] ?? 0) > 0)
    }
  }

  @Test func `the newest first leave one out at each page's end: nothing is missing here`()
    async throws
  {
    try await withMakers { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { users: [maker_1, maker_2, maker_3] }\n")
      let first = try planned(await story.must("plan", "--json"))
      let again = try planned(await story.must("plan", "--json", "--refresh"))
      #expect(first.models == 192 + 191 + 183 && again.models == first.models)
    }
  }

  @Test(arguments: [("mira_lab", 13), ("northwind", 10)])
  func `a page may be short or empty and still go on`(user: String, count: Int) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  a: { users: [\(user)], files: { all: true } }\n")
      let plan = try planned(await story.must("plan", "--json"))
      #expect(plan.models == count)
    }
  }

  @Test func `comma lists are refused there for all but ids: none is sent`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        "collections:\n  a: { users: [aurora_studio], types: [LORA, VAE], "
          + "baseModels: [\"SDXL 1.0\", Pony] }\n  b: { models: [1101, 1104] }\n")
      await story.must("plan")
      let sent = sandbox.parameters("GET /api/v1/models")
      #expect(sent["types=,"] == nil && sent["baseModels=,"] == nil)
      #expect(sent["ids=,"] == 1)
      #expect(sandbox.requests.routes["GET /api/v1/models"]?.statuses[400] == nil)
    }
  }

  @Test func `the text false is taken for true there: it is never sent`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_TOKEN": "sandbox-token"])
      try story.manifest(
        sandbox,
        "collections:\n  a: { users: [tinker], favorites: true }\n  b: { models: [1414, 1423] }\n")
      await story.must("plan")
      for route in sandbox.requests.routes.values {
        #expect(!route.parameters.keys.contains { $0.hasSuffix("=false") })
      }
    }
  }

  @Test func `favorites without a session are 401 there: nobody is asked`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { favorites: true, models: [1004] }\n")
      let plan = await story.must("plan")
      #expect(plan.output.contains("needs a login"))
      #expect(sandbox.parameters("GET /api/v1/models")["favorites"] == nil)
      #expect(plan.output.contains("1 create"))
    }
  }

  @Test func `a collection of the site cannot be listed: that is said, with what can`() async throws
  {
    let story = try Story()
    try story.manifest(
      endpoint: "http://127.0.0.1:9",
      "collections:\n  a:\n    models: [\"https://civitai.com/collections/77\"]\n")
    let ran = await story.must("validate", code: .manifestInvalid)
    #expect(ran.errors.contains("a collection of the site cannot be listed over its API"))
    #expect(ran.errors.contains("`favorites: true`"))
  }

  @Test func `names repeat inside a version: each file has a place of its own`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  a: { models: [1407], files: { all: true } }\n")
      await story.must("apply", "--yes")
      let names = story.placed()
      #expect(names.count == 2 && Set(names).count == 2)
      #expect(names.contains { $0.hasSuffix("_140712.safetensors") }, "\(names)")
    }
  }

  @Test func `names change with the model's: the file stays where it is`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1104] }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      try await sandbox.control(.rename(model: ModelID(1104), name: "Something Else"))
      let plan = await story.must("plan", "--refresh", "--detailed-exitcode")
      #expect(plan.output.contains("is now called `Something Else` upstream"))
      await story.must("apply", "--yes", "--refresh")
      #expect(Photo(story).files == before.files)
    }
  }

  @Test func `names hold slashes, colons, blanks and dots: none leads out of the tree`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox,
        "collections:\n  a:\n    models: [{ id: 1409, versions: all }, { id: 1410, versions: all }]\n"
          + "    files: { all: true }\n")
      await story.must("apply", "--yes")
      let names = story.placed()
      #expect(names.count >= 5)
      for name in names {
        let last = name.split(separator: "/").last ?? ""
        #expect(!name.contains("..") || !last.hasPrefix("."), "\(name)")
        #expect(!last.contains { "<>:*?\"|\\".contains($0) } && last.first != " ", "\(name)")
        #expect(name.split(separator: "/").count == 2, "\(name)")
      }
      #expect(!story.exists("Test") && !story.exists("../Test"))
    }
  }

  @Test
  func `a creator replaces a file under the same ids: the digest tells, and the user decides`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1101] }\n")
      await story.must("apply", "--yes")
      let before = Photo(story)
      try await sandbox.control(.replace(file: FileID(110_111)))
      let plan = await story.must("plan", "--refresh")
      #expect(plan.output.contains("Needs your word: 1 file replaced by the creator"))
      await story.must("apply", "--yes", "--refresh")
      #expect(Photo(story) == before)
    }
  }

  @Test func `browsers are sent to login pages: civsync says who it is and gets the file`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1004] }\n")
      await story.must("apply", "--yes")
      let download = try #require(
        sandbox.requests.routes.first { $0.key.contains("/api/download/") }?.value)
      #expect(download.statuses == [307: 1])
      for word in ["mozilla", "chrome", "safari", "firefox", "opera", "edge"] {
        #expect(!Version.userAgent.lowercased().contains(word))
      }
    }
  }

  @Test func `HEAD hangs there: it is never asked, not even for a length`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { users: [aurora_studio] }\n")
      await story.must("apply", "--yes")
      #expect(!sandbox.requests.routes.keys.contains { $0.contains("HEAD") })
      #expect(sandbox.requests.routes.count >= 3)
    }
  }

  @Test func `tools edit headers in place: the object is read-only, and a change is healed`()
    async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "link: hardlink\ncollections:\n  a: { models: [1004] }\n")
      await story.must("apply", "--yes")
      let placed = try #require(story.placed().first)
      let before = Photo(story)
      let mode = try FileManager.default.attributesOfItem(atPath: story.path("models/" + placed))
      #expect(mode[.posixPermissions] as? Int == 0o444)
      try story.edit("models/" + placed, timePutBack: false)
      let status = await story.must("status", code: .drift)
      #expect(status.output.contains("modified"))
      await story.must("apply", "--yes")
      #expect(Photo(story).files == before.files)
    }
  }
}

/// What a plan in JSON says of the models that it would create files of.
private struct PlannedModels {
  var models: Int
}

private func planned(_ ran: Ran) throws -> PlannedModels {
  let value = try JSONSerialization.jsonObject(with: Data(ran.output.utf8))
  let plan = try #require(value as? [String: Any])
  let actions = try #require(plan["actions"] as? [[String: Any]])
  let blocked = try #require(plan["blocked"] as? [[String: Any]])
  let entries = actions.compactMap { $0["entry"] as? [String: Any] }
  let ids = (entries + blocked).compactMap { $0["model"] as? Int }
  return PlannedModels(models: Set(ids).count)
}

extension SandboxServer {
  fileprivate func parameters(_ route: String) -> [String: Int] {
    requests.routes[route]?.parameters ?? [:]
  }
}

/// Runs `body` with a sandbox whose creators have lists of several pages.
private func withMakers(_ body: (SandboxServer) async throws -> Void) async throws {
  func more(_ options: inout SandboxOptions) { options.models = 8_072 }
  try await withSandbox(more, body)
}
