import Core
import Crypto
import Testing

@testable import CivitaiSandbox

@Suite struct FileContentTests {
  private static let kinds: [ContentKind] = [
    .safetensors(.lora), .zip(member: "archive/data.pkl"), .pickle, .gguf, .onnx, .json, .text,
  ]

  @Test(arguments: kinds)
  func `any range is a part of the whole`(kind: ContentKind) {
    let content = FileContent(seed: 7, size: 200_001, kind: kind)
    let whole = content.bytes(at: 0, count: 1_000_000)
    #expect(whole.count == 200_001)
    for (offset, count) in [(0, 9), (5, 2_000), (65_530, 20), (131_072, 1), (199_990, 100)] {
      let part = content.bytes(at: Int64(offset), count: count)
      #expect(part == Array(whole[offset..<min(whole.count, offset + count)]))
    }
    #expect(content.bytes(at: 200_001, count: 1).isEmpty)
    #expect(content.bytes(at: -1, count: 1).isEmpty)
  }

  @Test func `another seed makes other bytes, the same one the same`() {
    let one = FileContent(seed: 1, size: 100_000, kind: .onnx)
    let two = FileContent(seed: 2, size: 100_000, kind: .onnx)
    #expect(one.bytes(at: 0, count: 100_000) != two.bytes(at: 0, count: 100_000))
    #expect(one == FileContent(seed: 1, size: 100_000, kind: .onnx))
    // Each page of a file differs from the others, too.
    #expect(one.bytes(at: 0, count: 16) != one.bytes(at: 65_536, count: 16))
  }

  @Test(arguments: [
    TensorFamily.lora, .checkpoint, .vae, .embedding, .controlnet, .textEncoder, .vision, .other,
  ])
  func `safetensors have a valid header whose tensors fill the file`(family: TensorFamily) throws {
    let content = FileContent(seed: 3, size: 50_003, kind: .safetensors(family))
    let length = content.bytes(at: 0, count: 8).reversed().reduce(0) { $0 << 8 | Int64($1) }
    let header = try JSONParser.parse(content.bytes(at: 8, count: Int(length)))
    let keys = family.keys
    #expect(header.at("__metadata__", "format") == "pt")
    let middle = header.at(keys.0, "data_offsets", 1)?.integer ?? -1
    #expect(header.at(keys.0, "data_offsets", 0) == 0)
    #expect(header.at(keys.0, "shape", 0) == .integer(middle / 2))
    #expect(header.at(keys.1, "data_offsets", 0) == .integer(middle))
    #expect(header.at(keys.1, "data_offsets", 1) == .integer(content.size - 8 - length))
  }

  @Test func `a JSON file is JSON, a zip begins and ends like one`() throws {
    let json = FileContent(seed: 1, size: 100_000, kind: .json)
    #expect(try JSONParser.parse(json.bytes(at: 0, count: 100_000))["nodes"] == [])
    let zip = FileContent(seed: 1, size: 5_000, kind: .zip(member: "a"))
    #expect(zip.bytes(at: 0, count: 4) == Array("PK\u{3}\u{4}".utf8))
    #expect(zip.bytes(at: zip.size - 22, count: 4) == Array("PK\u{5}\u{6}".utf8))
  }

  @Test func `bytes in the middle of 40 GB cost nothing`() {
    let content = FileContent(seed: 9, size: 40_000_000_000, kind: .safetensors(.checkpoint))
    #expect(content.bytes(at: 39_999_999_990, count: 100).count == 10)
  }

  @Test func `the digest is that of the bytes, and is computed once`() async throws {
    let content = FileContent(seed: 5, size: 3_000_000, kind: .pickle)
    let expected = SHA256.hash(data: content.bytes(at: 0, count: 3_000_000))
    let cache = DigestCache()
    let digests = try await cache.digests(of: [content, content])
    #expect(digests[content]?.bytes == Array(expected))
    #expect(try await cache.digest(of: content) == digests[content])
  }

  @Test func `dates are written as the site writes them`() {
    #expect(SandboxDate.text(0) == "1970-01-01T00:00:00.000Z")
    #expect(SandboxDate.text(SandboxDate.epoch) == "2026-10-01T00:00:00.000Z")
    #expect(SandboxDate.text(1_709_210_096) == "2024-02-29T12:34:56.000Z")
    #expect(SandboxDate.day(1) == "2026-10-02T12:00:00.000Z")
  }

  @Test func `a preview is a PNG with right checksums`() {
    #expect(PreviewImage.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    let image = PreviewImage.png(1)
    #expect(image.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(image.suffix(8).starts(with: Array("IEND".utf8)))
  }
}
