import CivsyncCLI
import Core
import Testing

@Suite struct `Display text` {
  @Test(arguments: [
    ("abc", 3), ("", 0), ("日本", 4), ("e\u{301}", 1), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇯🇵", 2), ("1️⃣", 2), ("✔", 1), ("ﾊﾝｶｸ", 4), ("Ａ", 2),
    ("שלום", 4), ("\u{200B}", 0), ("…·→", 3),
  ])
  func `a text has the columns that a terminal gives it`(text: String, columns: Int) {
    #expect(DisplayText.width(text) == columns)
  }

  @Test(arguments: [
    ("plain", "plain"),
    ("\u{1B}[2J\u{1B}]0;owned\u{7}", "\\u{1b}[2J\\u{1b}]0;owned\\u{7}"),
    ("two\nlines\r", "two\\u{a}lines\\u{d}"),
    ("\u{202E}gpj.exe", "\\u{202e}gpj.exe"),
    ("\u{9B}31m", "\\u{9b}31m"),
    ("日本 שלום", "日本 שלום"),
    (
      "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}!",
      "z\u{301}\u{302}\u{303}\u{304}\\u{305}\\u{306}!"
    ),
  ])
  func `what could steer a terminal is written as its code`(text: String, shown: String) {
    #expect(DisplayText.harmless(text) == shown)
  }

  @Test func `letters and signs that need no closer look are shown and measured as with one`() {
    for value in UInt32(0x20)...0x2FF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(scalar)
      // What follows makes it look at each character.
      #expect(DisplayText.width(text) + 2 == DisplayText.width(text + "日"), "\(value)")
      #expect(DisplayText.harmless(text) + "日" == DisplayText.harmless(text + "日"), "\(value)")
    }
  }

  @Test func `endless joined emoji are written out after a dozen scalars`() {
    let endless = Array(repeating: "👩", count: 50).joined(separator: "\u{200D}")
    let shown = DisplayText.harmless(endless)
    #expect(shown.hasSuffix("\\u{1f469}"))
    #expect(shown.allSatisfy { $0.unicodeScalars.count <= 12 })
    #expect(DisplayText.harmless("👩🏽‍❤️‍💋‍👨🏿") == "👩🏽‍❤️‍💋‍👨🏿")
  }

  @Test func `an endless title is cut`() {
    #expect(DisplayText.width(DisplayText.title(String(repeating: "日本", count: 9_000))) == 119)
  }

  @Test func `a long text is cut at its end or in its middle`() {
    #expect(DisplayText.cutEnd("abcdef", to: 6) == "abcdef")
    #expect(DisplayText.cutEnd("abcdef", to: 4) == "abc…")
    #expect(DisplayText.cutEnd("abcdef", to: 0) == "")
    #expect(DisplayText.cutMiddle("abcdef", to: 6) == "abcdef")
    #expect(DisplayText.cutMiddle("abcdef", to: 4) == "ab…f")
    #expect(DisplayText.cutMiddle("abcdef", to: 1) == "…")
    #expect(DisplayText.cutMiddle("abcdef", to: 0) == "")
  }

  @Test func `a wide letter is never cut in two`() {
    #expect(DisplayText.cutEnd("日本語", to: 4) == "日…")
    #expect(DisplayText.cutMiddle("日本語版", to: 6) == "日…版")
    #expect(DisplayText.width(DisplayText.cutMiddle("日本語のモデル", to: 8)) <= 8)
  }

  @Test func `padding counts columns`() {
    #expect(DisplayText.padded("日", to: 4) == "日  ")
    #expect(DisplayText.aligned("日", to: 4) == "  日")
    #expect(DisplayText.padded("long", to: 2) == "long")
  }

  @Test func `words are wrapped, and a word longer than a line is broken`() {
    #expect(DisplayText.wrapped("one two three", width: nil) == ["one two three"])
    #expect(DisplayText.wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(DisplayText.wrapped("a abcdefgh b", width: 4) == ["a", "abcd", "efgh", "b"])
    #expect(DisplayText.wrapped("日本", width: 1) == ["日", "本"])
  }

  @Test func `a path is broken after slashes and nothing of it is lost`() {
    let path = "loras/sdxl/characters/name.safetensors"
    #expect(DisplayText.brokenPath(path, width: nil) == [path])
    #expect(
      DisplayText.brokenPath(path, width: 16) == ["loras/sdxl/", "characters/", "name.safetensors"])
    #expect(DisplayText.brokenPath(path, width: 5).joined() == path)
    #expect(DisplayText.brokenPath("", width: 5) == [])
  }
}

@Suite struct `Text style` {
  @Test func `paint is by meaning and can be off`() {
    #expect(TextStyle.ansi.paint("x", .removed) == "\u{1B}[31mx\u{1B}[0m")
    #expect(TextStyle.plain.paint("x", .removed) == "x")
    #expect(TextStyle.ansi.paint("", .removed) == "")
    #expect(TextStyle.ansi.paint("x", nil) == "x")
    #expect(Set(TextMeaning.allCases.map { TextStyle.ansi.paint("x", $0) }).count == 6)
  }

  @Test func `a terminal is taken to have twenty columns at least`() {
    #expect(ViewOptions(width: 3).width == 20)
    #expect(ViewOptions().width == nil)
  }
}

@Suite struct `Measures in words` {
  @Test(arguments: [
    (0, "0 s"), (0.44, "0.4 s"), (9.96, "10 s"), (45, "45 s"), (59.7, "1 min 00 s"),
    (252, "4 min 12 s"), (3_900, "1 h 05 min"), (-1, "?"), (.infinity, "?"), (.nan, "?"),
    (1e300, "?"),
  ])
  func `a duration`(seconds: Double, text: String) {
    #expect(Measures.duration(seconds) == text)
  }

  @Test(arguments: [
    (0.2, "5 s"), (12.6, "15 s"), (57, "55 s"), (58, "1 min"), (246, "4 min"), (3_500, "58 min"),
    (3_580, "1 h"), (5_400, "1.5 h"), (50_000, "14 h"), (.nan, "?"), (-1, "?"),
  ])
  func `a duration that is only guessed at`(seconds: Double, text: String) {
    #expect(Measures.roughly(seconds) == text)
  }

  @Test func `counts, parts and percents`() {
    #expect(Measures.count(1, "entry", "entries") == "1 entry")
    #expect(Measures.count(2, "entry", "entries") == "2 entries")
    #expect(Measures.count(0, "file") == "0 files")
    #expect(
      Measures.part(ByteCount(9_100_000_000), of: ByteCount(18_200_000_000)) == "9.1 of 18.2 GB")
    #expect(Measures.part(ByteCount(980_000), of: ByteCount(18_200_000)) == "980 kB of 18.2 MB")
    #expect(Measures.percent(ByteCount(999), of: ByteCount(1_000)) == 99)
    #expect(Measures.percent(ByteCount(1_001), of: ByteCount(1_000)) == 100)
    #expect(Measures.percent(.zero, of: .zero) == nil)
  }
}
