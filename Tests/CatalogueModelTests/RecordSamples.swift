import CatalogueModel
import Core
import Testing

/// Models as tests need them; every optional part is present in one file and absent in another.
enum RecordSamples {
  static func digest(_ byte: UInt8) throws -> Digest {
    try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
  }

  static func place(_ path: String, tree: TreeName = .main) throws -> Place {
    Place(tree: tree, path: try #require(TreePath(path)))
  }

  static func full() throws -> RecordedModel {
    let eyes = RecordedFile(
      id: 92996, name: "PerfectEyesXL.safetensors", format: "SafeTensor", precision: "fp16",
      size: "pruned", quantType: "Q8_0", digest: try digest(0xf2), bytes: ByteCount(228_453_995),
      ownVersion: 777, downloadQuery: "type=Model&format=SafeTensor",
      places: [
        try place("loras/PerfectEyesXL.safetensors"), try place("eyes", tree: TreeName("gpu")),
      ],
      collections: ["base", "follow"], state: .superseded, origin: .adopted)
    let bare = RecordedFile(
      id: -5, name: "odd \"name\"\n\\ \u{7}\u{7f}é🦊", type: "VAE", digest: try digest(1),
      bytes: .zero)
    return RecordedModel(
      id: 101_055, name: "Some name", type: "LORA", creator: "creator",
      tags: ["portrait", "style"], nsfwLevel: 3,
      versions: [
        RecordedVersion(
          id: 128_461, name: "v1.0", baseModel: "SDXL 1.0",
          publishedAt: Timestamp("2024-03-21T06:33:04Z"), files: [bare, eyes]),
        RecordedVersion(id: 128_462, name: "", baseModel: "Pony"),
      ])
  }

  static func numbered(_ number: Int) throws -> RecordedModel {
    RecordedModel(
      id: ModelID(Int64(number)), name: "Model number \(number)", type: "LORA",
      creator: "creator\(number % 50)", tags: ["portrait", "style"],
      versions: [
        RecordedVersion(
          id: VersionID(Int64(number * 10)), name: "v1.0", baseModel: "SDXL 1.0",
          publishedAt: Timestamp("2024-03-21T06:33:04.436Z"),
          files: [
            RecordedFile(
              id: FileID(Int64(number * 100)), name: "model-\(number).safetensors",
              format: "SafeTensor", precision: "fp16", size: "pruned",
              digest: try digest(UInt8(number % 256)), bytes: ByteCount(Int64(number) * 1_000),
              places: [try place("loras/model-\(number).safetensors")], collections: ["base"])
          ])
      ])
  }

  static let fullText = #"""
    civsync-model 2
    model 101055 "LORA" "Some name" by "creator"
      tags ["portrait","style"]
      nsfw 3
      version 128461 "v1.0" base "SDXL 1.0" published "2024-03-21T06:33:04Z"
        file -5 "odd \"name\"\n\\ \u0007\u007fé🦊"
          kind "VAE"
          sha256 0101010101010101010101010101010101010101010101010101010101010101
          bytes 0
          state current
          origin fetched
        file 92996 "PerfectEyesXL.safetensors"
          kind "Model" format "SafeTensor" fp "fp16" size "pruned" quant "Q8_0"
          sha256 f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2
          bytes 228453995
          from 777
          query "type=Model&format=SafeTensor"
          place "gpu" "eyes"
          place "main" "loras/PerfectEyesXL.safetensors"
          collections ["base","follow"]
          state superseded
          origin adopted
      version 128462 "" base "Pony"

    """#
}
