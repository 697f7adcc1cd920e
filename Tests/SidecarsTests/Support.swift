import CatalogueModel
import Core

@testable import Sidecars

enum Samples {
  static let digest = Digest(hex: String(repeating: "ab", count: 32))

  /// A subject in which every field says something.
  static func subject() throws -> SidecarSubject {
    guard let digest, let url = SafeURL("https://image.example/a/1.jpeg?width=450") else {
      throw Missing()
    }
    let picture = ModelImage(url: url, nsfwLevel: 2, width: 832, height: 1_216)
    let version = Version(
      id: 30, name: "v2.0", baseModel: "Illustrious",
      publishedAt: Timestamp("2025-09-14T12:00:00.000Z"),
      details: VersionDetails(
        description: "<p>Second.</p>", trainedWords: ["aurora", "glow, soft"], images: [picture],
        source: #"{"id":30,"name":"v2.0","sizeKB":0.1}"#))
    let model = Model(
      id: 21, name: "Aurora \"Glow\"", type: "LORA", creator: "someone", tags: ["style", "光"],
      nsfwLevel: 3, downloads: 12, thumbsUp: 3,
      description: "<p>Light &amp; <b>glow</b>.</p><ul><li>one</li><li>two</li></ul>",
      versions: [version])
    let file = RecordedFile(
      id: 41, name: "aurora.v2.safetensors", format: "SafeTensor", precision: "fp16",
      size: "pruned", digest: digest, bytes: ByteCount(1_234))
    return SidecarSubject(model: model, version: version, file: file, picture: picture)
  }

  struct Missing: Error {}
}
