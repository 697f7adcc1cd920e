import CatalogueModel
import Core
import Synchronization
import Testing
import Transfer

@testable import Civitai

/// One bad answer among good ones: it has its message, and stops nothing else.
struct Trouble: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var answer: ScriptedHTTP.Answer
  /// The beginning of what is said of the model; `nil` where it is read all the same.
  var reason: String?
}

private let troubles: [Trouble] = [
  Trouble(
    testDescription: "a login page as 200", answer: .success(html(200)),
    reason: "`https://one.example/` answered with a web page instead of data (HTTP 200)"),
  Trouble(
    testDescription: "a challenge", answer: .success(html(403)),
    reason: "`https://one.example/` answered with a web page instead of data (HTTP 403)"),
  Trouble(
    testDescription: "an error of the edge", answer: .success(json("", status: 522)),
    reason: "`https://one.example/` answered HTTP 522"),
  Trouble(
    testDescription: "malformed JSON", answer: .success(json("{\"id\":2,}")),
    reason: "`https://one.example/` answered what cannot be read: this is no JSON"),
  Trouble(
    testDescription: "truncated JSON", answer: .success(json("{\"id\":2,\"name\":\"x")),
    reason: "`https://one.example/` answered what cannot be read: the JSON ends too early"),
  Trouble(
    testDescription: "another model", answer: .success(json(tiny(3))),
    reason: "`https://one.example/` answered what cannot be read: model 2, field `id`"),
  Trouble(
    testDescription: "no versions", answer: .success(json("{\"id\":2}")),
    reason: "`https://one.example/` answered what cannot be read: model 2, field `modelVersions`"),
  Trouble(
    testDescription: "an answer longer than is taken",
    answer: .failure(.bodyTooLarge(limit: ByteCount(128 << 20))),
    reason: "`https://one.example/`: the answer is longer than"),
  Trouble(
    testDescription: "a wrong type of a good answer",
    answer: .success(json(tiny(2), headers: ["Content-Type": "text/plain"])), reason: nil),
  Trouble(
    testDescription: "no type at all",
    answer: .success(
      HTTPResponse(status: 200, headers: [:], body: bytes(tiny(2)), url: site)), reason: nil),
  Trouble(
    testDescription: "ten megabytes of description",
    answer: .success(
      json(
        tiny(2).replacing(
          "\"type\":",
          with: "\"description\":\"\(String(repeating: "<p>x</p>", count: 1_300_000))\",\"type\":")
      )), reason: nil),
  Trouble(
    testDescription: "fields that are new, of other types, or missing",
    answer: .success(
      json(
        #"{"id":2,"hue":[1],"tags":7,"nsfwLevel":"high","modelVersions":[{"id":20,"files":null}]}"#
      )), reason: nil),
]

@Suite struct TroubleTests {
  @Test(arguments: troubles)
  func `has its message, and stops none of the other models`(trouble: Trouble) async {
    let rig = Rig(
      [
        "one": [.success(page([]))], "one /models/1": [.success(json(tiny(1)))],
        "one /models/2": [trouble.answer], "one /models/3": [.success(json(tiny(3)))],
      ], endpoints: [site])
    let answers = await rig.catalogue.answer(CatalogueQuery(models: [1, 2, 3], details: true))
    for id in [1, 3] as [ModelID] {
      guard case .found(let model, false) = answers.models[id] else {
        Issue.record("model \(id) was lost")
        return
      }
      #expect(model.id == id)
    }
    switch (answers.models[2], trouble.reason) {
    case (.found(let model, _), nil): #expect(model.id == 2)
    case (.unavailable(let reason), let expected?):
      #expect(reason.hasPrefix(expected), "\(reason)")
    default: Issue.record("it was answered \(String(describing: answers.models[2]).prefix(200))")
    }
  }

  @Test func `where the list does not answer nobody is asked about one by one`() async {
    let ids = Set((1...1_000).map { ModelID(Int64($0)) })
    let versions = Set((1...300).map { VersionID(Int64($0)) })
    for trouble in [html(403), html(200), json("{")] {
      let rig = Rig(["one": [.success(trouble)]], endpoints: [site])
      let notices = Mutex<[CatalogueProgress]>([])
      let answers = await rig.catalogue.answer(
        CatalogueQuery(models: ids, versions: versions)
      ) { notice in notices.withLock { $0.append(notice) } }
      #expect(answers.models.values.allSatisfy { text($0).hasPrefix("unavailable: `https://one") })
      #expect(answers.models.count == 1_000 && answers.versions.count == 300)
      #expect(rig.http.asked.allSatisfy { $0.hasPrefix("one /models?") })
      // Five in a row, then the host is left alone, tried twice, and given up.
      #expect(rig.http.asked.count <= 8, "\(rig.http.asked.count)")
      #expect(notices.withLock { $0.contains { if case .rests = $0 { true } else { false } } })
    }
  }

  @Test(arguments: [
    (
      #"{"id":20,"assets":[]}"#,
      "model 2, version 20, field `files`: is gone from the site's answer"
    ),
    (#"{"name":"x","files":[]}"#, "model 2, a version, field `id`: is gone from the site's answer"),
    ("null", "model 2, a version, field `id`: is gone from the site's answer"),
  ])
  func `a field that is needed and has gone is said, and makes nothing withdrawn`(
    version: String, message: String
  ) async {
    let model = #"{"id":2,"name":"M","type":"LORA","modelVersions":[\#(version)]}"#
    let rig = Rig(["one /models?username=ada": [.success(page([tiny(1), model]))]])
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["ada"]))
    guard case .partial(let models, let reason, false)? = answers.users["ada"] else {
      Issue.record("\(answers.users)")
      return
    }
    #expect(models.map(\.id) == [1])
    #expect(reason.hasPrefix(message), "\(reason)")
  }
}
