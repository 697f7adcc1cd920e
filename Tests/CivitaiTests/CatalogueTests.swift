import CatalogueModel
import ClockTestSupport
import Core
import Synchronization
import Testing
import Transfer

@testable import Civitai

@Suite struct CatalogueTests {
  private let refused = TransferError.couldNotConnect(host: "one.example", message: "refused")

  @Test func `models are asked for in batches of a hundred`() async {
    let rig = Rig(["one": [.success(page((1...250).map { tiny($0) }))]])
    let ids = Set((1...250).map { ModelID(Int64($0)) })
    let answers = await rig.catalogue.answer(CatalogueQuery(models: ids))
    #expect(answers.models.count == 250)
    #expect(ids.allSatisfy { text(answers.models[$0]) == "found \($0)" })
    #expect(rig.http.asked.count == 3)
    let first = (1...100).map(String.init).joined(separator: "%2C")
    #expect(rig.http.asked.contains("one /models?ids=\(first)"))
    // Else the list leaves those out that their creators archived.
    #expect(rig.http.requests.allSatisfy { $0.url.query?.contains("archived=true") == true })
  }

  @Test func `a model that no list shows is asked for by itself`() async {
    let rig = Rig([
      "one /models?ids=1%2C2": [.success(page([tiny(1), tiny(9)]))],
      "one /models/2": [.success(json(tiny(2)))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1, 2]))
    #expect(text(answers.models[1]) == "found 1")
    #expect(text(answers.models[2]) == "found 2")
    #expect(answers.models[9] == nil)
    #expect(rig.http.asked == ["one /models?ids=1%2C2", "one /models/2"])
  }

  @Test func `a region that the site does not serve is no unknown and no gone`() async throws {
    let blocked = ScriptedHTTP.Answer.success(json("", status: 451))
    let query = CatalogueQuery(users: ["ada"], models: [1], versions: [20])
    for elsewhere in [blocked, .success(notFound), .failure(refused)] {
      let rig = Rig(["one": [blocked], "two": [elsewhere]])
      let answers = await rig.catalogue.answer(query)
      #expect(text(answers.models[1]) == "region")
      guard case .region? = answers.versions[20], case .refused(.region)? = answers.users["ada"]
      else {
        Issue.record("\(answers.versions) \(answers.users)")
        return
      }
    }
    // The first endpoint's word counts: a later one that shows it is only a fallback.
    let shown = Rig(["one": [blocked], "two /models/1": [.success(json(tiny(1)))]])
    #expect(text(await shown.catalogue.answer(query).models[1]) == "found 1 (fallback)")
    let silent = Rig(["one": [.failure(refused)], "two": [blocked]])
    #expect(text(await silent.catalogue.answer(query).models[1]).hasPrefix("unavailable"))
  }

  @Test func `gone is what every endpoint says twice, with a pause between`() async {
    let rig = Rig(["one /models?ids=2": [.success(page([]))]])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [2]))
    #expect(text(answers.models[2]) == "gone")
    #expect(
      rig.http.asked == [
        "one /models?ids=2", "one /models/2", "two /models/2", "one /models/2", "two /models/2",
      ])
    #expect(rig.clock.sleeps == [.seconds(1)])
  }

  @Test func `a model that is back at the second question is found`() async {
    let rig = Rig([
      "one /models?ids=2": [.success(page([]))],
      "one /models/2": [.success(notFound), .success(json(tiny(2)))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [2]))
    #expect(text(answers.models[2]) == "found 2")
  }

  @Test func `a 404 is not gone while one endpoint is silent`() async {
    let rig = Rig(["two": [.failure(.couldNotResolveHost("two.example"))]])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [2]))
    #expect(
      text(answers.models[2])
        == "unavailable: `https://two.example/`: no address found for `two.example`; check the "
        + "name and the network")
  }

  @Test func `an endpoint that cannot be reached is not asked again`() async {
    let rig = Rig([
      "one": [.failure(refused)],
      "two /models?ids=1%2C2%2C3": [.success(page([tiny(1)]))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1, 2, 3]))
    #expect(text(answers.models[1]) == "found 1 (fallback)")
    #expect(text(answers.models[2]).hasPrefix("unavailable: `https://one.example/`: could not"))
    #expect(rig.http.asked.count { $0.hasPrefix("one") } == 1)
  }

  @Test func `an endpoint that answers only trouble is left alone, probed, and given up`() async {
    let notices = Mutex<[CatalogueProgress]>([])
    let rig = Rig(["one": [.success(json("{}", status: 503))]], endpoints: [site])
    let answers = await rig.catalogue.answer(
      CatalogueQuery(models: Set((1...4_000).map { ModelID($0) }))
    ) { notice in
      if case .rests = notice { notices.withLock { $0.append(notice) } }
    }
    #expect(
      text(answers.models[40]) == "unavailable: `https://one.example/` answered HTTP 503")
    // Five failures, one or two that were under way, and two probes; then nobody asks.
    #expect((7...9).contains(rig.http.asked.count))
    #expect(
      notices.withLock { $0 } == [
        .rests(endpoint: site, .seconds(30), reason: "answered HTTP 503"),
        .rests(endpoint: site, .seconds(60), reason: "answered HTTP 503"),
      ])
  }

  @Test func `an endpoint that comes back after its pause is asked again, and that is said`()
    async
  {
    let notices = Mutex<[CatalogueProgress]>([])
    let hear: @Sendable (CatalogueProgress) -> Void = { notice in
      switch notice {
      case .rests, .returned: notices.withLock { $0.append(notice) }
      default: break
      }
    }
    let trouble = ScriptedHTTP.Answer.success(json("{}", status: 503))
    let rig = Rig(
      [
        "one": [.success(page([]))],
        "one /models/1": Array(repeating: trouble, count: 5),
        "one /models/2": [.success(json(tiny(2)))],
      ], endpoints: [site], policy: CataloguePolicy(retries: .standard))
    let first = await rig.catalogue.answer(CatalogueQuery(models: [1]), progress: hear)
    #expect(text(first.models[1]) == "unavailable: `https://one.example/` answered HTTP 503")
    let second = await rig.catalogue.answer(CatalogueQuery(models: [2]), progress: hear)
    #expect(text(second.models[2]) == "found 2")
    #expect(
      notices.withLock { $0 } == [
        .rests(endpoint: site, .seconds(30), reason: "answered HTTP 503"),
        .returned(endpoint: site),
      ])
  }

  @Test func `while the first endpoint rests the next is asked, and nobody waits`() async {
    let trouble = ScriptedHTTP.Answer.success(json("{}", status: 503))
    var script = ["one": [trouble], "two": [ScriptedHTTP.Answer.success(page([]))]]
    for id in 1...20 { script["two /models/\(id)"] = [.success(json(tiny(id)))] }
    let rig = Rig(script)
    let ids = Set((1...20).map { ModelID(Int64($0)) })
    let answers = await rig.catalogue.answer(CatalogueQuery(models: ids))
    #expect(ids.allSatisfy { text(answers.models[$0]) == "found \($0) (fallback)" })
    #expect(rig.http.asked.count { $0.hasPrefix("one") } <= 6)
    #expect(rig.clock.sleeps.isEmpty)
  }

  @Test func `a host that wants to be left alone for long is, and nobody sleeps that long`() async {
    let away = ScriptedHTTP.Answer.success(
      json("{}", status: 503, headers: ["Retry-After": "86400"]))
    let rig = Rig(["one": [away]], endpoints: [site], policy: CataloguePolicy(retries: .standard))
    for user in ["u", "v"] {
      let answers = await rig.catalogue.answer(CatalogueQuery(users: [user]))
      guard case .unavailable(let reason) = answers.users[user] else {
        Issue.record("an answer was made up")
        return
      }
      #expect(reason == "`https://one.example/` answered HTTP 503")
    }
    #expect(rig.clock.sleeps.isEmpty)
    #expect(rig.http.asked.count == 1)
  }

  @Test func `asked too often, it is waited for as long as is said, and then no longer`() async {
    let notices = Mutex<[Duration]>([])
    let rig = Rig(
      ["one": [.success(json("{}", status: 429))]], endpoints: [site],
      policy: CataloguePolicy(retries: .standard))
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"])) { notice in
      if case .waiting(_, let delay, _) = notice { notices.withLock { $0.append(delay) } }
    }
    guard case .unavailable = answers.users["u"] else {
      Issue.record("an answer was made up")
      return
    }
    let waits: [Duration] = [.seconds(60), .seconds(120), .seconds(240)]
    #expect(notices.withLock { $0 } == waits)
    #expect(rig.clock.sleeps == waits)
    #expect(answers.calls == 4)
  }

  @Test func `a fallback's list leaves the rest unknown`() async {
    let rig = Rig([
      "one /models?ids=1": [.success(json("{}", status: 400))],
      "one /models/1": [.success(json(#"{"id":5}"#))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1]))
    #expect(
      text(answers.models[1])
        == "unavailable: `https://one.example/` answered what cannot be read: model 1, field "
        + "`id`: the answer is about 5")
  }

  @Test func `what a listing showed is not asked for again`() async {
    let rig = Rig(["one /models?username=u": [.success(page([tiny(1), tiny(2), "{}"]))]])
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"], models: [1]))
    #expect(text(answers.models[1]) == "found 1")
    #expect(answers.models[2] == nil)
    #expect(rig.http.asked == ["one /models?username=u"])
  }

  @Test func `a version leads to its model, and what only it tells comes along`() async throws {
    let version =
      #"{"id":10,"modelId":1,"name":"v1","baseModel":"X","usageControl":"Generation","files":[]}"#
    let hidden = #"{"id":11,"modelId":1,"name":"hidden","baseModel":"X","files":[]}"#
    let rig = Rig([
      "one /model-versions/10": [.success(json(version))],
      "one /model-versions/11": [.success(json(hidden))],
      "one /models?ids=1": [.success(page([tiny(1)]))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(versions: [10, 11]))
    guard case .found(1, downloadsDisabled: true) = answers.versions[10],
      case .found(1, downloadsDisabled: false) = answers.versions[11],
      case .found(let model, fromFallback: false) = answers.models[1]
    else {
      Issue.record("the versions did not lead to their model")
      return
    }
    #expect(model.versions.map(\.id) == [10, 11])
    #expect(model.versions.map(\.downloadsDisabled) == [true, false])
  }

  @Test func `a version can be gone or unknown`() async {
    let rig = Rig([
      "one /model-versions/1": [.success(notFound)],
      "one /model-versions/2": [.success(html(403))],
      "one /model-versions/3": [.success(json(#"{"id":4,"modelId":1,"files":[]}"#))],
      "one /model-versions/5": [.success(json(#"{"id":5,"modelId":1,"assets":[]}"#))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(versions: [1, 2, 3, 5]))
    guard case .gone = answers.versions[1], case .unavailable = answers.versions[2],
      case .unavailable(let reason) = answers.versions[3],
      case .unavailable(let lost) = answers.versions[5]
    else {
      Issue.record("the versions were answered otherwise")
      return
    }
    #expect(reason.hasSuffix("version 3, field `id`: the answer is about 4"))
    #expect(lost.contains("model 1, version 5, field `files`: is gone from the site's answer"))
  }

  @Test func `passing trouble is waited out, and said`() async {
    let notices = Mutex<[CatalogueProgress]>([])
    let rig = Rig(
      [
        "one /models?ids=1": [
          .success(json("{}", status: 503, headers: ["Retry-After": "20"])),
          .failure(.connectionLost(received: 3)), .success(page([tiny(1)])),
        ]
      ], policy: CataloguePolicy(retries: .standard))
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1])) { notice in
      notices.withLock { $0.append(notice) }
    }
    #expect(text(answers.models[1]) == "found 1")
    #expect(answers.calls == 3)
    #expect(rig.clock.sleeps == [.seconds(20), .seconds(15)])
    let all = notices.withLock { $0 }
    // Each try is told, and how long its answer took where one came.
    let tries = all.compactMap { notice in
      if case .called(let took, let ending) = notice { (took != nil, ending) } else { nil }
    }
    #expect(tries.map(\.0) == [true, false, true])
    #expect(tries.map(\.1) == [.failed, .failed, .answered])
    #expect(
      all.filter { if case .called = $0 { false } else { true } } == [
        .waiting(endpoint: site, delay: .seconds(20), reason: "answered HTTP 503"),
        .waiting(
          endpoint: site, delay: .seconds(15),
          reason: "the connection was lost after 3 bytes"),
        .lookedUp(models: 1, of: 1), .lookedUp(models: 1, of: 1),
      ])
  }

  @Test(arguments: [
    (ScriptedHTTP.Answer.success(html(403)), 2), (.success(html(200)), 2),
    (.success(json("{\"items\":[", status: 200)), 3), (.success(json("nonsense")), 3),
  ])
  func `what stands in the place of data is asked for again, but not for long`(
    answer: ScriptedHTTP.Answer, tries: Int
  ) async {
    let rig = Rig(
      ["one": [answer]], endpoints: [site], policy: CataloguePolicy(retries: .standard))
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"]))
    #expect(answers.calls == tries)
    guard case .unavailable = answers.users["u"] else {
      Issue.record("an answer was made up")
      return
    }
    let mended = Rig(
      ["one": [answer, .success(page([tiny(1)]))]], endpoints: [site],
      policy: CataloguePolicy(retries: .standard))
    guard
      case .complete(let models, _) = await mended.catalogue.answer(
        CatalogueQuery(users: ["u"])
      ).users["u"]
    else {
      Issue.record("the second answer was not taken")
      return
    }
    #expect(models.count == 1)
  }

  @Test func `a host that was never there is tried three times, whatever the policy says`() async {
    let rig = Rig(
      ["one": [.failure(refused)]], endpoints: [site], policy: CataloguePolicy(retries: .standard))
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1]))
    #expect(answers.calls == 3)
    #expect(rig.clock.sleeps == [.seconds(5), .seconds(15)])
  }

  @Test(arguments: [
    ScriptedHTTP.Answer.success(json("{}", status: 400)), .success(json("{}", status: 401)),
    .failure(.tls("untrusted")),
  ])
  func `final trouble is not repeated`(_ answer: ScriptedHTTP.Answer) async {
    let rig = Rig(
      ["one": [answer]], endpoints: [site], policy: CataloguePolicy(retries: .standard))
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"]))
    guard case .unavailable = answers.users["u"] else {
      Issue.record("an answer was made up")
      return
    }
    #expect(rig.http.asked.count == 1)
    #expect(rig.clock.sleeps.isEmpty)
  }

  @Test func `two calls run at one time and never more`() async {
    let rig = Rig(["one": [.success(page([]))]])
    let users = Set((0..<12).map { "user\($0)" })
    _ = await rig.catalogue.answer(CatalogueQuery(users: users))
    #expect(rig.http.asked.count == 12)
    #expect(rig.http.mostRunning == 2)
  }

  @Test func `a cancelled run asks no more and invents nothing`() async {
    let rig = Rig(["one": [.success(page([tiny(1)]))]])
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await rig.catalogue.answer(CatalogueQuery(users: ["u"], models: [1], versions: [2]))
    }
    task.cancel()
    let answers = await task.value
    #expect(text(answers.models[1]) == "unavailable: interrupted")
    #expect(rig.http.asked.isEmpty)
  }

  @Test func `a call that is cancelled under way is an interruption`() async {
    let rig = Rig(["one": [.failure(.cancelled)], "two": [.failure(.cancelled)]])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1]))
    #expect(text(answers.models[1]) == "unavailable: interrupted")
  }
}
