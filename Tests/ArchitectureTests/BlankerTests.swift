import Testing

@Suite struct BlankerTests {
  private func code(_ text: String) -> String {
    var blanker = Blanker(text)
    return blanker.blanked()
  }

  @Test(arguments: [
    ("a // b! c", "a        "),
    ("a /* b /* c */ d */ e", "a                   e"),
    ("f(\"try!\")", "f(      )"),
    ("f(\"a\\\"b!\") g", "f(       ) g"),
    ("\"x\\(y(\"!)\"))\" z", "              z"),
    ("#\"a\"b\\(c!\"# d", "            d"),
    ("\"\"\"\na!\n\"\"\" b", "   \n  \n    b"),
    ("\"https://x\" as! T", "            as! T"),
  ])
  func `comments and strings are blank, code and lines stay`(text: String, wanted: String) {
    #expect(code(text) == wanted)
  }

  @Test func `imports are recognised however they are written`() throws {
    let text = """
      import A
      internal import B
      @preconcurrency package import C.D
      @_spi(Some) public import struct E.F
      // import G
      let important = "import H"
      """
    let imports = SourceText(path: "Sources/T/x.swift", text: text).imports
    #expect(imports.map(\.module) == ["A", "B", "C", "E"])
    #expect(imports.map(\.access) == [nil, "internal", "package", "public"])
    #expect(imports.map(\.place).last == "Sources/T/x.swift:4")
  }
}
