import CatalogueModel
import Core
import FoundationEssentials
import Testing

@testable import Civitai

/// Decodes the real answers that the environment points to; they are not part of the project.
@Suite struct RecordedTests {
  private static let folder = ProcessInfo.processInfo.environment["CIVSYNC_RECORDED_DIR"]

  private static func files(_ prefix: String) throws -> [[UInt8]] {
    guard let folder else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }
      .map { Array(try Data(contentsOf: URL(filePath: folder + "/" + $0))) }
  }

  @Test(.enabled(if: folder != nil)) func `recorded models are read without an oddity`() throws {
    let files = try Self.files("model-")
    #expect(!files.isEmpty)
    for file in files {
      let decoded = try decodeModel(file)
      #expect(decoded.oddities.isEmpty)
      let all = decoded.value.versions.flatMap(\.files)
      #expect(!all.isEmpty)
      #expect(all.allSatisfy { $0.digest != nil && $0.approximateBytes != nil })
      #expect(all.allSatisfy { $0.id.isDerived == ($0.downloadQuery != nil) })
    }
  }

  @Test(.enabled(if: folder != nil)) func `recorded versions are read without an oddity`() throws {
    let files = try Self.files("version-")
    #expect(!files.isEmpty)
    for file in files {
      let decoded = try decodeVersion(file)
      #expect(decoded.oddities.isEmpty)
      #expect(decoded.value.version.files.allSatisfy { $0.digest != nil && $0.ownVersion == nil })
    }
  }
}
