import Core
import Testing

@testable import CatalogueModel

/// Tens of thousands of entries are kept in many lists at once.
struct `What an entry costs` {
  private func entries() throws -> [Entry] {
    Entry.entries(of: [try RecordSamples.full(), try RecordSamples.numbered(7)])
  }

  @Test func `a copy is three references, and changes by itself`() throws {
    #expect(MemoryLayout<Entry>.size <= 24)
    let one = try #require(try entries().first)
    var other = one
    #expect(other.sharedFile === one.sharedFile)
    other.file.state = .withdrawn
    #expect(one.file.state != .withdrawn)
    #expect(other != one)
    #expect(other.sharedModel === one.sharedModel)
  }

  @Test func `files of one version share its facts and their model's`() throws {
    let both = try entries().prefix(2)
    let (bare, eyes) = (try #require(both.first), try #require(both.last))
    #expect(bare.key.version == eyes.key.version)
    #expect(bare.sharedModel === eyes.sharedModel)
    #expect(bare.sharedVersion === eyes.sharedVersion)
  }

  @Test func `in order, the first entry's facts are those of its model`() throws {
    var all = try entries()
    all[1].model.name = "another name"
    all[1].version.name = "another version"
    all.swapAt(0, 2)
    let sorted = Entry.inOrder(all)
    #expect(sorted.map(\.identity) == all.map(\.identity).sorted())
    let eyes = try #require(sorted.first { $0.file.id == 92996 })
    #expect(eyes.model.name == "Some name")
    #expect(eyes.version.name == "v1.0")
    #expect(Entry.entries(of: Entry.models(of: all)) == sorted)
  }

  @Test func `an entry is found where it stands, and others are not`() throws {
    let sorted = Entry.inOrder(
      try (0..<20).flatMap { number in
        Entry.entries(of: try RecordSamples.numbered(number * 2))
      })
    for (index, entry) in sorted.enumerated() {
      #expect(sorted.inOrder(at: entry.identity) == index)
    }
    for number in [-1, 1, 19, 41] {
      let odd = try #require(Entry.entries(of: try RecordSamples.numbered(abs(number))).first)
      #expect(sorted.inOrder(at: odd.identity) == nil)
    }
    #expect([Entry]().inOrder(at: sorted[0].identity) == nil)
  }

  @Test func `a lock is written from entries as from their nested form, and read one by one`()
    throws
  {
    let models = [try RecordSamples.numbered(7), try RecordSamples.numbered(3)]
    let bytes = RecordFormat.encodeLock(of: Entry.entries(of: models))
    #expect(bytes == RecordFormat.encodeLock(models))
    var read: [RecordedModel] = []
    try RecordFormat.readLock(bytes) { read.append($0) }
    #expect(read == (try RecordFormat.decodeLock(bytes).models))
  }
}
