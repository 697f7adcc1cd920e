import CatalogueModel
import Core
import Testing

struct `The difference of two lists of entries` {
  private func entry(_ model: Int64, _ name: String, digest: UInt8 = 1) throws -> Entry {
    Entry(
      model: RecordedModel(id: ModelID(model), name: name, type: "LORA"),
      version: RecordedVersion(id: VersionID(1), name: "v1", baseModel: "SDXL 1.0"),
      file: RecordedFile(
        id: FileID(1), name: "a",
        digest: try #require(Digest(bytes: [UInt8](repeating: digest, count: 32))),
        bytes: ByteCount(1)))
  }

  @Test func `is what one of them has, and what changed in both forms`() throws {
    let (gone, same) = (try entry(1, "gone"), try entry(2, "same"))
    let (before, after) = (try entry(3, "before"), try entry(3, "after"))
    let (old, replaced) = (try entry(4, "x", digest: 1), try entry(4, "x", digest: 2))
    let new = try entry(5, "new")
    let difference = EntryDifference(
      from: [gone, same, before, old], to: [try entry(2, "same"), after, replaced, new])
    #expect(difference.old == [gone, before, old])
    #expect(difference.new == [after, replaced, new])
    #expect(difference.models == [ModelID(1), ModelID(3), ModelID(4), ModelID(5)])
  }

  @Test func `of equal lists is none, and of one with nothing is all`() throws {
    let all = [try entry(1, "a"), try entry(2, "b")]
    #expect(EntryDifference(from: all, to: all) == EntryDifference(from: [], to: []))
    #expect(EntryDifference(from: all, to: []).old == all)
    #expect(EntryDifference(from: [], to: all).new == all)
  }
}
