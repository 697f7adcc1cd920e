/// Which keys the header of a made safetensors file has: tools tell by them what a file is.
enum TensorFamily: Sendable, Hashable {
  case lora, checkpoint, vae, embedding, controlnet, textEncoder, vision, other

  /// Names of two tensors that such a file is known by.
  var keys: (String, String) {
    switch self {
    case .lora:
      (
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight",
        "lora_unet_down_blocks_0_attentions_0_proj_in.lora_up.weight"
      )
    case .checkpoint:
      (
        "model.diffusion_model.input_blocks.0.0.weight",
        "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight"
      )
    case .vae: ("decoder.conv_in.weight", "encoder.conv_in.weight")
    case .embedding: ("emb_params", "emb_params_2")
    case .controlnet:
      ("control_model.input_hint_block.0.weight", "control_model.zero_convs.0.0.weight")
    case .textEncoder:
      ("text_model.embeddings.token_embedding.weight", "text_model.final_layer_norm.weight")
    case .vision:
      ("vision_model.embeddings.patch_embedding.weight", "vision_model.post_layernorm.weight")
    case .other: ("conv_first.weight", "conv_last.weight")
    }
  }
}

extension ContentKind {
  /// Room for head and tail.
  var minimumSize: Int64 { 2_048 }

  var isText: Bool {
    switch self {
    case .json, .text: true
    default: false
    }
  }

  /// The first and the last bytes of a file of this kind.
  func ends(size: Int64, seed: UInt64) -> (head: [UInt8], tail: [UInt8]) {
    switch self {
    case .safetensors(let family): (Self.safetensors(family, size: size, seed: seed), [])
    case .zip(let member): Self.zip(member: member, size: size)
    case .pickle: ([0x80, 0x02, UInt8(ascii: "}"), UInt8(ascii: "q"), 0x00], [0x2E])
    case .gguf:
      (Array("GGUF".utf8) + Self.little(3, 4) + Self.little(0, 8) + Self.little(0, 8), [])
    case .onnx: ([0x08, 0x07, 0x12, 0x07] + Array("sandbox".utf8), [])
    case .json:
      (
        Array(#"{"sandbox":"\#(seed)","nodes":[],"links":[],"padding":""#.utf8), Array("\"}\n".utf8)
      )
    case .text: (Array("# made by the sandbox, seed \(seed)\n".utf8), Array("\n".utf8))
    }
  }

  /// Eight bytes of length, then a JSON header padded with blanks to a fixed length, so that the
  /// data begins at byte 1,032 whatever the offsets in it.
  private static func safetensors(_ family: TensorFamily, size: Int64, seed: UInt64) -> [UInt8] {
    let headerSize = 1_024
    let data = size - 8 - Int64(headerSize)
    let half = data / 4 * 2
    let keys = family.keys
    let header: JSON = [
      "__metadata__": [
        "format": "pt", "modelspec.title": "made by the sandbox",
        "sandbox.seed": .string(String(seed)),
      ],
      keys.0: [
        "dtype": "F16", "shape": [.integer(half / 2)], "data_offsets": [0, .integer(half)],
      ],
      keys.1: [
        "dtype": "U8", "shape": [.integer(data - half)],
        "data_offsets": [.integer(half), .integer(data)],
      ],
    ]
    var bytes = header.serialized
    bytes.append(contentsOf: repeatElement(0x20, count: headerSize - bytes.count))
    return little(UInt64(headerSize), 8) + bytes
  }

  /// A local header, the bytes of one stored member, the directory. The member's checksum is left
  /// to the data descriptor that a streaming writer would add: readers of names do not need it.
  private static func zip(member: String, size: Int64) -> (head: [UInt8], tail: [UInt8]) {
    let name = Array(member.utf8)
    let fixed = Int64(30 + name.count + 46 + name.count + 22)
    let length = UInt64(min(max(0, size - fixed), 0xFFFF_FFFF))
    let common =
      little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(0, 4)
      + little(length, 4) + little(length, 4) + little(UInt64(name.count), 2) + little(0, 2)
    let head = Array("PK\u{3}\u{4}".utf8) + common + name
    let directory =
      Array("PK\u{1}\u{2}".utf8) + little(20, 2) + common + little(0, 2) + little(0, 2)
      + little(0, 2) + little(0, 4) + little(0, 4) + name
    let end =
      Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(1, 2) + little(1, 2)
      + little(UInt64(directory.count), 4) + little(UInt64(head.count) + length, 4) + little(0, 2)
    return (head, directory + end)
  }

  /// `count` bytes, least significant first.
  static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }
}
