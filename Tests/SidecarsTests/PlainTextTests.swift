import Testing

@testable import Sidecars

@Suite struct PlainTextTests {
  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("<p>one<br />two<br><br><br>three</p>", "one\ntwo\n\nthree"),
    ("  a \n\t b  ", "a b"), ("<h2 id=\"x\">Title</h2>text", "Title\n\ntext"),
    ("<ul><li><p>one</p></li><li>two</li></ul>after", "- one\n\n- two\n\nafter"),
    ("a<script>alert('<p>')</script>b<style>p{}</style>c", "abc"),
    ("a<SCRIPT>x</Script >b", "ab"), ("a<script>never closed", "a"),
    ("a<!-- <p>no</p> -->b<!-- open", "ab"),
    (
      "&lt;lora:x:0.6&gt; &amp;amp; &#39;q&#x27; &nbsp; &unknown; &",
      "<lora:x:0.6> &amp; 'q' &unknown; &"
    ),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("a <b and no end", "a <b and no end"),
    ("&#0;&#xD800;&#99999999;x", "&#xD800;&#99999999;x"), ("a\u{1b}[31mb", "a [31mb"),
    ("<td>a</td><td>b</td>", "a b"), ("<a href=\"javascript:x\">link</a>", "link"),
  ])
  func `HTML is read as a person reads it`(_ html: String, _ text: String) {
    #expect(plainText(html: html) == text)
  }

  @Test func `a long text is cut, and says so`() {
    #expect(plainText(html: "<p>abcdef</p>", limit: 3) == "abc…")
    #expect(plainText(html: String(repeating: "<p>x</p>", count: 100_000)).count == 20_001)
  }

  @Test func `hostile text takes no longer than its length`() {
    let start = ContinuousClock.now
    for piece in ["<a", "<", "&", "<!--", "<script", "&#", "</script"] {
      _ = plainText(html: String(repeating: piece, count: 50_000))
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test(
    arguments: [
      ([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0], PictureFormat.png),
      ([0xff, 0xd8, 0xff, 0xe0], .jpeg), (Array("GIF89a..".utf8), .gif),
      (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), .webp),
      ([0, 0, 0, 0x1c] + Array("ftypavif".utf8), .avif),
      ([0, 0, 0, 0x1c] + Array("ftypisom".utf8), nil), (Array("<!DOCTYPE html>".utf8), nil),
      ([], nil),
      (Array("RIFF\0\0\0\0WAVE".utf8), nil),
    ] as [([UInt8], PictureFormat?)])
  func `pictures are known by how they begin`(_ bytes: [UInt8], _ format: PictureFormat?) {
    #expect(PictureFormat(bytes) == format)
  }
}
