import CatalogueModel
import Core
import GitStore
import History
import Testing

@Suite struct `Tracing` {
  /// Records snapshots with these models, one after the other.
  private func project(_ states: [[Int]]) throws -> (TestProject, [CommitID]) {
    let made = try TestProject()
    return (made, try states.map { try made.record(Samples.snapshot($0)) })
  }

  @Test func `goes back to the beginning of the unbroken run`() throws {
    let (project, commits) = try project([[1], [1, 2], [2], [1, 2], [1, 2, 3], [1]])
    let line = try project.history.line()
    #expect(line == commits.reversed())
    #expect(try project.history.since(1, along: line) { _ in true }?.id == commits[3])
    #expect(try project.history.since(2, along: line) { _ in true } == nil)
    #expect(try project.history.since(1, along: line) { _ in false } == nil)
  }

  @Test func `asks about each form of a record once`() throws {
    let (project, _) = try project([[1], [1, 2], [1, 3], [1, 4]])
    var asked = 0
    let since = try project.history.since(1, along: project.history.line()) { _ in
      asked += 1
      return true
    }
    #expect(since?.title == "apply: something")
    #expect(asked == 1)
  }

  @Test func `finds what was removed, the newest first and each once`() throws {
    let (project, commits) = try project([[1, 2], [1], [1, 2], [3]])
    let removed = try project.history.removed(limit: 9) { _ in true }
    #expect(removed.map(\.entry.model.id) == [1, 2])
    #expect(removed.map(\.by.id) == [commits[3], commits[3]])
    #expect(removed.map(\.last) == [commits[2], commits[2]])
    #expect(try project.history.removed(limit: 9) { $0.model.id == 3 }.isEmpty)
  }

  @Test func `knows every manifest that was recorded`() throws {
    let (project, _) = try project([[1]])
    var other = try Samples.snapshot([1])
    other.manifests[0].bytes = Array("version: 1\n# later\n".utf8)
    try project.record(other)
    #expect(try project.history.hasManifest(Array("version: 1\n".utf8)))
    #expect(try project.history.hasManifest(other.manifests[0].bytes))
    #expect(try !project.history.hasManifest(Array("version: 2\n".utf8)))
  }

  @Test func `of no history finds nothing`() throws {
    let history = try TestProject().history
    #expect(try history.line() == [])
    #expect(try history.removed(limit: 1) { _ in true }.isEmpty)
    #expect(try !history.hasManifest([]))
  }
}
