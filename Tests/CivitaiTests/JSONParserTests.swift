import Testing

@testable import Civitai

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONParser.parse(bytes(text))
  }

  @Test func `every kind of value is read`() throws {
    let value = try parse(
      #" { "a": [null, true, false, 1, -2.5, 1e3, "x"], "o": {}, "l": [] } "#)
    #expect(
      value["a"]
        == .array([
          .null, .bool(true), .bool(false), .integer(1), .number(-2.5), .number(1_000),
          .string("x"),
        ]))
    #expect(value["o"] == .object([]))
    #expect(value["l"] == .array([]))
    #expect(value["missing"] == nil)
  }

  @Test func `whole numbers keep all their digits`() throws {
    #expect(try parse("9223372036854775807").integer == .max)
    #expect(try parse("-9223372036854775808").integer == .min)
    #expect(try parse("9223372036854775808").integer == nil)
    #expect(try parse("3.0").integer == 3)
    #expect(try parse("1e999").number == nil)
    #expect(try parse("7").number == 7)
  }

  @Test func `escapes and surrogate pairs become the characters they stand for`() throws {
    #expect(
      try parse(#""a\"\\\/\b\f\n\r\té😀z""#)
        == .string("a\"\\/\u{8}\u{c}\n\r\té😀z"))
    #expect(try parse(#""\u00e9\ud83d\ude00""#) == .string("é😀"))
  }

  @Test(arguments: [#""\ud83d""#, #""\ud83dx""#, #""\ude00""#, #""\ud83d\u0041""#])
  func `a lone surrogate is replaced and not fatal`(_ text: String) throws {
    #expect(try parse(text).string?.unicodeScalars.first == "\u{fffd}")
  }

  @Test func `broken UTF-8 is replaced and not fatal`() throws {
    #expect(try JSONParser.parse([0x22, 0xff, 0x22]) == .string("\u{fffd}"))
  }

  @Test func `a byte order mark is passed over`() throws {
    #expect(try JSONParser.parse([0xef, 0xbb, 0xbf, 0x31]) == .integer(1))
  }

  @Test func `of two members of one name the last counts`() throws {
    #expect(try parse(#"{"a":1,"a":2}"#)["a"] == .integer(2))
  }

  @Test(arguments: [
    "", "  ", "{", "[", "[1", "[1,", #"{"a""#, #"{"a":"#, #""abc"#, #""abc\"#, #""a\u12"#, "tru",
    #""\n"#,
  ])
  func `a document that ends too early is said to`(_ text: String) {
    let error = #expect(throws: JSONError.self) { try parse(text) }
    #expect(error?.problem == .truncated)
  }

  @Test(arguments: [
    "<html>", "[1 2]", "{1:2}", #"{"a" 1}"#, #"{"a":1;}"#, "[,]", "trux", "-", "+1", ".5", "1-2",
    #""\x""#, #""\u12g4""#, "inf", "NaN", #"{"a":1,}"#,
  ])
  func `what is no JSON is refused`(_ text: String) {
    let error = #expect(throws: JSONError.self) { try parse(text) }
    #expect(error?.problem == .unexpected)
  }

  @Test func `what follows the document is refused with its place`() {
    let error = #expect(throws: JSONError.self) { try parse("{} x") }
    #expect(error == JSONError(.trailing, at: 3))
    #expect(error?.description == "the JSON is followed by something else at byte 3")
  }

  @Test func `deep nesting is refused before it reaches the stack`() throws {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(try parse(deep(64)).array?.count == 1)
    let error = #expect(throws: JSONError.self) { try parse(deep(65)) }
    #expect(error?.problem == .tooDeep)
    #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  }

  @Test func `a document larger than allowed is refused unread`() {
    let error = #expect(throws: JSONError.self) {
      try JSONParser.parse(bytes("[1,2,3]"), maxBytes: 6)
    }
    #expect(error == JSONError(.tooLarge, at: 7))
  }

  @Test func `every problem has a text for people`() {
    #expect(JSONError(.truncated, at: 7).description == "the JSON ends too early, after 7 bytes")
    #expect(
      JSONError(.unexpected, at: 0).description
        == "this is no JSON: unexpected character at byte 0")
    #expect(
      JSONError(.tooDeep, at: 64).description
        == "the JSON is nested more than 64 deep at byte 64")
    #expect(JSONError(.tooLarge, at: 9).description == "the JSON is too large (9 bytes)")
  }

  @Test func `values say what kind they are, and are nothing else`() throws {
    let all = try parse(#"[null,true,1,1.5,"x",[],{}]"#).array ?? []
    #expect(
      all.map(\.kind) == [
        "null", "a flag", "a number", "a number", "a text", "a list", "an object",
      ])
    #expect(all.map { $0.string != nil } == [false, false, false, false, true, false, false])
    #expect(all.map { $0.bool != nil } == [false, true, false, false, false, false, false])
    #expect(all.map { $0.number != nil } == [false, false, true, true, false, false, false])
    #expect(all.map { $0.integer != nil } == [false, false, true, false, false, false, false])
    #expect(all.map { $0.array != nil } == [false, false, false, false, false, true, false])
    #expect(all.map { $0.members != nil } == [false, false, false, false, false, false, true])
    #expect(all[0]["x"] == nil)
  }
}
