import Core
import Foundation
import GitStore
import Testing

struct PackTests {
  /// The measuring code: with `CIVSYNC_MEASURE_MODELS=20000` in a release build it prints what
  /// `Docs/Formats.md` says about speed; the suite runs it small and looks at the results only.
  @Test func `many files go into one pack and a few changes into loose objects`() throws {
    let test = try TestRepository()
    let wanted = ProcessInfo.processInfo.environment["CIVSYNC_MEASURE_MODELS"].flatMap(Int.init)
    let count = wanted ?? 200
    let models = Dictionary(
      uniqueKeysWithValues: (0..<count).map { (Self.path($0), Self.record($0)) })
    let clock = ContinuousClock()
    var first: CommitID?
    let writing = try clock.measure { first = try test.commit(models) }
    #expect(try test.packs().count == 1)

    let changes = Dictionary(
      uniqueKeysWithValues: (0..<10).map { (Self.path($0 * 7), Self.record($0) + "changed\n") })
    var second: CommitID?
    let changing = try clock.measure { second = try test.commit(changes, on: first) }
    #expect(try test.packs().count == 1)

    let id = try #require(second)
    var contents: [[UInt8]] = []
    let reading = try clock.measure {
      contents = try test.repository.read(test.repository.files(at: id).map(\.blob))
    }
    #expect(contents.count == count)
    #expect(try test.text(Self.path(7), at: id) == Self.record(1) + "changed\n")
    if wanted != nil {
      print("\(count) files: written \(writing), 10 changed \(changing), read \(reading)")
    }
  }

  @Test func `what is gone back to is not packed again`() throws {
    let test = try TestRepository()
    let models = Dictionary(
      uniqueKeysWithValues: (0..<200).map { (Self.path($0), Self.record($0)) })
    let first = try test.commit(models)
    let second = try test.commit([Self.path(0): "another\n"], on: first)
    let back = try test.commit(models, on: second)
    let sizes = try test.packs().map { name in
      let path = test.folder.appending(".git/objects/pack").string + "/" + name
      return try #require(FileManager.default.contents(atPath: path)).count
    }.sorted()
    // The second holds the commit alone.
    #expect(sizes.count == 2 && sizes[0] < 300 && sizes[1] > 2_000, "\(sizes)")
    #expect(try test.text(Self.path(199), at: back) == Self.record(199))
    #expect(try test.commit(models, on: second) == back)
    #expect(try test.git("fsck", "--strict").status == 0)
  }

  @Test func `git itself finds nothing wrong with packs and loose objects`() throws {
    let test = try TestRepository()
    let models = Dictionary(
      uniqueKeysWithValues: (0..<300).map { (Self.path($0), Self.record($0)) })
    _ = try test.record(models)
    _ = try test.record([Self.path(5): "other"])
    let check = try test.git("fsck", "--strict", "--full")
    #expect(check.status == 0, "\(check.output)")
    #expect(!check.output.contains("error"))
  }

  @Test func `a packed commit over a base keeps what the base has`() throws {
    let test = try TestRepository()
    let first = try test.commit(["keep": "me", Self.path(1): "old"])
    let models = Dictionary(
      uniqueKeysWithValues: (0..<100).map { (Self.path($0), Self.record($0)) })
    let second = try test.commit(models, on: first)
    #expect(try test.text("keep", at: second) == "me")
    #expect(try test.text(Self.path(1), at: second) == Self.record(1))
    #expect(try test.paths(at: second).count == 101)
  }

  @Test func `a repository that went away is told`() throws {
    let test = try TestRepository()
    try FileManager.default.removeItem(atPath: test.folder.string)
    let models = Dictionary(
      uniqueKeysWithValues: (0..<100).map { (Self.path($0), Self.record($0)) })
    #expect(throws: GitError.self) { try test.commit(models) }
  }

  private static func path(_ number: Int) -> String {
    let hex = String(number % 256, radix: 16)
    return "models/\(hex.count < 2 ? "0" : "")\(hex)/\(number).txt"
  }

  private static func record(_ number: Int) -> String {
    """
    civsync-model 1
    model \(number) "LORA" "Model number \(number)" by "creator\(number % 50)"
      tags ["portrait","style"]
      nsfw 1
      version \(number * 10) "v1.0" base "SDXL 1.0" published "2024-03-21T06:33:04Z"
        file \(number * 100) "model-\(number).safetensors"
          sha256 \(String(repeating: String(number % 10), count: 64))
          bytes \(228_453_995 + number)
          place "main" "loras/model-\(number).safetensors"

    """
  }
}

extension TestRepository {
  func packs() throws -> [String] {
    let folder = folder.appending(".git/objects/pack").string
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".pack") }
  }
}
