import CatalogueModel
import Core
import Testing

struct RecordErrorTests {
  /// The sample with one line replaced, and the message that this must give.
  private static let cases: [(line: Int, text: String, message: String)] = [
    (
      1, "civsync-lock 1",
      "line 1: this is not a file that begins with `civsync-model 2`; restore it, or delete it"
    ),
    (
      1, "civsync-model 0",
      "line 1: this is not a file that begins with `civsync-model 2`; restore it, or delete it"
    ),
    (
      1, "civsync-model 3",
      "line 1: written in format 3, this civsync knows 2; use a newer civsync"
    ),
    (
      1, "<<<<<<< HEAD",
      "line 1: a merge conflict is not settled (`<<<<<<<`); take one side and run again"
    ),
    (
      1, "civsync-model 1\r",
      "line 1: the line ends with a carriage return; store the file with plain line ends"
    ),
    (
      2, "model x \"LORA\" \"Some name\"",
      "line 2: expected the model's id, found `x \"LORA\" \"Some name\"`; restore the file"
    ),
    (
      2, "model 99999999999999999999 \"LORA\" \"Some name\"",
      "line 2: expected the model's id, found `99999999999999999999 \"LORA\" \"Some name\"`; "
        + "restore the file"
    ),
    (2, "model 1", "line 2: expected the model's type, found `nothing`; restore the file"),
    (
      2, "model 1 \"LORA\" \"a\" of \"b\"",
      "line 2: `of \"b\"` does not belong here; restore the file, or use a newer civsync"
    ),
    (
      2, "model 1 \"LORA\" \"open",
      "line 2: expected the string's closing quote, found `nothing`; restore the file"
    ),
    (
      2, "model 1 \"LORA\" \"open\\n",
      "line 2: expected the string's closing quote, found `nothing`; restore the file"
    ),
    (
      2, "model 1 \"LORA\" \"a\\x\"",
      "line 2: expected an escape such as `\\n`, found `\\x\"`; restore the file"
    ),
    (
      2, "model 1 \"LORA\" \"a\\u00e9\"",
      "line 2: expected an escape such as `\\u0007`, found `\\u00e9\"`; restore the file"
    ),
    (3, "  tags []", "line 3: expected a string, found `]`; restore the file"),
    (3, "  tags \"a\"", "line 3: expected a list, found `\"a\"`; restore the file"),
    (3, "  tags [\"a\"", "line 3: expected `]`, found `nothing`; restore the file"),
    (
      3, "=======",
      "line 3: a merge conflict is not settled (`=======`); take one side and run again"
    ),
    (4, "  nfsw 3", "line 4: expected `nsfw`, found `nfsw 3`; restore the file"),
    (4, "nsfw 3", "line 4: expected `nsfw`, found `nsfw 3`; restore the file"),
    (
      5, "  version 128461 \"v1.0\"",
      "line 5: expected `base`, found `nothing`; restore the file"
    ),
    (
      5, "  version 128461 \"v1.0\" base \"SDXL 1.0\" published \"yesterday\"",
      "line 5: `yesterday` is not a time; restore the file"
    ),
    (
      5, "  colour 7",
      "line 5: `colour 7` does not belong here; restore the file, or use a newer civsync"
    ),
    (
      8, "      sha256 0101",
      "line 8: expected 64 hexadecimal digits, found `0101`; restore the file"
    ),
    (
      8, "      sha256 " + String(repeating: "G", count: 64),
      "line 8: expected 64 hexadecimal digits, found `\(String(repeating: "G", count: 59))…`; "
        + "restore the file"
    ),
    (9, "      bytes -1", "line 9: `-1` is not a length; restore the file"),
    (10, "      state odd", "line 10: expected a state, found `odd`; restore the file"),
    (
      17, "      place \"gpu\" \"../x\"",
      "line 17: `../x` is not a path in a tree; restore the file"
    ),
    (
      23, "  version 128461 \"\" base \"Pony\"",
      "line 23: version 128461 stands twice or out of order; restore the file"
    ),
  ]

  @Test(arguments: cases.indices)
  func `a bad line is told with its number and what to do`(index: Int) throws {
    let wrong = Self.cases[index]
    var lines = RecordSamples.fullText.split(separator: "\n").map(String.init)
    lines[wrong.line - 1] = wrong.text
    let error = #expect(throws: RecordError.self) {
      try RecordFormat.decode(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
    #expect(error?.description == wrong.message)
  }

  @Test func `two files out of order are refused`() throws {
    var lines = RecordSamples.fullText.split(separator: "\n").map(String.init)
    lines[11] = "    file -6 \"x\""
    let error = #expect(throws: RecordError.self) {
      try RecordFormat.decode(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
    #expect(error?.reason == .outOfOrder("file -6"))
  }

  @Test func `two models out of order are refused in a lock`() throws {
    let one = RecordFormat.encodeLock([try RecordSamples.numbered(1)])
    let second = String(decoding: one, as: UTF8.self).split(separator: "\n").dropFirst(2)
    let text = String(decoding: one, as: UTF8.self) + second.joined(separator: "\n") + "\n"
    let error = #expect(throws: RecordError.self) {
      try RecordFormat.decodeLock(Array(text.utf8))
    }
    #expect(error?.reason == .outOfOrder("model 1"))
  }

  @Test func `a conflict inside a lock is named with its line`() throws {
    let lock = RecordFormat.encodeLock([try RecordSamples.numbered(1)])
    for marker in ["<<<<<<< ours", "|||||||", "=======", ">>>>>>> theirs"] {
      let text = String(decoding: lock, as: UTF8.self) + marker + "\n"
      let error = #expect(throws: RecordError.self) {
        try RecordFormat.decodeLock(Array(text.utf8))
      }
      #expect(error?.reason == .conflict(marker: String(marker.prefix(7))))
      #expect(error?.line == 13)
    }
  }

  @Test func `state and origin do not belong in a lock`() throws {
    let error = #expect(throws: RecordError.self) {
      try RecordFormat.decode(Array(RecordSamples.fullText.utf8), for: .lock)
    }
    #expect(error?.reason == .unknownLine("state current"))
    #expect(error?.line == 10)
  }

  @Test func `what follows a model's record is refused`() throws {
    let text = RecordSamples.fullText + "model 7 \"t\" \"n\"\n"
    let error = #expect(throws: RecordError.self) { try RecordFormat.decode(Array(text.utf8)) }
    #expect(error?.reason == .unknownLine("model 7 \"t\" \"n\""))
  }

  @Test func `bytes that are no text are refused`() throws {
    for extra: [UInt8] in [[], Array(#"\n"#.utf8)] {
      var bytes = Array("civsync-model 1\nmodel 1 \"t\" \"".utf8)
      bytes += extra + [0xff, 0xfe] + Array("\"\n  nsfw 1\n".utf8)
      let error = #expect(throws: RecordError.self) { try RecordFormat.decode(bytes) }
      #expect(error == RecordError(line: 2, reason: .invalidText))
      #expect(error?.description == "line 2: the text is not UTF-8; restore the file")
    }
  }

  @Test func `control characters do not reach a message`() throws {
    let text = "civsync-model 1\nmodel 1 \"t\" \"n\"\u{1b}[31m\n"
    let error = #expect(throws: RecordError.self) { try RecordFormat.decode(Array(text.utf8)) }
    #expect(error?.reason == .unknownLine("?[31m"))
  }
}
