import CatalogueModel
import ClockTestSupport
import Core
import Synchronization
import Testing
import Transfer

@testable import Civitai

/// Keeps answers in memory, under a clock that is moved by hand.
private final class Memory: AnswerKeeping {
  private let kept = Mutex<[String: KeptAnswer]>([:])
  let now = Mutex<Int64>(1_000_000)

  var names: [String] { kept.withLock { $0.keys.sorted() } }
  func answer(_ name: String) async -> KeptAnswer? { kept.withLock { $0[name] } }
  func keep(_ answer: KeptAnswer, as name: String) async { kept.withLock { $0[name] = answer } }
  func wait(_ seconds: Int64) { now.withLock { $0 += seconds } }

  func cache(asksAnew: Bool = false, age: Int64 = AnswerCache.usualAge) -> AnswerCache {
    AnswerCache(self, now: { [self] in now.withLock { $0 } }, age: age, asksAnew: asksAnew)
  }
}

struct `Answers of earlier runs` {
  private let memory = Memory()

  private func ask(
    _ query: CatalogueQuery, _ scripts: [String: [HTTPResponse]], asksAnew: Bool = false,
    age: Int64 = AnswerCache.usualAge
  ) async -> (answers: CatalogueAnswers, http: ScriptedHTTP) {
    let http = ScriptedHTTP(scripts.mapValues { $0.map { .success($0) } })
    let catalogue = CivitaiCatalogue(
      endpoints: [site, other], http: http, policy: CataloguePolicy(retries: .none),
      cache: memory.cache(asksAnew: asksAnew, age: age), clock: SkippingClock(), random: { 0.5 })
    return (await catalogue.answer(query), http)
  }

  private static let ada = CatalogueQuery(users: ["ada"])

  private func models(_ answers: CatalogueAnswers) throws -> [Model] {
    guard case .complete(let models, false)? = answers.users["ada"] else {
      Issue.record("no whole list: \(answers.users)")
      return []
    }
    return models
  }

  @Test func `serve as long as they are young, whoever was named how`() async throws {
    let query = CatalogueQuery(
      users: ["ada"], models: [ModelID(7), ModelID(8)], versions: [VersionID(90)])
    let scripts = [
      "one /models?username=ada": [page([tiny(1)])],
      "one /models?ids=7%2C8": [page([tiny(7)])],
      "one /models?modelVersionIds=90": [page([tiny(9)])],
      "one /models/8": [json(tiny(8))],
    ]
    let first = await ask(query, scripts)
    #expect(first.answers.calls == 4 && first.answers.kept == KeptCount())
    memory.wait(299)
    let second = await ask(query, [:])
    #expect(second.http.asked == [] && second.answers.calls == 0)
    #expect(second.answers.kept == KeptCount(answers: 4, oldest: 299))
    #expect(try models(second.answers).map(\.id) == [ModelID(1)])
    #expect(second.answers.models.keys.sorted() == [7, 8, 9].map { ModelID($0) })
    memory.wait(1)
    let third = await ask(query, scripts)
    #expect(third.answers.calls == 4 && third.answers.kept.answers == 0)
  }

  @Test func `are not used by those who ask anew, but renewed`() async throws {
    _ = await ask(Self.ada, ["one /models?username=ada": [page([tiny(1)])]])
    let anew = ["one /models?username=ada": [page([tiny(1), tiny(2)])]]
    let asked = await ask(Self.ada, anew, asksAnew: true)
    #expect(try models(asked.answers).count == 2)
    #expect(try models(await ask(Self.ada, [:]).answers).count == 2)
    // With no age at all none is used.
    #expect(await ask(Self.ada, anew, age: 0).answers.calls == 1)
  }

  @Test(arguments: [
    ("ETag", "W/\"a\"", "If-None-Match"), ("Last-Modified", "now", "If-Modified-Since"),
  ])
  func `are asked about, where the server gave a validator`(
    validator: (name: String, value: String, condition: String)
  ) async throws {
    var response = page([tiny(1)])
    response.headers[validator.name] = validator.value
    _ = await ask(Self.ada, ["one /models?username=ada": [response]])
    memory.wait(400)
    let same = HTTPResponse(status: 304, headers: [:], body: [], url: site)
    let again = await ask(Self.ada, ["one /models?username=ada": [same]])
    #expect(again.http.requests[0].headers[validator.condition] == validator.value)
    #expect(try models(again.answers).map(\.id) == [ModelID(1)])
    #expect(again.answers.kept.answers == 0)
    // It is young again.
    memory.wait(200)
    #expect(await ask(Self.ada, [:]).answers.kept == KeptCount(answers: 1, oldest: 200))
  }

  @Test func `a 304 that nobody asked for is no answer`() async {
    let same = HTTPResponse(status: 304, headers: [:], body: [], url: site)
    let (answers, _) = await ask(Self.ada, ["one /models?username=ada": [same]])
    guard case .unavailable? = answers.users["ada"] else {
      Issue.record("\(answers.users)")
      return
    }
  }

  @Test func `are kept of what was read without trouble only`() async {
    var secret = page([tiny(1)])
    secret.headers["Cache-Control"] = "private, no-store"
    for answer in [secret, html(), notFound, json("[]"), json("{"), page([tiny(1), "7"])] {
      _ = await ask(
        CatalogueQuery(users: ["ada"], models: [ModelID(7)]),
        ["one": [answer], "two": [notFound]])
      #expect(memory.names == [])
    }
  }

  @Test func `hold no descriptions and pictures, but for those who want details`() async throws {
    let whole = page([
      """
      {"id":1,"name":"M","type":"LORA","description":"long","modelVersions":[{"id":10,\
      "name":"description","baseModel":"SDXL 1.0","images":[{"url":"https://a.example/b"}],\
      "description":"d","files":[]}]}
      """
    ])
    let scripts = ["one /models?username=ada": [whole]]
    _ = await ask(Self.ada, scripts)
    let kept = try #require(await memory.answer(memory.names[0]))
    let text = String(decoding: kept.bytes, as: UTF8.self)
    #expect(!text.contains("long") && !text.contains("images"))
    #expect(text.contains(#""name":"description""#))
    var details = Self.ada
    details.details = true
    let detailed = await ask(details, scripts)
    #expect(detailed.answers.calls == 1 && detailed.answers.kept.answers == 0)
    #expect(try models(await ask(details, [:]).answers)[0].description == "long")
  }

  @Test func `are counted once in what is new`() async {
    let new = page([#"{"id":1,"name":"M","type":"LORA","smell":3,"modelVersions":[]}"#])
    let first = await ask(Self.ada, ["one /models?username=ada": [new]])
    #expect(first.answers.news.count == 1)
    #expect(await ask(Self.ada, [:]).answers.news.isEmpty)
  }

  /// Five pages of one model each, and what stands at their end now.
  private static func long(_ last: [HTTPResponse]) -> [String: [HTTPResponse]] {
    var scripts = ["one /models?username=ada": [page([tiny(1)], next: "c2")]]
    for number in 2...4 {
      scripts["one /models?username=ada&cursor=c\(number)"] = [
        page([tiny(number)], next: "c\(number + 1)")
      ]
    }
    for (index, answer) in last.enumerated() {
      scripts["one /models?username=ada&cursor=c\(5 + index)"] = [answer]
    }
    return scripts
  }

  @Test func `of a long list the end is asked for, where all that is new stands`() async throws {
    #expect(await ask(Self.ada, Self.long([page([tiny(5)])])).answers.calls == 5)
    memory.wait(3_600)
    // Model 2 has a new version, model 6 is new.
    let end = Self.long([page([tiny(5), tiny(2, version: 99)], next: "c6"), page([tiny(6)])])
    let later = await ask(Self.ada, end)
    #expect(
      later.http.asked == [
        "one /models?username=ada&cursor=c5", "one /models?username=ada&cursor=c6",
      ])
    #expect(later.answers.kept == KeptCount(answers: 4, oldest: 3_600))
    let found = try models(later.answers)
    #expect(found.map(\.id) == [1, 2, 3, 4, 5, 6].map { ModelID($0) })
    #expect(found[1].versions.map(\.id) == [VersionID(99)])
    // Once a day all of it is looked at.
    memory.wait(86_400 - 3_600)
    #expect(await ask(Self.ada, end).answers.calls == 6)
  }

  @Test func `of a list that comes back to its own pages nothing is settled`() async {
    let round = ["one": [page([tiny(1)], next: "c2")]]
    _ = await ask(Self.ada, round)
    memory.wait(3_600)
    let (answers, http) = await ask(Self.ada, round)
    guard case .partial? = answers.users["ada"] else {
      Issue.record("\(answers.users)")
      return
    }
    #expect(http.asked.count == 2 && answers.kept.answers == 0)
  }

  @Test func `of a long list whose end fails what is known is no whole list`() async {
    _ = await ask(Self.ada, Self.long([page([tiny(5)])]))
    memory.wait(3_600)
    let (answers, _) = await ask(Self.ada, ["one": [html(403)]])
    guard case .partial(let models, _, false)? = answers.users["ada"] else {
      Issue.record("\(answers.users)")
      return
    }
    #expect(models.count == 4)
  }
}
