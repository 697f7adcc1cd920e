import CatalogueModel
import Core
import Testing
import Transfer

@testable import Civitai

@Suite struct ListingTests {
  private func listing(
    _ scripts: [String: [ScriptedHTTP.Answer]],
    policy: CataloguePolicy = CataloguePolicy(retries: .none)
  ) async -> (listing: Listing?, rig: Rig) {
    let rig = Rig(scripts, policy: policy)
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"]))
    return (answers.users["u"], rig)
  }

  /// `complete 1 2`, `partial 1: reason`, with `(fallback)` where it is one.
  private func text(_ listing: Listing?) -> String {
    func ids(_ models: [Model]) -> String { models.map { " \($0.id)" }.joined() }
    switch listing {
    case .complete(let models, let fallback):
      return "complete\(ids(models))" + (fallback ? " (fallback)" : "")
    case .partial(let models, let reason, let fallback):
      return "partial\(ids(models))\(fallback ? " (fallback)" : ""): \(reason)"
    case .notFound: return "not found"
    case .refused(let reason): return "refused: \(reason.code)"
    case .unavailable(let reason): return "unavailable: \(reason)"
    case nil: return "nothing"
    }
  }

  private let start = "one /models?username=u"
  private func after(_ cursor: String) -> String { "one /models?username=u&cursor=\(cursor)" }

  @Test func `short and empty pages are followed to the end, each model once`() async {
    let (listing, rig) = await listing([
      start: [.success(page([tiny(1)], next: "a"))],
      after("a"): [.success(page([], next: "b"))],
      after("b"): [.success(page([tiny(1), tiny(2)]))],
    ])
    #expect(text(listing) == "complete 1 2")
    #expect(rig.http.asked == [start, after("a"), after("b")])
  }

  @Test func `a list is asked for as the site wants it, and anonymously`() async throws {
    let (_, rig) = await listing([start: [.success(page([]))]])
    let request = try #require(rig.http.requests.first)
    #expect(
      request.url.wire
        == "https://one.example/api/v1/models?limit=100&nsfw=true&sort=Oldest&username=u")
    #expect(request.bearer == nil)
    #expect(request.headers["accept"] == "application/json")
  }

  @Test func `names and cursors are encoded`() async {
    let rig = Rig(["one": [.success(page([]))]])
    _ = await rig.catalogue.answer(CatalogueQuery(users: ["a&b c"]))
    #expect(rig.http.asked == ["one /models?username=a%26b%20c"])
  }

  @Test func `a cursor that comes back ends the list and is said`() async {
    let (listing, _) = await listing([
      start: [.success(page([tiny(1)], next: "a"))],
      after("a"): [.success(page([tiny(2)], next: "a"))],
    ])
    #expect(
      text(listing) == "partial 1 2: the list came back to a page it had already given")
  }

  @Test func `a list without end is cut off and is said`() async {
    let (listing, _) = await listing(
      [
        start: [.success(page([tiny(1)], next: "a"))],
        after("a"): [.success(page([tiny(2)], next: "b"))],
      ], policy: CataloguePolicy(retries: .none, maxPages: 2))
    #expect(text(listing) == "partial 1 2: the list has more than 2 pages")
  }

  @Test func `a page that cannot be read leaves the list incomplete`() async {
    let (listing, _) = await listing([
      start: [.success(page([tiny(1)], next: "a"))],
      after("a"): [.success(json(#"{"items":[{"id":"#))],
    ])
    #expect(
      text(listing)
        == "partial 1: `https://one.example/` answered what cannot be read: the JSON ends too "
        + "early, after 16 bytes")
  }

  @Test func `a page without metadata leaves the list incomplete`() async {
    let (listing, _) = await listing([
      start: [.success(page([tiny(1)], next: "a"))],
      after("a"): [.success(json(#"{"items":[]}"#))],
    ])
    #expect(
      text(listing)
        == "partial 1: `https://one.example/` answered what cannot be read: page, field "
        + "`metadata`: expected an object, found nothing")
  }

  @Test func `a model that cannot be read leaves the list incomplete`() async {
    let (listing, _) = await listing([start: [.success(page([tiny(1), "{}"]))]])
    #expect(
      text(listing)
        == "partial 1: model 2 of the page, field `id`: expected a positive number, found nothing")
    let (second, _) = await self.listing([start: [.success(page(["{}", tiny(1), "{}"]))]])
    #expect(
      text(second)
        == "partial 1: model 1 of the page, field `id`: expected a positive number, found nothing, and "
        + "one more model too")
  }

  @Test func `a list that is lost half way is incomplete, and no fallback is asked`() async {
    let (listing, rig) = await listing([
      start: [.success(page([tiny(1)], next: "a"))], after("a"): [.success(notFound)],
    ])
    #expect(
      text(listing) == "partial 1: `https://one.example/` no longer knew the list half way")
    #expect(rig.http.asked.allSatisfy { $0.hasPrefix("one") })
  }

  @Test func `an unknown creator is not found, by the first endpoint's word alone`() async {
    let (listing, rig) = await listing([start: [.success(notFound)]])
    #expect(text(listing) == "not found")
    #expect(rig.http.asked == [start])
  }

  @Test func `a fallback answers when the first endpoint does not`() async {
    let (listing, _) = await listing([
      start: [.failure(.couldNotConnect(host: "one.example", message: "refused"))],
      "two /models?username=u": [.success(page([tiny(1)]))],
    ])
    #expect(text(listing) == "complete 1 (fallback)")
  }

  @Test func `a fallback cannot say that a creator does not exist`() async {
    let (listing, _) = await listing([start: [.success(html())]])
    #expect(
      text(listing)
        == "unavailable: `https://one.example/` answered with a web page instead of data (HTTP "
        + "200), perhaps a challenge or login page; open the site in a browser, or try again "
        + "later; `https://two.example/` does not know the creator")
  }

  @Test func `without endpoints nothing is known`() async {
    let rig = Rig([:], endpoints: [])
    let answers = await rig.catalogue.answer(
      CatalogueQuery(users: ["u"], models: [1], versions: [2]))
    #expect(text(answers.users["u"]) == "unavailable: no endpoint is configured")
    guard case .unavailable("no endpoint is configured") = answers.models[1],
      case .unavailable("no endpoint is configured") = answers.versions[2]
    else {
      Issue.record("something was answered without an endpoint")
      return
    }
  }

  @Test func `oddities come sorted, each once`() async {
    let odd = #"{"id":1,"name":"x","type":"LORA","tags":5}"#
    let rig = Rig([
      "one /models?username=a": [.success(page([odd]))],
      "one /models?username=b": [.success(page([odd, #"{"id":0}"#]))],
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["a", "b"]))
    #expect(answers.oddities.map(\.subject) == ["model 1", "model 2 of the page"])
    #expect(answers.calls == 2)
  }
}
