import Civitai
import Core
import Deflate
import Testing

@testable import Engine

/// A PNG of nothing but texts.
private func png(_ texts: [(kind: String, data: [UInt8])]) -> [UInt8] {
  func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let count = UInt32(data.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + Array(kind.utf8) + data
      + [0, 0, 0, 0]
  }
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    + texts.flatMap { chunk($0.kind, $0.data) } + chunk("IEND", [])
}

/// A JPEG of nothing but segments in front of the picture.
private func jpeg(_ segments: [(kind: UInt8, data: [UInt8])]) -> [UInt8] {
  let parts = segments.flatMap { kind, data -> [UInt8] in
    let length = UInt16(data.count + 2)
    return [0xff, 0xff, kind, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + data
  }
  return [0xff, 0xd8] + parts + [0xff, 0xda, 0, 4, 1, 2]
}

private func webp(_ chunks: [(kind: String, data: [UInt8])]) -> [UInt8] {
  let parts = chunks.flatMap { kind, data -> [UInt8] in
    Array(kind.utf8) + little(data.count, 4) + data + (data.count % 2 == 1 ? [0] : [])
  }
  return Array("RIFF".utf8) + little(parts.count + 4, 4) + Array("WEBP".utf8) + parts
}

private func little(_ number: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

/// A TIFF structure with texts in its first folder, and a user's comment in its second one.
private func exif(
  _ texts: [(tag: Int, text: String)] = [], comment: [UInt8], bigEndian: Bool = false
) -> [UInt8] {
  func number(_ number: Int, _ width: Int) -> [UInt8] {
    bigEndian ? little(number, width).reversed() : little(number, width)
  }
  let folderEnd = 8 + 2 + (texts.count + 1) * 12 + 4
  var data: [UInt8] = []
  var out: [UInt8] = Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4)
  out += number(texts.count + 1, 2)
  for (tag, text) in texts {
    let bytes = Array(text.utf8) + [0]
    out += number(tag, 2) + number(2, 2) + number(bytes.count, 4)
    out += number(folderEnd + data.count, 4)
    data += bytes
  }
  out += number(0x8769, 2) + number(4, 2) + number(1, 4) + number(folderEnd + data.count, 4)
  out += number(0, 4) + data
  out += number(1, 2) + number(0x9286, 2) + number(7, 2) + number(comment.count, 4)
  out += number(out.count + 8, 4) + number(0, 4) + comment
  return out
}

struct `What a picture says` {
  @Test func `its texts are read, compressed or not`() throws {
    let small = try #require(Deflate.compressed(Array("drei ü".utf8)))
    let texts = try PictureText.texts(
      of: png([
        ("tEXt", Array("parameters\u{0}one".utf8)),
        ("iTXt", Array("prompt\u{0}\u{0}\u{0}en\u{0}x\u{0}zwei ü".utf8)),
        ("zTXt", Array("workflow\u{0}\u{0}".utf8) + small),
        ("iTXt", Array("prompt\u{0}\u{1}\u{0}en\u{0}x\u{0}".utf8) + small),
        ("zTXt", Array("workflow\u{0}\u{0}...".utf8)), ("iTXt", Array("x\u{0}".utf8)),
      ]))
    #expect(texts.map(\.keyword) == ["parameters", "prompt", "workflow", "prompt"])
    #expect(texts.map(\.text) == ["one", "zwei ü", "drei ü", "drei ü"])
  }

  @Test func `JPEG and WebP hold them as Exif`() throws {
    let wide = Array("Model: größe".utf16)
    let high = wide.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    let low = wide.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let unicode = Array("UNICODE\u{0}".utf8)
    let mark = Array("Exif\u{0}\u{0}".utf8)
    let parameters = PictureText(keyword: "parameters", text: "Model: größe")
    for (comment, bigEndian) in [(high, false), (low, false), (high, true)] {
      let block = exif(comment: unicode + comment, bigEndian: bigEndian)
      #expect(try PictureText.texts(of: jpeg([(0xe0, [1]), (0xe1, mark + block)])) == [parameters])
      #expect(try PictureText.texts(of: webp([("VP8 ", [1]), ("EXIF", block)])) == [parameters])
    }
    let ascii = exif(
      [(0x010f, "workflow:{\"a\":1}"), (0x0110, "prompt:{}"), (0x010e, "a view")],
      comment: Array("ASCII\u{0}\u{0}\u{0}Model: x\u{0}".utf8))
    #expect(
      try PictureText.texts(of: webp([("EXIF", mark + ascii)])) == [
        PictureText(keyword: "workflow", text: "{\"a\":1}"),
        PictureText(keyword: "prompt", text: "{}"),
        PictureText(keyword: "parameters", text: "Model: x"),
      ])
    let comment = jpeg([(0xfe, Array("Model: y".utf8))])
    #expect(try PictureText.texts(of: comment).map(\.text) == ["Model: y"])
    // What is cut off or damaged inside the block says less, and stops nothing.
    for count in ascii.indices { _ = ExifText.texts(of: Array(ascii.prefix(count))) }
    for place in ascii.indices {
      var damaged = ascii
      damaged[place] = 0xff
      _ = ExifText.texts(of: damaged)
    }
  }

  @Test func `what is cut off or no picture is told, wherever it ends`() throws {
    let whole = png([("tEXt", Array("parameters\u{0}one".utf8))])
    for count in 8..<whole.count - 4 {
      #expect(throws: PictureText.Problem.truncated) {
        try PictureText.texts(of: Array(whole.prefix(count)))
      }
    }
    let photo = jpeg([(0xfe, [1, 2, 3])])
    for count in 3..<photo.count - 5 {
      #expect(throws: PictureText.Problem.truncated) {
        try PictureText.texts(of: Array(photo.prefix(count)))
      }
    }
    let other = webp([("EXIF", [1, 2, 3, 4])])
    for count in 13..<other.count {
      #expect(throws: PictureText.Problem.truncated) {
        try PictureText.texts(of: Array(other.prefix(count)))
      }
    }
    #expect(throws: PictureText.Problem.noPicture) { try PictureText.texts(of: [1, 2, 3]) }
    #expect(throws: PictureText.Problem.noPicture) {
      try PictureText.texts(of: [0xff, 0xd8, 0xff, 0xfe, 0, 1, 7, 7])
    }
    #expect(throws: PictureText.Problem.truncated) {
      try PictureText.texts(
        of: Array(whole.prefix(8)) + [0xff, 0xff, 0xff, 0xff] + Array("tEXtabc".utf8))
    }
  }

  @Test func `what one text names surely another need not name again`() {
    let texts = [
      PictureText(keyword: "prompt", text: #"{"4":{"inputs":{"ckpt_name":"sub/m.safetensors"}}}"#),
      PictureText(keyword: "parameters", text: "x\nModel hash: 0123456789, Model: m"),
      PictureText(keyword: "comment", text: "Model: other"),
    ]
    #expect(
      Mentions.inPicture(texts) == [Mention(name: "m.safetensors", hash: "0123456789")])
  }

  @Test func `parameters name models by hash, by the site's ids, and by name`() {
    let text = """
      a picture <lora:glow:0.8> of <lora:other:1>
      Negative prompt: bad
      Steps: 20, Model hash: 88BEE55DBF, Model: borealisXL, Lora hashes: "glow: aabbccddeeff, x: nohash", \
      TI hashes: "neg: 0123456789", Hashes: {"model": "88bee55dbf", "lora:third": "1122334455"}, \
      Civitai resources: [{"type":"checkpoint","modelVersionId":10011,"modelName":"A, B"}], Version: v1
      """
    #expect(
      Mentions.inParameters(text) == [
        Mention(name: "A, B", version: 10_011), Mention(name: "glow", hash: "AABBCCDDEEFF"),
        Mention(name: "neg", hash: "0123456789"), Mention(name: "model", hash: "88BEE55DBF"),
        Mention(name: "third", hash: "1122334455"), Mention(name: "other"),
      ])
    #expect(Mentions.inParameters("Hashes: {\"a\": ") == [])
    #expect(Mentions.inParameters("") == [])
  }

  @Test func `a file's name is searched for by the words that it is run together from`() {
    #expect(
      Mention(name: "borealisXL_v30.safetensors").searches
        == ["borealisXL v30", "borealis XL v30", "borealis XL", "borealisXL"])
    #expect(Mention(name: "Plain.ckpt").searches == ["Plain"])
    #expect(Mention(name: "v2.safetensors").searches == [])
  }

  @Test func `workflows name models in both of their forms`() throws {
    let editor = """
      {"nodes":[{"type":"CheckpointLoaderSimple","widgets_values":["sub\\\\dir\\\\a.safetensors", 3]},
      {"type":"LoraLoader","widgets_values":["b.safetensors", 0.8],"properties":{"models":[
      {"name":"b.safetensors","url":"https://civitai.com/api/download/models/10012?type=Model",
      "hash":"88bee55dbf","hash_type":"SHA256","directory":"loras"}]}},
      {"type":"Note","widgets_values":["see\\nmodel.safetensors"]}]}
      """
    #expect(
      Mentions.inWorkflow(try JSONParser.parse(Array(editor.utf8))) == [
        Mention(name: "a.safetensors"),
        Mention(name: "b.safetensors", hash: "88BEE55DBF", version: 10_012),
      ])
    let api =
      #"{"4":{"class_type":"X","inputs":{"ckpt_name":"c.ckpt","seed":1,"image":"d.png","air":"urn:air:sdxl:lora:civitai:1108@11081"}}}"#
    #expect(
      Mentions.inWorkflow(try JSONParser.parse(Array(api.utf8))) == [
        Mention(name: "c.ckpt"), Mention(name: "model 1108", version: 11_081),
      ])
  }
}
