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
      let decoded = try decodeModel(file, details: true)
      #expect(decoded.oddities.isEmpty)
      for version in decoded.value.versions {
        try checkSource(version, in: try parsed(file)["modelVersions"]?.array ?? [])
      }
      let all = decoded.value.versions.flatMap(\.files)
      #expect(!all.isEmpty)
      #expect(all.allSatisfy { $0.digest != nil && $0.approximateBytes != nil })
      #expect(all.allSatisfy { $0.id.isDerived == ($0.downloadQuery != nil) })
    }
  }

  /// The kept text is the answer's own object, but for what tells the model.
  private func checkSource(_ version: Version, in answer: [JSONValue]) throws {
    let own = try #require(answer.first { $0["id"]?.integer == version.id.rawValue })
    let members = (own.members ?? []).filter { $0.name != "modelId" && $0.name != "model" }
    let details = try #require(version.details)
    #expect(try parsed(Array(details.source.utf8)) == .object(members))
    #expect(details.images.count == own["images"]?.array?.count ?? 0)
    #expect(details.images.allSatisfy { $0.url.host == "image.civitai.com" && $0.nsfwLevel < 32 })
    #expect(details.trainedWords == own["trainedWords"]?.array?.compactMap(\.string) ?? [])
  }

  @Test(.enabled(if: folder != nil)) func `recorded versions are read without an oddity`() throws {
    let files = try Self.files("version-")
    #expect(!files.isEmpty)
    for file in files {
      let decoded = try decodeVersion(file, details: true)
      #expect(decoded.oddities.isEmpty)
      try checkSource(decoded.value.version, in: [try parsed(file)])
      #expect(decoded.value.version.files.allSatisfy { $0.digest != nil && $0.ownVersion == nil })
    }
  }

  /// Nothing in the recorded answers is new to the decoder.
  @Test(.enabled(if: folder != nil)) func `recorded answers hold no field or word unknown`() throws
  {
    for file in try Self.files("model-") {
      var odd = Oddities()
      _ = try modelValue(try parsed(file), subject: "model", details: true, &odd)
      #expect(odd.news.keys.sorted() == [])
    }
    for file in try Self.files("version-") {
      var odd = Oddities()
      _ = try versionDetail(try parsed(file), details: true, &odd)
      #expect(odd.news.keys.sorted() == [])
    }
  }
}
