import CatalogueModel
import Core
import GitStore
import History
import Testing

struct ReachTests {
  private func digest(_ byte: UInt8) throws -> Digest {
    try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
  }

  @Test func `a content that two entries have is needed until both are gone`() throws {
    let project = try TestProject()
    var snapshot = try Samples.snapshot([])
    snapshot.models = [try Samples.model(1, digest: 7), try Samples.model(2, digest: 7)]
    let first = try project.record(snapshot)
    snapshot.models = [try Samples.model(1, digest: 7), try Samples.model(3)]
    let second = try project.record(snapshot)
    snapshot.models = [try Samples.model(3)]
    let third = try project.record(snapshot)
    let (twice, three) = (try digest(7), try digest(3))
    func difference(_ old: CommitID?, _ new: CommitID) throws -> ReachDifference {
      try project.history.reachDifference(from: old, to: new)
    }
    #expect(try difference(nil, first) == ReachDifference(added: [twice, twice]))
    #expect(try difference(first, second) == ReachDifference(added: [three], removed: [twice]))
    #expect(try difference(second, third) == ReachDifference(removed: [twice]))
    #expect(try difference(third, third) == ReachDifference())
    let outlines = try project.history.outlines()
    #expect(outlines.map(\.id) == [third, second, first])
    #expect(outlines.map(\.parent) == [second, first, nil])
    #expect(try project.history.outline(second) == outlines[1])
  }

  @Test func `what stands beside a file counts too, also where that alone changes`() throws {
    let project = try TestProject()
    var snapshot = try Samples.snapshot([1])
    let companion = RecordedCompanion(
      kind: .preview, digest: try digest(9), bytes: ByteCount(1))
    snapshot.models[0].versions[0].files[0].companions = [companion]
    let first = try project.record(snapshot)
    snapshot.models[0].versions[0].files[0].companions[0].digest = try digest(8)
    let second = try project.record(snapshot)
    #expect(
      try project.history.reachDifference(from: nil, to: first).added
        == [try digest(1), try digest(9)])
    #expect(
      try project.history.reachDifference(from: first, to: second)
        == ReachDifference(added: [try digest(8)], removed: [try digest(9)]))
  }

  @Test func `without a history there are no outlines`() throws {
    #expect(try TestProject().history.outlines().isEmpty)
  }
}
