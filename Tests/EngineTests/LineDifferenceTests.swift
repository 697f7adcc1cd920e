import Testing

@testable import Engine

@Suite struct `The difference of two texts` {
  private func difference(_ old: String, _ new: String) throws -> [String] {
    let found = try #require(LineDifference(from: Array(old.utf8), to: Array(new.utf8)))
    return found.hunks.flatMap { hunk in
      [hunk.header]
        + hunk.lines.map {
          switch $0 {
          case .same(let text): " " + text
          case .removed(let text): "-" + text
          case .added(let text): "+" + text
          }
        }
    }
  }

  @Test func `of equal texts is none`() throws {
    #expect(try difference("", "") == [])
    #expect(try difference("a\nb\n", "a\nb\n") == [])
  }

  @Test func `has the lines around a change, and counts as git does`() throws {
    #expect(try difference("", "a\n") == ["@@ -0,0 +1,1 @@", "+a"])
    #expect(try difference("a\n", "") == ["@@ -1,1 +0,0 @@", "-a"])
    let old = (1...20).map { "\($0)\n" }.joined()
    let new = old.replacing("\n5\n", with: "\nfive\n5b\n").replacing("\n18\n", with: "\n")
    #expect(
      try difference(old, new) == [
        "@@ -2,7 +2,8 @@", " 2", " 3", " 4", "-5", "+five", "+5b", " 6", " 7", " 8",
        "@@ -15,6 +16,5 @@", " 15", " 16", " 17", "-18", " 19", " 20",
      ])
  }

  @Test func `joins changes that are near`() throws {
    let old = (1...12).map { "\($0)\n" }.joined()
    let new = old.replacing("2\n3", with: "3").replacing("\n9\n", with: "\nnine\n")
    let found = try difference(old, new)
    #expect(found.filter { $0.hasPrefix("@@") } == ["@@ -1,12 +1,11 @@"])
  }

  /// Applying the difference gives the new text, whatever the texts are.
  @Test func `leads from one to the other`() throws {
    var state: UInt64 = 7
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<300 {
      let old = (0..<next(12)).map { _ in "\(next(4))" }
      let new = (0..<next(12)).map { _ in "\(next(4))" }
      let text = { (lines: [String]) in Array(lines.map { $0 + "\n" }.joined().utf8) }
      let found = try #require(LineDifference(from: text(old), to: text(new)))
      var result: [String] = []
      var position = 0
      for hunk in found.hunks {
        result += old[position..<hunk.oldStart]
        position = hunk.oldStart
        #expect(result.count == hunk.newStart)
        for line in hunk.lines {
          switch line {
          case .same(let text):
            #expect(old[position] == text)
            result.append(text)
            position += 1
          case .removed(let text):
            #expect(old[position] == text)
            position += 1
          case .added(let text): result.append(text)
          }
        }
      }
      result += old[position...]
      #expect(result == new)
    }
  }

  @Test func `of texts that are too different is not told`() {
    let old = (0..<1_000).map { "a\($0)\n" }.joined()
    let new = (0..<1_000).map { "b\($0)\n" }.joined()
    #expect(LineDifference(from: Array(old.utf8), to: Array(new.utf8)) == nil)
  }
}
