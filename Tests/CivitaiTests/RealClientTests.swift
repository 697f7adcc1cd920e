import CatalogueModel
import Core
import Testing
import Transfer

@testable import Civitai

@Suite struct RealClientTests {
  /// A client that was shut down answers at once and without a network.
  @Test func `the real client serves the catalogue`() async throws {
    let client = try HTTPClient(HTTPConfiguration(userAgent: "civsync/test"))
    client.shutdown()
    let catalogue = CivitaiCatalogue(endpoints: [site], http: client, random: { 0.5 })
    let answers = await catalogue.answer(CatalogueQuery(users: ["u"]))
    guard case .unavailable(let reason) = answers.users["u"] else {
      Issue.record("a client that was shut down gave an answer")
      return
    }
    #expect(reason == "`https://one.example/`: the network client was shut down")
  }
}
