import Core
import SystemIO
import Testing

@testable import Engine

struct `What a model file is` {
  private let scratch: Scratch
  private let files = FileSystem()

  init() throws { scratch = try Scratch() }

  private func safetensors(_ header: String, data: Int, promised: Int? = nil) -> [UInt8] {
    let length = UInt64(promised ?? header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
      + Array(header.utf8) + [UInt8](repeating: 7, count: data)
  }

  private func read(_ bytes: [UInt8], as name: String) throws -> FileContent {
    let path = scratch.path.appending("file")
    try files.writeAtomically(bytes, to: path)
    return try ModelFileReader(files: files).read(path, name: name, size: Int64(bytes.count))
  }

  private static let lora =
    #"{"lora_unet_x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"__metadata__":{"a":"b"}}"#

  @Test func `a header that fits is believed, and guessed at by its tensors`() throws {
    #expect(
      try read(safetensors(Self.lora, data: 4), as: "a.safetensors") == .safetensors(guess: "LoRA"))
    #expect(try read(safetensors("{}", data: 0), as: "a.sft") == .safetensors(guess: nil))
  }

  @Test func `what is shorter or longer than its header says is told with both`() throws {
    let whole = Int64(8 + Self.lora.utf8.count + 4)
    #expect(
      try read(safetensors(Self.lora, data: 1), as: "a.safetensors") == .truncated(expected: whole))
    #expect(
      try read(safetensors(Self.lora, data: 9), as: "a.safetensors") == .overlong(expected: whole))
    #expect(
      try read(safetensors(Self.lora, data: 0, promised: 5_000), as: "a.safetensors")
        == .truncated(expected: 5_008))
  }

  @Test(
    arguments: [
      ("[]", nil), ("{", nil), (#"{"t":{"data_offsets":[4,0]}}"#, nil), (#"{"t":{}}"#, nil),
      (#"{"t":{"data_offsets":[0,9223372036854775807]}}"#, nil), ("{}", 1 << 60), ("", 0),
      (String(repeating: #"{"a":"#, count: 200), nil),
    ] as [(String, Int?)])
  func `a header that is none is broken, whatever it claims`(header: String, promised: Int?) throws
  {
    guard
      case .brokenHeader = try read(
        safetensors(header, data: 0, promised: promised), as: "a.safetensors")
    else {
      Issue.record("it was believed")
      return
    }
  }

  @Test(arguments: [
    ("<!DOCTYPE html><title>Sign in</title>", "a.safetensors", FileContent.webPage),
    ("\n <html>", "a.ckpt", .webPage), (#"{"error":"no"}"#, "a.safetensors", .text),
    ("", "a.pt", .empty), ("x", "a.safetensors.part", .partial), ("x", "b.aria2", .partial),
    ("GGUF\u{3}\u{0}", "a.gguf", .gguf), ("PK\u{3}\u{4}rest", "a.pt", .pickle),
    ("PK\u{3}\u{4}rest", "a.gguf", .zip),
  ])
  func `other kinds are told by how they begin`(text: String, name: String, content: FileContent)
    throws
  {
    #expect(try read(Array(text.utf8), as: name) == content)
  }

  @Test func `a plain pickle is one, and anything else is not guessed at`() throws {
    #expect(try read([0x80, 0x02, 0x7d, 0xff], as: "a.ckpt") == .pickle)
    #expect(try read([0x80, 0x77, 0x00, 0xff], as: "a.bin") == .other)
  }

  @Test(arguments: [
    ("a.tmp", false), ("a.safetensors.tmp", true), ("a.part", true), ("a.download", false),
    ("a.ckpt.download", true), ("a.safetensors.crdownload", true), ("part", false),
  ])
  func `unfinished downloads are known by their names`(name: String, isPartial: Bool) {
    #expect(ModelFileName.isPartial(name) == isPartial)
  }
}
