import CatalogueModel
import Core
import Testing

@testable import Engine

@Suite struct `A conflict in the lock` {
  private func sides(_ text: String) throws -> [String]? {
    try LockConflict(Array(text.utf8)).map {
      [String(decoding: $0.ours, as: UTF8.self), String(decoding: $0.theirs, as: UTF8.self)]
    }
  }

  @Test func `comes apart into both sides`() throws {
    #expect(try sides("a\nb\n") == nil)
    #expect(
      try sides("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\nd\n") == [
        "a\nb\nd\n", "a\nc\nd\n",
      ])
    #expect(
      try sides(
        "<<<<<<< HEAD\nb\n||||||| 1a2b\nx\n=======\n>>>>>>> o\n<<<<<<<\n=======\ny\n>>>>>>>")
        == ["b\n", "y\n"])
    #expect(try LockConflict(Array("<<<<<<<\n=======\n>>>>>>>\n".utf8))?.count == 1)
  }

  @Test func `is told from lines that only look like markers`() throws {
    #expect(try sides("<<<<<<<x\n<<<<<< \n ======= \n  query \"=======\"\n") == nil)
  }

  @Test(arguments: [
    ("a\n=======\n", 2, true), (">>>>>>> x\n", 1, true), ("<<<<<<< a\n<<<<<<< b\n", 2, true),
    ("<<<<<<< a\n>>>>>>> b\n", 2, true), ("a\n<<<<<<< a\nb\n=======\n", 2, false),
    ("<<<<<<< a\n=======\n|||||||\n>>>>>>>\n", 3, true),
  ])
  func `with a marker astray is refused with its line`(text: String, line: Int, astray: Bool) {
    #expect(throws: astray ? LockConflict.Problem.misplaced(line: line) : .open(line: line)) {
      try LockConflict(Array(text.utf8))
    }
  }

  @Test func `is united by what an entry is, and ours keep their places`() {
    let settled = SettledLock(
      ours: [entry(1, at: "a"), entry(2, at: "b"), entry(3, at: "c")],
      theirs: [entry(2, at: "b2"), entry(3, at: "c"), entry(4, at: "d"), entry(5, at: "a")],
      conflicts: 2)
    #expect(
      settled.entries == [
        entry(1, at: "a"), entry(2, at: "b"), entry(3, at: "c"), entry(4, at: "d"), entry(5),
      ])
    #expect(settled.onlyOurs == 1)
    #expect(settled.onlyTheirs == 2)
    #expect(settled.disputed.map(\.kept) == [[place("b")], []])
    #expect(settled.disputed.map(\.given) == [[place("b2")], [place("a")]])
  }

  @Test func `two contents of one file stand side by side`() {
    let settled = SettledLock(
      ours: [entry(1, at: "a", content: 7)], theirs: [entry(1, at: "b", content: 8)], conflicts: 1)
    #expect(settled.entries.map(\.digest) == [digest(7), digest(8)])
    #expect(settled.disputed.isEmpty)
  }
}
