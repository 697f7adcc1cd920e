import CatalogueModel
import Core
import FoundationEssentials
import SystemIO
import Testing

func digest(_ byte: UInt8) -> Digest {
  guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
    preconditionFailure("32 bytes make a digest")
  }
  return digest
}

func place(_ path: String) -> Place {
  guard let path = TreePath(path) else { preconditionFailure("`\(path)` is no path") }
  return Place(tree: .main, path: path)
}

func entry(_ id: Int64, at paths: String..., content: UInt8? = nil) -> Entry {
  Entry(
    model: RecordedModel(id: ModelID(id), name: "Model \(id)", type: "LORA"),
    version: RecordedVersion(id: VersionID(id), name: "v1", baseModel: "SDXL 1.0"),
    file: RecordedFile(
      id: FileID(id), name: "f.safetensors",
      digest: digest(content ?? UInt8(truncatingIfNeeded: id)), bytes: ByteCount(10),
      places: paths.map(place), collections: ["follow"]))
}

/// A folder that goes with the test.
final class Scratch {
  let path: AbsolutePath

  init() throws {
    let text = FileManager.default.temporaryDirectory
      .appendingPathComponent("civsync-engine-\(UInt64.random(in: .min ... .max))").path
    path = try #require(AbsolutePath(text))
    try FileManager.default.createDirectory(atPath: text, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path.string) }

  func write(_ text: String, to name: String) throws -> AbsolutePath {
    let file = path.appending(name)
    try FileSystem().writeAtomically(Array(text.utf8), to: file)
    return file
  }
}
