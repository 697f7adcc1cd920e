import CatalogueModel
import ClockTestSupport
import Core
import Testing
import Transfer

@testable import Civitai

@Suite struct FavoritesTests {
  private let list = "one /models?favorites=true"
  private let refusal = json(#"{"error":"Unauthorized"}"#, status: 401)

  private func favorites(
    _ scripts: [String: [ScriptedHTTP.Answer]], token: String? = "t0ken",
    models: Set<ModelID> = [], allowed: @escaping @Sendable (SafeURL) -> Bool = { _ in true }
  ) async -> (text: String, http: ScriptedHTTP, answers: CatalogueAnswers) {
    let http = ScriptedHTTP(scripts)
    let catalogue = CivitaiCatalogue(
      endpoints: [site, other], http: http,
      account: token.map { CatalogueAccount(token: Secret($0), mayTravel: allowed) },
      policy: CataloguePolicy(retries: .none), clock: SkippingClock(), random: { 0.5 })
    let answers = await catalogue.answer(CatalogueQuery(models: models, favorites: true))
    return (text(answers.favorites), http, answers)
  }

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

  @Test func `the list is asked with the token, the models without`() async {
    let (text, http, answers) = await favorites([
      list: [.success(page([tiny(1)], next: "a"))],
      list + "&cursor=a": [.success(page([tiny(2)]))],
      "one /models?ids=1%2C2": [.success(page([tiny(2), tiny(1)]))],
    ])
    #expect(text == "complete 1 2")
    #expect(http.asked == [list, list + "&cursor=a", "one /models?ids=1%2C2"])
    #expect(http.requests.map { $0.bearer?.reveal() } == ["t0ken", "t0ken", nil])
    #expect(answers.models.isEmpty)
  }

  @Test func `what the account's own answer says of a model is not believed`() async {
    let mine = tiny(1).replacing("Model 1", with: "As the account sees it")
    let (_, _, answers) = await favorites([
      list: [.success(page([mine]))], "one /models?ids=1": [.success(page([tiny(1)]))],
    ])
    guard case .complete(let models, _)? = answers.favorites else {
      Issue.record("no list")
      return
    }
    #expect(models.map(\.name) == ["Model 1"])
  }

  @Test func `without a token nothing is asked`() async {
    let (text, http, _) = await favorites([:], token: nil)
    #expect(text == "refused: \(BlockedReason.loginRequired.code)")
    #expect(http.asked.isEmpty)
  }

  @Test func `a token that the site does not take is said to be refused`() async {
    let (text, http, _) = await favorites([list: [.success(refusal)]])
    #expect(text == "refused: \(BlockedReason.tokenRefused.code)")
    #expect(http.asked == [list])
  }

  @Test func `a token that stops to be taken half way leaves the list incomplete`() async {
    let (text, _, _) = await favorites([
      list: [.success(page([tiny(1)], next: "a"))], list + "&cursor=a": [.success(refusal)],
      "one /models?ids=1": [.success(page([tiny(1)]))],
    ])
    #expect(
      text
        == "partial 1: `https://one.example/` refused the question: HTTP 401 (Unauthorized)")
  }

  @Test func `the token goes to no endpoint that it may not go to`() async {
    let (text, http, _) = await favorites(
      [
        "two /models?favorites=true": [.success(page([tiny(1)]))],
        "one /models?ids=1": [.success(page([tiny(1)]))],
      ], allowed: { $0 == other })
    #expect(text == "complete 1 (fallback)")
    #expect(http.requests.allSatisfy { $0.bearer == nil || $0.url.host == "two.example" })
    let (none, silent, _) = await favorites([:], allowed: { _ in false })
    #expect(silent.asked.isEmpty)
    #expect(
      none
        == "unavailable: `https://one.example/` is no site that the token may be sent to; allow "
        + "it with `civsync login --host`; `https://two.example/` is no site that the token may be "
        + "sent to; allow it with `civsync login --host`")
  }

  @Test func `a favorite that nobody is shown is left out, one that is unknown leaves a gap`() async
  {
    let (text, _, _) = await favorites(
      [
        list: [.success(page([tiny(1), tiny(2)]))],
        "one /models?ids=1%2C2": [.success(page([tiny(1)]))],
      ])
    #expect(text == "complete 1")
    let (gap, _, _) = await favorites(
      [
        list: [.success(page([tiny(1), tiny(2)]))],
        "one /models?ids=1%2C2": [.success(page([tiny(1)]))],
        "two /models/2": [.success(json(tiny(2)))],
      ])
    #expect(gap == "partial 1: only a fallback endpoint shows model 2")
  }

  @Test func `models that are asked for anyway stay in the answer`() async {
    let (text, _, answers) = await favorites(
      [
        list: [.success(page([tiny(1)]))],
        "one /models?ids=1%2C5": [.success(page([tiny(1), tiny(5)]))],
      ], models: [5])
    #expect(text == "complete 1")
    #expect(Set(answers.models.keys) == [5])
  }

  @Test func `favorites are not asked for unless they are wanted`() async {
    let rig = Rig(["one": [.success(page([]))]])
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"]))
    #expect(answers.favorites == nil)
    #expect(rig.http.asked == ["one /models?username=u"])
  }
}
