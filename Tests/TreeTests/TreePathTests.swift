import Core
import Testing

struct TreePathTests {
  private func path(_ text: String) throws -> TreePath { try #require(TreePath(text)) }

  @Test func `paths are in the order of their bytes`() throws {
    let texts = ["", "/b", "b", "bb", "c/a", "é", "e\u{301}", "日", "a", "A", "a b", "a/b", "a-b"]
    let paths = texts.compactMap { TreePath($0) }
    for left in paths {
      for right in paths {
        let wanted = left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
        #expect((left < right) == wanted, "\(left) \(right)")
      }
    }
  }

  @Test func `a place stands directly in one folder`() throws {
    let paths = try ["a", "a/b", "a/b/c", "ab", "ab/c", "a/bc", "é/日", "é/日/x"].map(path)
    for one in paths {
      #expect(one.isDirectly(in: nil) == (one.parent == nil))
      for folder in paths { #expect(one.isDirectly(in: folder) == (one.parent == folder)) }
    }
  }
}
