import CatalogueModel
import FoundationEssentials
import Testing

@testable import Engine

@Suite struct `A reason in a saved plan` {
  @Test(
    arguments: [
      .addressRefused([
        AddressRefusal(host: "a.example", status: 404),
        AddressRefusal(host: "b.example", status: 403),
      ]), .objectMissing, .budget(rule: "total", at: "civsync.yaml:3"),
    ] as [BlockedReason])
  func `is read as it was written`(reason: BlockedReason) throws {
    let bytes = try JSONEncoder().encode(SavedReason(reason))
    #expect(try JSONDecoder().decode(SavedReason.self, from: bytes).reason() == reason)
  }
}
