import CatalogueModel
import Core
import Testing

@testable import Civitai

@Suite struct PageDecodingTests {
  @Test(
    arguments: [
      (#"{"nextCursor":"a|b"}"#, "a|b"), (#"{"nextCursor":17}"#, "17"), ("{}", nil),
      (#"{"nextCursor":null}"#, nil), (#"{"nextCursor":""}"#, nil),
    ] as [(String, String?)])
  func `the cursor is opaque`(_ metadata: String, _ cursor: String?) throws {
    let page = try decodePage(bytes(#"{"items":[],"metadata":\#(metadata)}"#)).value
    #expect(page.nextCursor == cursor)
  }

  @Test func `a model that cannot be read does not take the page with it`() throws {
    let decoded = try decodePage(
      bytes(#"{"items":[\#(tiny(1)),{"name":"x"},null],"metadata":{}}"#))
    #expect(decoded.value.models.map(\.id) == [1])
    #expect(decoded.value.unreadable.count == 2)
    #expect(
      decoded.oddities.map(\.subject) == ["model 2 of the page", "model 3 of the page"])
  }

  @Test(arguments: [
    #"{"items":[]}"#, #"{"metadata":{}}"#, #"{"items":{},"metadata":{}}"#, "[]",
    #"{"items":[],"metadata":[]}"#, #"{"items":[],"metadata":{"nextCursor":{}}}"#,
    #"{"items":[{"id":1"#,
  ])
  func `what is no page is refused`(_ text: String) {
    #expect(throws: DecodingProblem.self) { try decodePage(bytes(text)) }
  }
}
