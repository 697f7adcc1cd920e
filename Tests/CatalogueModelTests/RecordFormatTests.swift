import CatalogueModel
import Core
import Testing

struct RecordFormatTests {
  @Test func `a record is written line by line, sorted, with absent parts left out`() throws {
    let bytes = RecordFormat.encode(try RecordSamples.full(), for: .snapshot)
    #expect(String(decoding: bytes, as: UTF8.self) == RecordSamples.fullText)
  }

  @Test func `a record reads back as it was`() throws {
    let model = try RecordFormat.decode(Array(RecordSamples.fullText.utf8))
    var expected = try RecordSamples.full()
    expected.versions[0].files[1].places.sort()
    #expect(model == expected)
    let again = RecordFormat.encode(model, for: .snapshot)
    #expect(String(decoding: again, as: UTF8.self) == RecordSamples.fullText)
  }

  @Test func `the order in which things are given does not matter`() throws {
    var model = try RecordSamples.full()
    model.versions.reverse()
    model.versions[1].files.reverse()
    let bytes = RecordFormat.encode(model, for: .snapshot)
    #expect(String(decoding: bytes, as: UTF8.self) == RecordSamples.fullText)
  }

  @Test func `a model without anything optional is three lines`() throws {
    let model = RecordedModel(id: 1, name: "n", type: "t", nsfwLevel: 0)
    let bytes = RecordFormat.encode(model, for: .lock)
    #expect(
      String(decoding: bytes, as: UTF8.self) == "civsync-model 1\nmodel 1 \"t\" \"n\"\n  nsfw 0\n")
    #expect(try RecordFormat.decode(bytes, for: .lock) == model)
  }

  @Test func `a lock says nothing of state and origin`() throws {
    let bytes = RecordFormat.encodeLock([try RecordSamples.full()])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("civsync-lock 1\n# "))
    #expect(!text.contains("state"))
    #expect(!text.contains("origin"))
    var expected = try RecordSamples.full()
    expected.versions[0].files[1].places.sort()
    expected.versions[0].files[1].state = .current
    expected.versions[0].files[1].origin = .fetched
    #expect(try RecordFormat.decodeLock(bytes) == [expected])
  }

  @Test func `a lock is sorted by model and may be empty`() throws {
    let models = try (1...30).map { try RecordSamples.numbered($0) }
    let bytes = RecordFormat.encodeLock(models.reversed())
    #expect(bytes == RecordFormat.encodeLock(models))
    #expect(try RecordFormat.decodeLock(bytes) == models)
    #expect(try RecordFormat.decodeLock(RecordFormat.encodeLock([])) == [])
  }

  @Test func `a change of one file touches that file's lines only`() throws {
    var model = try RecordSamples.full()
    let before = RecordFormat.encode(model, for: .lock).split(separator: UInt8(ascii: "\n"))
    model.versions[0].files[1].bytes = ByteCount(7)
    let after = RecordFormat.encode(model, for: .lock).split(separator: UInt8(ascii: "\n"))
    #expect(before.count == after.count)
    #expect(zip(before, after).filter { $0 != $1 }.count == 1)
  }

  @Test func `two contents of one file id stand side by side`() throws {
    var model = try RecordSamples.numbered(1)
    var second = model.versions[0].files[0]
    second.digest = try RecordSamples.digest(0xee)
    model.versions[0].files.append(second)
    #expect(try RecordFormat.decode(RecordFormat.encode(model, for: .snapshot)) == model)
  }

  @Test func `every number an id can be reads back`() throws {
    for number in [Int64.min, -1, 0, 1, Int64.max] {
      let model = RecordedModel(id: ModelID(number), name: "", type: "")
      #expect(try RecordFormat.decode(RecordFormat.encode(model, for: .snapshot)) == model)
    }
  }
}
