import Core
import Testing

@testable import CivitaiSandbox

@Suite struct ListingTests {
  /// Follows the cursor to its end; gives the ids page by page.
  private func pages(_ server: SandboxServer, _ query: String) async throws -> [[Int64]] {
    var pages: [[Int64]] = []
    var cursor: String?
    repeat {
      let next = cursor.map { "&cursor=\(Query.encode($0))" } ?? ""
      let page = try await Client.json("\(server.apiURL)/api/v1/models?\(query)\(next)")
      pages.append(page["items"]?.elements?.compactMap { $0["id"]?.integer } ?? [-1])
      cursor = page.at("metadata", "nextCursor")?.text
      #expect((page.at("metadata", "nextPage") == nil) == (cursor == nil))
    } while cursor != nil && pages.count < 200
    return pages
  }

  private var listed: [Int64] {
    MadeModels.all.filter { $0.mode != .archived && !$0.isRealPerson }.map(\.id.rawValue)
  }

  @Test func `oldest first gives every model once, over short and empty pages`() async throws {
    try await withSandbox { server in
      let pages = try await pages(server, "limit=10&nsfw=true&sort=Oldest")
      #expect(pages.flatMap { $0 } == listed.sorted())
      #expect(pages[0].count == 10 && pages[1].count == 8 && pages[2].isEmpty)
      #expect(pages[3].count == 10)
    }
  }

  @Test func `newest first drops one model at each page's end`() async throws {
    try await withSandbox { server in
      let pages = try await pages(server, "limit=10&nsfw=true&sort=Newest")
      let seen = pages.flatMap { $0 }
      let edges = pages.dropLast().filter { !$0.isEmpty }.count
      #expect(seen.count == listed.count - edges)
      #expect(seen == seen.sorted(by: >))
    }
  }

  @Test func `a creator's page may be short, empty, or lead to nothing`() async throws {
    try await withSandbox { server in
      let mira = try await pages(server, "limit=100&nsfw=true&sort=Oldest&username=mira_lab")
      #expect(mira.map(\.count) == [7, 0, 6])
      let north = try await pages(server, "limit=100&nsfw=true&sort=Oldest&username=northwind")
      #expect(north.map(\.count) == [10, 0])
      let aurora = try await pages(server, "limit=100&nsfw=true&sort=Oldest&username=aurora_studio")
      #expect(aurora == [Array(1_001...1_010)])
    }
  }

  @Test(arguments: [
    ("username=northwind", 8), ("username=northwind&nsfw=true", 10),
    ("username=pixelsmith&types=VAE&types=DoRA", 2), ("username=pixelsmith&types%5B%5D=VAE", 1),
    ("username=pixelsmith&baseModels=Flux.1%20D", 1), ("ids=1001,1102,%201414,9", 2),
    ("modelVersionIds=10011,11011", 2), ("username=tinker&archived=false&query=archived", 1),
    ("username=tinker&query=archived", 0), ("tag=vae", 3), ("query=portrait", 0),
    ("username=tinker&earlyAccess=true", 2), ("fromPlatform=true", 0), ("limit=0", 0),
  ])
  func `filters do what the site makes of them`(query: String, count: Int) async throws {
    try await withSandbox { server in
      let page = try await Client.json("\(server.apiURL)/api/v1/models?sort=Oldest&\(query)")
      #expect(page["items"]?.elements?.count == count)
    }
  }

  @Test(arguments: [
    ("limit=101", 400, "limit"), ("limit=x", 400, "limit"), ("types=LORA,VAE", 400, "repeat"),
    ("types=Nonsense", 400, "unknown value"), ("page=0", 400, "page"), ("sort=Best", 400, "sort"),
    ("page=11&limit=100", 429, "cursor"), ("cursor=abc", 400, "not one of ours"),
    ("username=nobody_here", 404, "No user"), ("favorites=false", 401, "session"),
    ("hidden=true", 401, "session"),
  ])
  func `what the site refuses is refused alike`(
    query: String, status: Int, text: String
  ) async throws {
    try await withSandbox { server in
      let reply = try await Client.get("\(server.apiURL)/api/v1/models?\(query)")
      #expect(reply.status == status)
      #expect(reply.text.contains(text))
      #expect(reply.headers["retry-after"] == nil)
    }
  }

  @Test func `the page number is echoed and ignored`() async throws {
    try await withSandbox { server in
      let url = "\(server.apiURL)/api/v1/models?limit=5&sort=Oldest&page="
      let first = try await Client.json(url + "1")
      let third = try await Client.json(url + "3")
      #expect(third["items"] == first["items"])
      #expect(third.at("metadata", "currentPage") == 3)
    }
  }

  @Test func `favorites are listed with a session`() async throws {
    try await withSandbox { server in
      let page = try await Client.json(
        "\(server.apiURL)/api/v1/models?favorites=true&nsfw=true", token: "sandbox-token")
      let ids = page["items"]?.elements?.compactMap { $0["id"]?.integer } ?? []
      #expect(!ids.isEmpty && ids.allSatisfy { $0 % 7 == 0 })
    }
  }

  @Test func `100,000 models are listed by page and by creator`() async throws {
    try await withSandbox(.small { $0.models = 100_000 }) { server in
      let mine = try await pages(server, "limit=100&nsfw=true&sort=Oldest&username=maker_7")
      #expect(mine.flatMap { $0 }.count > 2_000)
      #expect(Set(mine.flatMap { $0 }).count == mine.flatMap { $0 }.count)
      let last = try await Client.json("\(server.apiURL)/api/v1/models?limit=1&sort=Newest")
      #expect(last.at("items", 0, "id") == 299_999)
    }
  }
}
