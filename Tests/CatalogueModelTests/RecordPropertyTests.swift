import CatalogueModel
import Core
import Foundation
import Testing

struct RecordPropertyTests {
  /// A small generator of its own, so that a failure comes again.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }

  @Test func `a record cut anywhere is refused, but where it could have ended`() throws {
    let bytes = Array(RecordSamples.fullText.utf8)
    var complete: [Int] = []
    for count in 0..<bytes.count {
      do {
        _ = try RecordFormat.decode(Array(bytes.prefix(count)))
        complete.append(count)
      } catch {
        #expect(error.line >= 1)
        #expect(error.line <= 23)
      }
    }
    // After `nsfw`, after the version's line, after each of its files.
    #expect(complete.count == 4)
    #expect(complete.allSatisfy { bytes[$0 - 1] == UInt8(ascii: "\n") })
  }

  @Test func `random bytes never do harm`() throws {
    var random = Seeded(state: 1)
    for round in 0..<2_000 {
      let count = Int.random(in: 0..<120, using: &random)
      var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      if round % 2 == 0 { bytes = Array("civsync-model 1\nmodel 1 \"t\" \"".utf8) + bytes }
      let error = #expect(throws: RecordError.self) { try RecordFormat.decode(bytes) }
      #expect((error?.line ?? 0) >= 1)
      #expect(throws: RecordError.self) { try RecordFormat.decodeLock(bytes) }
    }
  }

  @Test func `a changed record is refused or reads as what it says`() throws {
    var random = Seeded(state: 2)
    let bytes = Array(RecordSamples.fullText.utf8)
    let interesting = Array("\"\\\n\r [],u09afx<=>\u{7f}".utf8) + [0x00, 0x80, 0xff]
    for _ in 0..<5_000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<changed.count, using: &random)
        let byte = interesting[Int.random(in: 0..<interesting.count, using: &random)]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[index] = byte
        case 1: changed.insert(byte, at: index)
        default: changed.remove(at: index)
        }
      }
      guard let model = try? RecordFormat.decode(changed) else { continue }
      #expect(try RecordFormat.decode(RecordFormat.encode(model, for: .snapshot)).id == model.id)
    }
  }

  @Test func `random names of any kind come back`() throws {
    var random = Seeded(state: 3)
    for number in 1...500 {
      var model = try RecordSamples.numbered(number)
      var name = ""
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0...0x7f : 0...0x2ffff
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
          name.unicodeScalars.append(scalar)
        }
      }
      model.name = name
      model.tags = [name, "", name]
      let back = try RecordFormat.decode(RecordFormat.encode(model, for: .snapshot))
      #expect(back.name.utf8.elementsEqual(name.utf8))
      #expect(back == model)
    }
  }

  @Test func `a recorded path is what any other path may be`() throws {
    let long = String(repeating: "x", count: 255)
    let texts = [
      "a", "a/b.c", "...", "..a", ".a", "a/...", long, "a/" + long, "é/ü", "", "/", "a/", "/a",
      "a//b", ".", "..", "a/..", "./a", long + "y", "a\u{0}",
      String(repeating: "ab/", count: 1_400) + "c",
    ]
    for text in texts {
      #expect(TreePath(recorded: text) == TreePath(text), "\(text)")
    }
  }

  /// The measuring code: `CIVSYNC_MEASURE_MODELS=20000` in a release build prints the times.
  @Test func `a lock of many models reads back`() throws {
    let wanted = ProcessInfo.processInfo.environment["CIVSYNC_MEASURE_MODELS"].flatMap(Int.init)
    let models = try (1...(wanted ?? 100)).map { try RecordSamples.numbered($0) }
    let clock = ContinuousClock()
    var bytes: [UInt8] = []
    let writing = clock.measure { bytes = RecordFormat.encodeLock(models) }
    var back: [RecordedModel] = []
    let reading = try clock.measure { back = try RecordFormat.decodeLock(bytes).models }
    #expect(back == models)
    if wanted != nil {
      print("\(models.count) files, \(bytes.count) bytes: written \(writing), read \(reading)")
    }
  }
}
