import CatalogueModel
import Core
import Testing

@testable import Civitai

@Suite struct VersionDecodingTests {
  private func detail(_ members: String) throws -> Decoded<VersionDetail> {
    try decodeVersion(
      bytes(#"{"id":31,"modelId":21,"name":"V","baseModel":"X"\#(members)}"#))
  }

  private func gate(_ members: String) throws -> Gate? { try detail(members).value.version.gate }

  private static let end = Timestamp("2026-10-01T00:00:00Z")

  @Test(arguments: [
    #","paidAccess":{"permanent":false,"endsAt":"2026-10-01T00:00:00Z"}"#,
    #","earlyAccessDeadline":"2026-10-01T00:00:00""#,
    #","publishedAt":"2026-09-24T00:00:00.0Z","earlyAccessTimeFrame":7"#,
    #","createdAt":"2026-09-24","earlyAccessTimeFrame":7"#,
    #","availability":"EarlyAccess","earlyAccessDeadline":"2026-10-01T00:00:00.000Z""#,
  ])
  func `a gate of every generation ends when it says`(_ members: String) throws {
    #expect(try gate(members) == Gate(endsAt: Self.end))
  }

  @Test(arguments: [
    #","paidAccess":{"permanent":false,"endsAt":null}"#,
    #","paidAccess":{"permanent":true,"endsAt":"2026-10-01T00:00:00Z"}"#,
    #","paidAccess":{}"#, #","availability":"EarlyAccess""#, #","earlyAccessTimeFrame":7"#,
  ])
  func `a gate without a known end is a gate`(_ members: String) throws {
    #expect(try gate(members) == Gate(endsAt: nil))
  }

  @Test(arguments: [
    "", #","availability":"Public""#, #","earlyAccessTimeFrame":0"#, #","paidAccess":null"#,
    #","earlyAccessDeadline":null"#,
  ])
  func `no gate is no gate`(_ members: String) throws {
    #expect(try gate(members) == nil)
  }

  @Test(arguments: [
    "2024-03-21T06:33:04.436Z", "2024-03-21T06:33:04.436", "2024-03-21T06:33:04.4360001Z",
    "2024-03-21T08:33:04.436+02:00",
  ])
  func `dates are read with and without Z and with any fraction`(_ text: String) throws {
    let version = try detail(#","publishedAt":"\#(text)""#).value.version
    #expect(version.publishedAt == Timestamp("2024-03-21T06:33:04.436Z"))
  }

  @Test func `a date that cannot be read is noted`() throws {
    let decoded = try detail(#","publishedAt":"last Tuesday""#)
    #expect(decoded.value.version.publishedAt == nil)
    #expect(
      decoded.oddities.map(\.message) == [
        "`last Tuesday` is no date that civsync can read; left out"
      ])
  }

  @Test(arguments: [
    ("", false), (#","usageControl":"Download""#, false), (#","usageControl":null"#, false),
    (#","usageControl":"Generation""#, true), (#","usageControl":"InternalGeneration""#, true),
  ])
  func `downloads are disabled where the site says so`(
    _ members: String, _ disabled: Bool
  ) throws {
    #expect(try detail(members).value.version.downloadsDisabled == disabled)
  }

  @Test func `the owner is told by modelId, or inside model`() throws {
    let decoded = try decodeVersion(
      bytes(#"{"id":31,"baseModel":"X","model":{"id":21,"name":"M"}}"#))
    #expect(decoded.value.model == 21)
    #expect(decoded.value.version.name == "version 31")
  }

  @Test func `a version without an owner or an id is refused`() {
    let error = #expect(throws: DecodingProblem.self) { try decodeVersion(bytes(#"{"id":31}"#)) }
    #expect(
      error?.description
        == "version 31, field `modelId`: expected a positive number, found nothing")
    #expect(throws: DecodingProblem.self) { try decodeVersion(bytes(#"{"modelId":1}"#)) }
    #expect(throws: DecodingProblem.self) { try decodeVersion(bytes("nonsense")) }
  }

  @Test func `an absent base model is taken as Other and noted`() throws {
    let decoded = try decodeVersion(bytes(#"{"id":31,"modelId":21}"#))
    #expect(decoded.value.version.baseModel == "Other")
    #expect(decoded.oddities.map(\.field) == ["baseModel"])
  }
}
