import CatalogueModel
import Core
import Testing

@testable import Civitai

@Suite struct FileDecodingTests {
  private func decode(_ files: String) throws -> (files: [File], oddities: [CatalogueOddity]) {
    let decoded = try decodeVersion(
      bytes(#"{"id":31,"modelId":21,"name":"V","baseModel":"X","files":[\#(files)]}"#))
    return (decoded.value.version.files, decoded.oddities)
  }

  private func file(_ members: String) throws -> File {
    try #require(try decode(#"{"id":4,"name":"f"\#(members)}"#).files.first)
  }

  @Test func `a missing file id is derived from what tells files apart`() throws {
    let text = #"""
      {"name":"a.safetensors","type":"Model","metadata":{"format":"SafeTensor","fp":"fp16"},
       "downloadUrl":"https://x/api/download/models/31?type=Model&format=SafeTensor&token=abc"},
      {"name":"b.safetensors","type":"VAE","metadata":{"format":"SafeTensor"},
       "downloadUrl":"https://x/api/download/models/31"}
      """#
    let (files, oddities) = try decode(text)
    #expect(oddities.isEmpty)
    #expect(files.map(\.id.isDerived) == [true, true])
    #expect(files[0].id != files[1].id)
    #expect(try decode(text).files == files)
    #expect(
      files.map(\.downloadQuery) == ["type=Model&format=SafeTensor", "type=VAE&format=SafeTensor"])
  }

  @Test func `a derived id is the same in every release`() throws {
    let (files, _) = try decode(
      #"{"name":"a","type":"Model","metadata":{"format":"SafeTensor","size":"full","fp":"fp16"}}"#)
    #expect(files.map(\.id) == [-2_157_341_768_253_209_145])
    #expect(files.map(\.downloadQuery) == ["type=Model&format=SafeTensor&size=full&fp=fp16"])
  }

  @Test func `the id of the download link serves where the file has none`() throws {
    let (files, _) = try decode(
      #"{"name":"a","downloadUrl":"https://x/api/download/models/31?fileId=99"}"#)
    #expect(files.map(\.id) == [99])
    #expect(files.map(\.downloadQuery) == [nil])
  }

  @Test func `two files that nothing tells apart are one, and it is said`() throws {
    let (files, oddities) = try decode(#"{"name":"a","type":"VAE"},{"name":"b","type":"VAE"}"#)
    #expect(files.map(\.name) == ["a"])
    #expect(
      oddities.map(\.message) == [
        "`b` has no id and cannot be told from another file; left out"
      ])
  }

  @Test func `an id that is no number is noted`() throws {
    let (files, oddities) = try decode(#"{"id":"four","name":"a"}"#)
    #expect(files.first?.id.isDerived == true)
    #expect(
      oddities.map(\.message) == ["expected a positive number, found a text; derived"])
  }

  @Test func `a linked file belongs to the version in its link`() throws {
    #expect(
      try file(#","downloadUrl":"https://undefined/api/download/models/88?fileId=4""#).ownVersion
        == 88)
    #expect(
      try file(#","downloadUrl":"https://x/api/download/models/31?fileId=4""#).ownVersion == nil)
    #expect(try file(#","downloadUrl":"nowhere""#).ownVersion == nil)
    #expect(try file(#","downloadUrl":"https://x/api/download/models/""#).ownVersion == nil)
  }

  @Test(
    arguments: [
      ("1.5", 1_536), ("2082642.474609375", 2_132_625_894), ("0", 0), ("null", nil), ("-1", nil),
      ("1e300", nil), (#""big""#, nil),
    ] as [(String, Int64?)])
  func `sizes are rounded to bytes, and nonsense is absent`(
    _ text: String, _ expected: Int64?
  ) throws {
    #expect(try file(#","sizeKB":\#(text)"#).approximateBytes?.bytes == expected)
  }

  @Test func `a digest is found under any case, or is absent`() throws {
    let hex = String(repeating: "aB", count: 32)
    #expect(try file(#","hashes":{"Sha256":"\#(hex)"}"#).digest == Digest(hex: hex))
    #expect(try file(#","hashes":{"SHA256":null}"#).digest == nil)
    #expect(try file(#","hashes":{"AutoV2":"F248364CF0"}"#).digest == nil)
    let (files, oddities) = try decode(#"{"id":4,"name":"f","hashes":{"SHA256":"F248"}}"#)
    #expect(files.first?.digest == nil)
    #expect(
      oddities == [
        CatalogueOddity(
          subject: "model 21, version 31, file 4", field: "hashes.SHA256",
          message: "these are no 64 hexadecimal digits; left out")
      ])
  }

  @Test(
    arguments: [
      (#","pickleScanResult":"Success","virusScanResult":"Success""#, .success),
      (#","pickleScanResult":"Success","virusScanResult":"Danger""#, .danger),
      (#","pickleScanResult":"Error","virusScanResult":"Pending""#, .error),
      (#","pickleScanResult":"Fine","virusScanResult":"Success""#, .pending),
      (#","virusScanResult":"Success""#, .success), ("", .pending),
    ] as [(String, ScanState)])
  func `the worse of the scans counts`(_ members: String, _ scan: ScanState) throws {
    #expect(try file(members).scan == scan)
  }

  @Test func `the format stood on the file itself once`() throws {
    #expect(try file(#","format":"PickleTensor""#).format == "PickleTensor")
    #expect(try file(#","metadata":{"format":null}"#).format == nil)
    #expect(try file(#","metadata":{}"#).format == nil)
  }

  @Test(arguments: [
    (#"{"id":4,"metadata":{"format":"GGUF"}}"#, "file_4.gguf"), (#"{"id":4}"#, "file_4.bin"),
    (#"{"metadata":{"format":"SafeTensor"}}"#, "file.safetensors"),
  ])
  func `a file without a name gets one`(_ text: String, _ name: String) throws {
    #expect(try decode(text).files.map(\.name) == [name])
  }

  @Test func `wrong types in a file are noted and never fatal`() throws {
    let (files, oddities) = try decode(
      #"{"id":4,"name":3,"type":[],"metadata":"x","primary":"yes","hashes":[],"downloadUrl":1}"#)
    #expect(files.count == 1)
    #expect(
      Set(oddities.map(\.field)) == [
        "name", "type", "metadata", "primary", "hashes", "downloadUrl",
      ])
  }
}
