import Testing

@testable import CivitaiSandbox

@Suite struct JSONTests {
  private func parse(_ text: String) throws -> JSON { try JSONParser.parse(text.utf8) }
  private func text(_ json: JSON) -> String { String(decoding: json.serialized, as: UTF8.self) }

  @Test func `what was read is written as it was, keys in order and numbers digit for digit`()
    throws
  {
    let source =
      #"{"z":1.50,"a":[true,false,null,-2e10],"text":"q\"\\\n\r\t\u0001 é 星","empty":{},"none":[]}"#
    #expect(text(try parse(source)) == source)
  }

  @Test func `escapes are understood, pairs of surrogates too`() throws {
    #expect(try parse(#" "\u00e9\/\b\f\ud83d\ude00\ud83dx" "#) == "é/\u{8}\u{C}😀\u{FFFD}x")
  }

  @Test(arguments: [
    ("", "no value at byte 0"), ("{\"a\" 1}", "`:` is missing at byte 5"),
    ("[1 2]", "`,` or `]` is missing at byte 3"), ("{\"a\":1 \"b\"}", "`,` or `}` is missing"),
    ("{a:1}", "a key is missing"), ("\"abc", "the text ends inside a string"),
    ("\"\\", "the text ends inside a string"), ("\"\\x\"", "unknown escape"),
    ("\"\\u12", "four hexadecimal digits are missing"), ("1 2", "text after the value"),
    ("tru", "unknown word"), ("\"\\ud83d\\u0041\" x", "text after the value"),
  ])
  func `what is not JSON is refused with the place`(source: String, problem: String) {
    #expect {
      try parse(source)
    } throws: { error in
      "\(error)".hasPrefix(problem)
    }
  }

  @Test func `a hostile depth is refused`() {
    #expect(throws: JSONError(offset: 64, problem: "nested too deeply")) {
      try parse(String(repeating: "[", count: 100_000))
    }
  }

  @Test func `nulls are dropped at every depth`() {
    let json: JSON = ["a": nil, "b": [["c": nil, "d": 1]], "e": ["f": nil]]
    #expect(json.droppingNulls == ["b": [["d": 1]], "e": [:]])
  }

  @Test func `members are read, set, added and removed by key`() {
    var json: JSON = ["a": 1, "b": "two", "c": true]
    json["a"] = 3
    json["d"] = .decimal(0.5)
    json["b"] = nil
    json["missing"] = nil
    #expect(text(json) == #"{"a":3,"c":true,"d":0.5}"#)
    #expect(json["c"]?.flag == true && json["d"]?.double == 0.5 && json["a"]?.integer == 3)
    var scalar: JSON = 1
    scalar["a"] = 1
    #expect(scalar == 1 && scalar["a"] == nil && scalar.text == nil && scalar.flag == nil)
    #expect(scalar.elements == nil && JSON.string("x").double == nil && JSON.null.integer == nil)
    #expect(JSON.decimal(3) == 3)
  }
}
