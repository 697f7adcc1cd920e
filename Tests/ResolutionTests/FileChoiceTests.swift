import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Which file of a version` {
  static let files = [
    file(1, precision: "fp32", size: "full", digest: digest(1)),
    file(2, precision: "fp16", size: "pruned", digest: digest(2), primary: true),
    file(3, type: "VAE", digest: digest(3)),
    file(4, precision: "bf16", digest: digest(4)),
  ]

  /// What is taken when each file is ten times as long as the one before, from 100 bytes on.
  private func taken(_ change: (inout FilePolicy) -> Void) throws -> [Int64] {
    var manifest = try manifest(following)
    change(&manifest.collections[0].files)
    var offered = Self.files
    for (index, bytes) in [100, 1_000, 10_000].enumerated() {
      offered[index].approximateBytes = ByteCount(Int64(bytes))
    }
    offered[3].approximateBytes = nil
    let shown = model(1, versions: [version(1, files: offered)])
    return Resolver.resolve(manifest, answers([shown]), ResolutionContext()).files
  }

  @Test func `primary takes the flagged one alone`() throws {
    #expect(try taken { $0.primary = true } == [2])
    #expect(
      try taken {
        $0.primary = true
        $0.all = true
      } == [2])
    #expect(
      try taken {
        $0.primary = true
        $0.types = ["VAE"]
      } == [])
  }

  @Test func `maxSize leaves out what is larger, and what tells no length`() throws {
    #expect(
      try taken {
        $0.maxSize = ByteCount(1_000)
        $0.all = true
      } == [1, 2])
    #expect(try taken { $0.maxSize = ByteCount(999) } == [1])
    #expect(try taken { $0.maxSize = ByteCount(99) } == [])
  }

  @Test func `maxSize lowered takes away what is recorded as larger`() throws {
    var manifest = try manifest(following)
    var former = try resolve(following, answers([model(1, versions: [version(1)])])).entries
    former[0].file.bytes = ByteCount(50_000)
    for (limit, left) in [(60_000, 0), (49_000, 0), (40_000, 1)] {
      manifest.collections[0].files.maxSize = ByteCount(Int64(limit))
      let result = Resolver.resolve(manifest, answers([]), ResolutionContext(former: former))
      #expect(result.deselected.count == left, "\(limit)")
    }
  }

  @Test func `is explained`() {
    var policy = FilePolicy()
    #expect(
      FileChoice.explain(Self.files[0], policy) == [
        "nothing is said of files: the version's primary file"
      ])
    policy.types = ["Model"]
    policy.formats = ["SafeTensor"]
    policy.precision = ["fp16", "bf16"]
    policy.size = .pruned
    #expect(
      FileChoice.explain(Self.files[3], policy) == [
        "type `Model` is asked for", "format `SafeTensor` is asked for",
        "precision `bf16` is the 2nd of fp16, bf16",
        "no size is told; pruned would come first", "one file of each type is taken",
      ])
    policy.types = nil
    policy.maxSize = ByteCount(500)
    policy.all = true
    policy.only.precision = ["fp8"]
    #expect(
      FileChoice.explain(Self.files[0], policy) == [
        "format `SafeTensor` is asked for", "precision `fp32` is none of fp8",
        "its 1 kB are over `maxSize` 500 B",
        "precision `fp32` is none of fp16, bf16, which would come first",
        "size `full` is none of pruned, which would come first",
        "every file that passes is taken",
      ])
  }

  @Test func `is explained from what was recorded`() {
    var policy = FilePolicy()
    policy.primary = true
    policy.quantType = ["Q8_0"]
    let recorded = RecordedFile(
      id: 1, name: "a", quantType: "q8_0", digest: digest(1), bytes: .zero)
    #expect(
      FileChoice.explain(recorded, policy) == [
        "only the version's primary file is asked for", "quantType `q8_0` is preferred",
      ])
  }
}
