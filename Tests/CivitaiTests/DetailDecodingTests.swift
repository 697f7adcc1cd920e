import CatalogueModel
import Core
import Testing

@testable import Civitai

@Suite struct DetailDecodingTests {
  private let source =
    #"""
    {"id":30,"name":"V \"1\"\n\u0001","baseModel":"X","trainedWords":["a b",""],"sizeKB":6.0e-3,\#
    "large":12345678901234567890,"whole":9007199254740993,"half":0.1,"huge":1e400,"none":null,\#
    "empty":{},"list":[],"description":"<p>Hi</p>","images":[\#
    {"url":"https://image.example/a/1.jpeg","nsfwLevel":4,"type":"image","width":832,"height":1216},\#
    {"url":"https://image.example/a/2.mp4","nsfwLevel":1,"type":"video"}]}
    """#

  private func version(_ members: String) throws -> Decoded<Version> {
    let decoded = try decodeModel(
      bytes(#"{"id":7,"type":"LORA","modelVersions":[{"id":30,"baseModel":"X",\#(members)}]}"#),
      details: true)
    return Decoded(value: decoded.value.versions[0], oddities: decoded.oddities)
  }

  @Test func `counters come always, details only when they are asked for`() throws {
    let text = """
      {"id":7,"type":"LORA","description":"<b>x</b>","modelVersions":[\(source)],
      "stats":{"downloadCount":277145,"thumbsUpCount":18619}}
      """
    let plain = try decodeModel(bytes(text)).value
    #expect(plain.downloads == 277_145 && plain.thumbsUp == 18_619)
    #expect(plain.description == nil && plain.versions[0].details == nil)
    let decoded = try decodeModel(bytes(text), details: true)
    #expect(decoded.oddities.isEmpty)
    #expect(decoded.value.description == "<b>x</b>")
    let details = try #require(decoded.value.versions[0].details)
    #expect(details.description == "<p>Hi</p>" && details.trainedWords == ["a b"])
    #expect(
      details.images == [
        ModelImage(
          url: try #require(SafeURL("https://image.example/a/1.jpeg")), nsfwLevel: 4, width: 832,
          height: 1_216),
        ModelImage(
          url: try #require(SafeURL("https://image.example/a/2.mp4")), nsfwLevel: 1, isVideo: true),
      ])
  }

  @Test func `the kept text reads back as the answer's own object, in its order`() throws {
    let details = try #require(
      try decodeVersion(
        bytes(#"{"modelId":7,"model":{"name":"N"},"# + source.dropFirst()), details: true
      ).value.version.details)
    #expect(try parsed(bytes(details.source)) == (try parsed(bytes(source))))
    #expect(details.source.hasPrefix(#"{"id":30,"name":"V \"1\"\n\u0001","baseModel":"X","#))
    #expect(
      details.source.contains(#""whole":9007199254740993,"half":0.1,"huge":1e999,"none":null"#))
  }

  @Test(arguments: [
    (#"{"url":"https://i.example/1","nsfw":"None"}"#, 1),
    (#"{"url":"https://i.example/1","nsfw":"X"}"#, 8),
    (#"{"url":"https://i.example/1","nsfw":false}"#, 1),
    (#"{"url":"https://i.example/1","nsfw":true}"#, 28),
    (#"{"url":"https://i.example/1"}"#, 32), (#"{"url":"https://i.example/1","nsfwLevel":-4}"#, 32),
    (#"{"url":"https://i.example/1","nsfw":"Strange"}"#, 32),
  ])
  func `a picture's level is the mask or the older word, and else passes no limit`(
    _ image: String, _ level: Int
  ) throws {
    #expect(try version(#""images":[\#(image)]"#).value.details?.images.map(\.nsfwLevel) == [level])
  }

  @Test func `an image without a usable address is left out and noted`() throws {
    let decoded = try version(
      #"""
      "images":[{"url":"data:image/png;base64,AA"},{"url":"ftp://x.example/1"},{},5,
      {"url":"https://i.example/2.webm","width":-3,"height":0}],"trainedWords":[5,"w"]
      """#)
    let details = try #require(decoded.value.details)
    #expect(details.images.map(\.url.path) == ["/2.webm"])
    #expect(details.images[0].isVideo && details.images[0].width == nil)
    #expect(details.trainedWords == ["w"])
    #expect(
      decoded.oddities.map { "\($0.subject) \($0.field): \($0.message)" } == [
        "model 7, version 30 trainedWords: expected a text, found a number; left out",
        "model 7, version 30, an image url: this is no http or https URL; left out",
        "model 7, version 30, an image url: this is no http or https URL; left out",
        "model 7, version 30, an image url: this is no http or https URL; left out",
        "model 7, version 30 images: expected an object, found a number; left out",
      ])
  }

  @Test func `details come along by every way a model is found`() async throws {
    let rich = #"{"id":1,"type":"LORA","modelVersions":[{"id":10,"baseModel":"X","files":[]}]}"#
    let version = #"{"id":11,"modelId":2,"baseModel":"X","files":[]}"#
    let rig = Rig([
      "one /models?username=u": [.success(page([rich]))],
      "one /models?ids=2%2C3": [.success(page([rich.replacing(#""id":1,"#, with: #""id":2,"#)]))],
      "one /models/3": [.success(json(rich.replacing(#""id":1,"#, with: #""id":3,"#)))],
      "one /model-versions/11": [.success(json(version))],
    ])
    let answers = await rig.catalogue.answer(
      CatalogueQuery(users: ["u"], models: [2, 3], versions: [11], details: true))
    guard case .complete(let listed, false)? = answers.users["u"] else {
      Issue.record("the list was not read")
      return
    }
    var models = listed
    for case .found(let model, _) in answers.models.values { models.append(model) }
    #expect(models.flatMap(\.versions).map(\.id).sorted() == [10, 10, 10, 11])
    #expect(models.flatMap(\.versions).allSatisfy { $0.details != nil })
  }
}
