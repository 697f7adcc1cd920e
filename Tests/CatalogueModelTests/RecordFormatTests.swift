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
      String(decoding: bytes, as: UTF8.self) == "civsync-model 2\nmodel 1 \"t\" \"n\"\n  nsfw 0\n")
    #expect(try RecordFormat.decode(bytes, for: .lock) == model)
  }

  @Test func `a lock says nothing of state and origin`() throws {
    let bytes = RecordFormat.encodeLock([try RecordSamples.full()])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasPrefix("civsync-lock 2\n# "))
    #expect(!text.contains("state"))
    #expect(!text.contains("origin"))
    var expected = try RecordSamples.full()
    expected.versions[0].files[1].places.sort()
    expected.versions[0].files[1].state = .current
    expected.versions[0].files[1].origin = .fetched
    #expect(try RecordFormat.decodeLock(bytes).models == [expected])
  }

  @Test func `what civsync 0.1 wrote is read as it is`() throws {
    let old = RecordSamples.fullText.replacing("civsync-model 2", with: "civsync-model 1")
    #expect(
      try RecordFormat.decode(Array(old.utf8))
        == RecordFormat.decode(Array(RecordSamples.fullText.utf8)))
  }

  @Test func `an object, its protection and its companions are recorded`() throws {
    let digest = try RecordSamples.digest(7)
    let url = try #require(SafeURL("https://example.org/a/mine.safetensors?download=true"))
    var entry = Entry(object: digest, name: "mine.safetensors", url: url, bytes: ByteCount(9))
    entry.file.isProtected = true
    entry.file.companions = [
      RecordedCompanion(kind: .preview, number: 2, digest: digest, bytes: ByteCount(3)),
      RecordedCompanion(kind: .preview, digest: digest, bytes: ByteCount(2)),
      RecordedCompanion(kind: .civitaiInfo, digest: digest, bytes: ByteCount(1)),
    ]
    #expect(entry.isObject)
    let models = Entry.models(of: [entry])
    let bytes = RecordFormat.encode(try #require(models.first), for: .snapshot)
    let hex = digest.hex
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        civsync-model 2
        model \(entry.model.id) "Object" "mine.safetensors"
          nsfw 0
          version 1 "070707070707" base ""
            file 1 "mine.safetensors"
              kind "Model"
              sha256 \(hex)
              bytes 9
              url "https://example.org/a/mine.safetensors?download=true"
              state current
              origin fetched
              protected
              companion "civitai.info" 1 \(hex) 1
              companion "preview" 1 \(hex) 2
              companion "preview" 2 \(hex) 3

        """)
    let again = try RecordFormat.decode(bytes)
    #expect(RecordFormat.encode(again, for: .snapshot) == bytes)
    #expect(again.versions[0].files[0].isProtected)
    let lock = String(decoding: RecordFormat.encodeLock(models), as: UTF8.self)
    #expect(!lock.contains("protected") && !lock.contains("companion") && lock.contains("url"))
  }

  @Test func `a lock is sorted by model and may be empty`() throws {
    let models = try (1...30).map { try RecordSamples.numbered($0) }
    let bytes = RecordFormat.encodeLock(models.reversed())
    #expect(bytes == RecordFormat.encodeLock(models))
    #expect(try RecordFormat.decodeLock(bytes).models == models)
    #expect(try RecordFormat.decodeLock(RecordFormat.encodeLock([])) == RecordFormat.Lock())
  }

  @Test func `a lock tells of what selection it is`() throws {
    let digest = try RecordSamples.digest(3)
    let bytes = RecordFormat.encodeLock([], selection: digest)
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\nselection \(digest.hex)\n"))
    #expect(try RecordFormat.decodeLock(bytes).selection == digest)
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
