import CatalogueModel
import Core
import Testing

@testable import Civitai

@Suite struct ModelDecodingTests {
  private func model(_ members: String) throws -> Decoded<Model> {
    try decodeModel(bytes(#"{"id":7,"name":"N","type":"LORA"\#(members)}"#))
  }

  @Test func `a model of today is read whole`() throws {
    let decoded = try decodeModel(
      bytes(
        #"""
        {"id":21,"name":" Pixel / Art ","type":"Checkpoint","nsfw":false,"nsfwLevel":3,
         "tags":["style","pixel"],"creator":{"username":"someone","image":null},
         "mode":null,"allowCommercialUse":["Image","Rent"],"stats":{"downloadCount":null},
         "aFieldOfTomorrow":{"x":[1]},
         "modelVersions":[
           {"id":31,"name":"V2","baseModel":"Base Of Tomorrow","publishedAt":"2024-03-21T06:33:04.436Z",
            "files":[
              {"id":41,"name":"../a:b<c>*.safetensors","sizeKB":2048.5,"type":"Model","primary":true,
               "metadata":{"format":"SafeTensor","size":"pruned","fp":"fp16","quantType":"Q8_0"},
               "pickleScanResult":"Success","virusScanResult":"Success",
               "hashes":{"sha256":"ABCDEF0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789",
                 "NEW":"00"},
               "downloadUrl":"https://one.example/api/download/models/31?fileId=41"}]},
           {"id":30,"name":"V1","baseModel":"SD 1.5","files":[]}]}
        """#))
    #expect(decoded.oddities.isEmpty)
    let digest = Digest(hex: "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789")
    let file = File(
      id: 41, name: "../a:b<c>*.safetensors", type: "Model", format: "SafeTensor",
      precision: "fp16", size: "pruned", quantType: "Q8_0", digest: digest,
      approximateBytes: ByteCount(2_097_664), isPrimary: true, scan: .success)
    #expect(
      decoded.value
        == Model(
          id: 21, name: " Pixel / Art ", type: "Checkpoint", creator: "someone",
          tags: ["style", "pixel"], nsfwLevel: 3, commercialUse: ["Image", "Rent"],
          versions: [
            Version(
              id: 31, name: "V2", baseModel: "Base Of Tomorrow",
              publishedAt: Timestamp("2024-03-21T06:33:04.436Z"), files: [file]),
            Version(id: 30, name: "V1", baseModel: "SD 1.5"),
          ]))
  }

  @Test func `a model of nothing but an id is read, and what is assumed is said`() throws {
    let decoded = try decodeModel(bytes(#"{"id":7}"#))
    #expect(decoded.value == Model(id: 7, name: "model 7", type: "Other"))
    #expect(
      decoded.oddities == [
        CatalogueOddity(subject: "model 7", field: "type", message: "absent; taken as `Other`")
      ])
  }

  @Test func `null counts as absent everywhere`() throws {
    let decoded = try model(
      #"""
      ,"creator":null,"tags":null,"nsfwLevel":null,"nsfw":null,"mode":null,
      "allowCommercialUse":null,"modelVersions":[{"id":1,"name":null,"baseModel":"X",
      "publishedAt":null,"paidAccess":null,"earlyAccessDeadline":null,
      "earlyAccessTimeFrame":null,"availability":null,"files":[{"id":2,"name":null,"type":null,
      "metadata":null,"sizeKB":null,"hashes":null,"primary":null,"pickleScanResult":null,
      "downloadUrl":null}]}]
      """#)
    #expect(decoded.oddities.isEmpty)
    #expect(decoded.value.creator == nil)
    #expect(decoded.value.commercialUse == nil)
    let version = try #require(decoded.value.versions.first)
    #expect(version.gate == nil && version.publishedAt == nil && version.name == "version 1")
    #expect(
      version.files == [
        File(id: 2, name: "file_2.bin", type: "Model", format: nil, scan: .pending)
      ])
  }

  @Test(arguments: [
    (#""Sell""#, ["Sell"]), (#"["Image","RentCivit"]"#, ["Image", "RentCivit"]),
    (#""{Image,RentCivit}""#, ["Image", "RentCivit"]),
    (#""{\"Image\", Rent}""#, ["Image", "Rent"]),
    (#""{}""#, []), (#""None""#, []), ("[]", []), (#"["Image",4]"#, ["Image"]),
  ])
  func `all shapes of allowCommercialUse say the same`(_ text: String, _ uses: [String]) throws {
    let decoded = try model(#","allowCommercialUse":\#(text)"#)
    #expect(decoded.value.commercialUse == uses)
    #expect(decoded.oddities.isEmpty)
  }

  @Test func `fields of the wrong type count as absent and are noted`() throws {
    let decoded = try model(
      #"""
      ,"creator":5,"tags":"style","nsfwLevel":"PG","mode":"Hibernated",
      "allowCommercialUse":true,"modelVersions":{}
      """#)
    #expect(decoded.value == Model(id: 7, name: "N", type: "LORA"))
    #expect(
      decoded.oddities.map { "\($0.field): \($0.message)" } == [
        "creator: expected an object, found a number; taken as absent",
        "tags: expected a list, found a text; taken as absent",
        "nsfwLevel: expected a whole number, found a text; taken as absent",
        "mode: `Hibernated` is not known; taken as normal",
        "allowCommercialUse: expected a list, found a flag; taken as absent",
        "modelVersions: expected a list, found an object; taken as absent",
      ])
  }

  @Test func `tags and creators are read in their older forms too`() throws {
    let decoded = try model(#","creator":"someone","tags":["a",{"name":"b"},9]"#)
    #expect(decoded.value.creator == "someone")
    #expect(decoded.value.tags == ["a", "b"])
    #expect(decoded.oddities.map(\.field) == ["tags"])
    #expect(try model(#","creator":"""#).value.creator == nil)
  }

  @Test(arguments: [
    (#","nsfw":true"#, 28), (#","nsfw":false"#, 1), (#","nsfw":true,"nsfwLevel":2"#, 2),
    (#","nsfwLevel":-1"#, 1), (#","nsfwLevel":60.0"#, 60), ("", 1),
  ])
  func `the level is the mask, or the old flag`(_ members: String, _ level: Int) throws {
    #expect(try model(members).value.nsfwLevel == level)
  }

  @Test func `archived and taken-down models are known as such`() throws {
    let archived = try model(
      #","mode":"Archived","modelVersions":[{"id":1,"baseModel":"X","files":[]}]"#)
    #expect(archived.value.mode == .archived)
    #expect(archived.value.versions.first?.files.isEmpty == true)
    #expect(try model(#","mode":"TakenDown""#).value.mode == .takenDown)
  }

  @Test func `what cannot be used is left out with its place, and the rest stays`() throws {
    let decoded = try model(
      #"""
      ,"modelVersions":[{"name":"no id"},17,{"id":1,"baseModel":"X"},{"id":1,"baseModel":"X"},
      {"id":-2},{"id":3,"baseModel":"X","files":["odd",{"id":4},{"id":4}]}]
      """#)
    #expect(decoded.value.versions.map(\.id) == [1, 3])
    #expect(decoded.value.versions.last?.files.map(\.id) == [4])
    #expect(
      decoded.oddities.map { "\($0.subject) \($0.field): \($0.message)" } == [
        "model 7, a version id: expected a positive number, found nothing; left out",
        "model 7, a version modelVersions: expected an object, found a number; left out",
        "model 7 modelVersions: version 1 is listed twice; once taken",
        "model 7, a version id: expected a positive number, found a number; left out",
        "model 7, version 3 files: expected an object, found a text; left out",
        "model 7, version 3 files: file 4 is listed twice; once taken",
      ])
  }

  @Test func `a model without an id is refused`() {
    let error = #expect(throws: DecodingProblem.self) {
      try decodeModel(bytes(#"{"name":"x"}"#))
    }
    #expect(
      error?.description == "model, field `id`: expected a positive number, found nothing")
    #expect(throws: DecodingProblem.self) { try decodeModel(bytes("[]")) }
  }

  @Test(arguments: [#"{"id":7,"name":"cut"#, "<!DOCTYPE html>", ""])
  func `bytes that are no JSON are refused`(_ text: String) {
    let error = #expect(throws: DecodingProblem.self) { try decodeModel(bytes(text)) }
    #expect(error?.subject == "answer" && error?.field == nil)
  }

  @Test func `a flood of oddities is bounded and counted`() throws {
    let tags = Array(repeating: "1", count: Oddities.limit + 5).joined(separator: ",")
    let decoded = try model(#","tags":[\#(tags)]"#)
    #expect(decoded.oddities.count == Oddities.limit + 1)
    #expect(decoded.oddities.last?.message == "5 more oddities are not listed")
  }

  @Test func `texts from outside become one short line in a message`() {
    #expect(shortened(" a\n\t b\u{1b}[31m  c ") == "a b [31m c")
    #expect(shortened(String(repeating: "x", count: 500)).count == 121)
  }
}
