import Civitai
import Core
import SystemIO

/// What the bytes of a file are, whatever its name says.
package enum FileContent: Sendable, Hashable {
  /// A safetensors file whose header fits its length. `guess`: what its tensors look like.
  case safetensors(guess: String?)
  /// Its header promises more bytes than there are.
  case truncated(expected: Int64)
  /// It is longer than its header says.
  case overlong(expected: Int64)
  case brokenHeader(why: String)
  case gguf
  /// Python's pickle, plain or in a zip: it can run code when it is loaded.
  case pickle
  case zip
  /// HTML where a model should be: a login or error page.
  case webPage
  /// JSON or plain text where a model should be.
  case text
  case empty
  /// A download that a tool has not finished.
  case partial
  /// Nothing that civsync knows by its bytes, such as ONNX.
  case other

  /// Whether it can be what its name says.
  package var isSound: Bool {
    switch self {
    case .safetensors, .gguf, .pickle, .zip, .other: true
    case .truncated, .overlong, .brokenHeader, .webPage, .text, .empty, .partial: false
    }
  }
}

/// Names by which model files and what downloads leave behind are known.
enum ModelFileName {
  static let models: Set = [
    "safetensors", "sft", "ckpt", "pt", "pth", "bin", "gguf", "onnx", "pkl",
  ]
  static let partials: Set = [
    "part", "partial", "aria2", "crdownload", "download", "incomplete", "tmp", "!ut",
  ]

  static func ending(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// Whether a name is that of an unfinished download of a model: `x.safetensors.part`.
  static func isPartial(_ name: String) -> Bool {
    let ending = ending(name)
    guard partials.contains(ending) else { return false }
    // `.tmp` and `.download` are anybody's.
    return !["tmp", "download"].contains(ending)
      || models.contains(self.ending(String(name.dropLast(ending.count + 1))))
  }

  static func isModel(_ name: String) -> Bool { models.contains(ending(name)) }
}

/// Reads what a model file is, from as few of its bytes as tell.
struct ModelFileReader {
  let files: FileSystem

  /// The format's own limit (https://github.com/huggingface/safetensors: 100,000,000 bytes).
  private static let longestHeader: Int64 = 100_000_000
  /// Headers above this are measured, not read: real ones have a few hundred kilobytes.
  private static let longestRead: Int64 = 16 << 20

  func read(_ path: AbsolutePath, name: String, size: Int64) throws(SystemError) -> FileContent {
    if ModelFileName.isPartial(name) { return .partial }
    if size == 0 { return .empty }
    let file = try files.open(path, .read, followingLinks: true)
    var head = [UInt8](repeating: 0, count: 512)
    let count = try file.read(at: 0, into: &head)
    head.removeLast(head.count - count)
    let ending = ModelFileName.ending(name)
    if let found = Self.document(head, isWhole: size <= 512) { return found }
    if head.starts(with: Array("GGUF".utf8)) { return .gguf }
    if head.starts(with: [0x50, 0x4b, 0x03, 0x04]) {
      return ["pt", "pth", "ckpt", "bin", "pkl"].contains(ending) ? .pickle : .zip
    }
    if ["safetensors", "sft"].contains(ending) {
      return try safetensors(file, head: head, size: size)
    }
    if head.count > 1, head[0] == 0x80, (2...5).contains(head[1]) { return .pickle }
    return .other
  }

  /// HTML, JSON or text, by how it begins.
  private static func document(_ head: [UInt8], isWhole: Bool) -> FileContent? {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]
    let text = head.drop { blanks.contains($0) }
    guard let first = text.first else { return .text }
    if first == UInt8(ascii: "<") {
      let start = String(decoding: text.prefix(256), as: UTF8.self).lowercased()
      let tags = ["<!doctype", "<html", "<head", "<body", "<script", "<?xml", "<error", "<!--"]
      if tags.contains(where: start.hasPrefix) { return .webPage }
    }
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7f || [0x09, 0x0a, 0x0d].contains($0) }
    return isText && (isWhole || head.count == 512) ? .text : nil
  }

  // MARK: safetensors

  private func safetensors(
    _ file: borrowing OpenFile, head: [UInt8], size: Int64
  ) throws(SystemError) -> FileContent {
    guard head.count >= 8 else { return .brokenHeader(why: "it is shorter than a header") }
    let length = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length >= 2, length <= UInt64(Self.longestHeader) else {
      return .brokenHeader(why: "its header would have \(length) bytes")
    }
    let header = Int64(length)
    guard size >= 8 + header else { return .truncated(expected: 8 + header) }
    guard header <= Self.longestRead else { return .safetensors(guess: nil) }
    var bytes = [UInt8](repeating: 0, count: Int(header))
    let count = try file.read(at: 8, into: &bytes)
    guard count == bytes.count else { return .truncated(expected: 8 + header) }
    return Self.judge(header: bytes, size: size)
  }

  /// What a header says of a file of that size.
  static func judge(header bytes: [UInt8], size: Int64) -> FileContent {
    guard let value = try? JSONParser.parse(bytes), let members = value.members else {
      return .brokenHeader(why: "its header is no JSON object")
    }
    var end: Int64 = 0
    for member in members where member.name != "__metadata__" {
      guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
        let first = offsets[0].integer, let last = offsets[1].integer, first >= 0, last >= first
      else { return .brokenHeader(why: "a tensor in it has no place") }
      end = max(end, last)
    }
    let (expected, overflows) = (8 + Int64(bytes.count)).addingReportingOverflow(end)
    if overflows { return .brokenHeader(why: "a tensor in it has no place") }
    if size < expected { return .truncated(expected: expected) }
    if size > expected { return .overlong(expected: expected) }
    return .safetensors(guess: guess(members))
  }

  /// A modest guess by how tensors are called; `nil` rather than a wild one.
  private static func guess(_ members: [JSONValue.Member]) -> String? {
    func has(_ test: (String) -> Bool) -> Bool { members.contains { test($0.name) } }
    if has({ $0.hasPrefix("lora_") || $0.contains(".lora_") || $0.contains("lora_A.") }) {
      return "LoRA"
    }
    if has({ $0.hasPrefix("control_model.") || $0.hasPrefix("controlnet_") }) {
      return "ControlNet"
    }
    if has({ $0.hasPrefix("model.diffusion_model.") }) { return "checkpoint" }
    if has({ $0 == "emb_params" || $0 == "clip_l" || $0 == "clip_g" }) { return "embedding" }
    if has({ $0.hasPrefix("double_blocks.") || $0.hasPrefix("input_blocks.") }) { return "UNet" }
    if has({ $0.hasPrefix("decoder.") }), has({ $0.hasPrefix("encoder.") }) { return "VAE" }
    if has({ $0.hasPrefix("text_model.") || $0.hasPrefix("encoder.block.") }) {
      return "text encoder"
    }
    return nil
  }
}
