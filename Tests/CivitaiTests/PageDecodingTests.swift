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

@Suite struct NewsTests {
  @Test func `what no answer had before is counted, with one example`() throws {
    let text = """
      {"items":[{"id":1,"type":"HoloScene","hue":3,"mode":"Frozen","availability":"Public",
      "tags":"one","modelVersions":[{"id":2,"aura":{},"files":[
      {"id":3,"type":"Hologram","metadata":{"format":"Light","spin":1},"hashes":{"SHA512":"x"},
      "pickleScanResult":"Maybe"},{"id":4,"type":"Hologram","metadata":{}}]}]}],
      "metadata":{},"mood":1}
      """
    var odd = Oddities()
    let value = try JSONParser.parse(bytes(text))
    _ = try modelPage(value, details: true, &odd)
    let told = odd.news.sorted { $0.key < $1.key }.map { item, seen in
      "\(item.kind) \(item.place).\(item.name) \(item.value) \(seen.count) \(seen.example)"
    }
    #expect(
      told == [
        "field file.hashes.SHA512  1 model 1, version 2, file 3",
        "field file.metadata.spin  1 model 1, version 2, file 3",
        "field model.hue  1 model 1", "field page.mood  1 page",
        "field version.aura  1 model 1, version 2", "type model.tags a text 1 model 1",
        "word file.format Light 1 model 1, version 2, file 3",
        "word file.pickleScanResult Maybe 1 model 1, version 2, file 3",
        "word file.type Hologram 2 model 1, version 2, file 3", "word model.mode Frozen 1 model 1",
        "word model.type HoloScene 1 model 1",
      ])
  }

  @Test func `a site that changes without end is bounded`() throws {
    var odd = Oddities()
    for number in 0..<2_000 { odd.add(SiteNews(.field, "model", "f\(number)"), "model 1") }
    #expect(odd.news.count == Oddities.limit)
  }

  @Test func `a model without its versions is told by name and field, and the list is not whole`()
    async
  {
    let rig = Rig([
      "one /models?username=u": [
        .success(page([tiny(1), #"{"id":2,"name":"x"}"#, #"{"id":3}"#]))
      ]
    ])
    let answers = await rig.catalogue.answer(CatalogueQuery(users: ["u"]))
    guard case .partial(let models, let reason, _) = answers.users["u"] else {
      Issue.record("the list was taken for whole")
      return
    }
    #expect(models.map(\.id) == [1])
    #expect(
      reason
        == "model 2, field `modelVersions`: is gone from the site's answer, and civsync cannot "
        + "do without it; what is known of the model stays, and one more model too")
  }
}
