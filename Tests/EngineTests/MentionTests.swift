import Civitai
import Core
import Testing

@testable import Engine

/// A PNG of nothing but texts.
func png(_ texts: [(kind: String, data: [UInt8])]) -> [UInt8] {
  func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let count = UInt32(data.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + Array(kind.utf8) + data
      + [0, 0, 0, 0]
  }
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    + texts.flatMap { chunk($0.kind, $0.data) } + chunk("IEND", [])
}

struct `What a picture says` {
  @Test func `its texts are read, and compressed ones told`() throws {
    let (texts, hasCompressed) = try PictureText.texts(
      of: png([
        ("tEXt", Array("parameters\u{0}one".utf8)),
        ("iTXt", Array("prompt\u{0}\u{0}\u{0}en\u{0}x\u{0}zwei ü".utf8)),
        ("zTXt", Array("workflow\u{0}\u{0}...".utf8)),
      ]))
    #expect(texts.map(\.keyword) == ["parameters", "prompt"])
    #expect(texts.map(\.text) == ["one", "zwei ü"])
    #expect(hasCompressed)
  }

  @Test func `what is cut off or no picture is told, wherever it ends`() throws {
    let whole = png([("tEXt", Array("parameters\u{0}one".utf8))])
    for count in 8..<whole.count - 4 {
      #expect(throws: PictureText.Problem.truncated) {
        try PictureText.texts(of: Array(whole.prefix(count)))
      }
    }
    #expect(throws: PictureText.Problem.notPNG) { try PictureText.texts(of: [1, 2, 3]) }
    #expect(throws: PictureText.Problem.truncated) {
      try PictureText.texts(
        of: Array(whole.prefix(8)) + [0xff, 0xff, 0xff, 0xff] + Array("tEXtabc".utf8))
    }
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
    let api = #"{"4":{"class_type":"X","inputs":{"ckpt_name":"c.ckpt","seed":1,"image":"d.png"}}}"#
    #expect(
      Mentions.inWorkflow(try JSONParser.parse(Array(api.utf8))) == [Mention(name: "c.ckpt")])
  }
}
