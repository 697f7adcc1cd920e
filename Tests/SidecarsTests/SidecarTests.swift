import CatalogueModel
import Core
import Testing

@testable import Sidecars

@Suite struct SidecarTests {
  private func text(_ kind: CompanionKind, _ subject: SidecarSubject) -> String? {
    sidecar(kind, of: subject).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `the version's own text gets its model, as the API's version has it`() throws {
    let model =
      #""model":{"name":"Aurora \"Glow\"","type":"LORA","nsfw":false,"description":"#
      + #""<p>Light &amp; <b>glow</b>.</p><ul><li>one</li><li>two</li></ul>","tags":["style","光"]}"#
    #expect(
      text(.civitaiInfo, try Samples.subject())
        == #"{"id":30,"name":"v2.0","sizeKB":0.1,"modelId":21,"# + model
        + #","creator":{"username":"someone"}}"# + "\n")
  }

  @Test func `A1111 gets plain text, its own word for the generation, and the page`() throws {
    #expect(
      text(.a1111, try Samples.subject()) == #"""
        {
          "description": "Light & glow.\n\n- one\n- two",
          "sd version": "SDXL",
          "activation text": "aurora, glow, soft",
          "preferred weight": 0,
          "notes": "https://civitai.com/models/21?modelVersionId=30"
        }

        """#)
  }

  @Test func `StabilityMatrix gets its record, with nothing of today in it`() throws {
    #expect(
      text(.cmInfo, try Samples.subject()) == #"""
        {
          "ModelId": 21,
          "ModelName": "Aurora \"Glow\"",
          "ModelDescription": "<p>Light &amp; <b>glow</b>.</p><ul><li>one</li><li>two</li></ul>",
          "Nsfw": false,
          "Tags": ["style","光"],
          "ModelType": "LORA",
          "VersionId": 30,
          "VersionName": "v2.0",
          "VersionDescription": "<p>Second.</p>",
          "AuthorUsername": "someone",
          "BaseModel": "Illustrious",
          "RemoteFileName": "aurora.v2.safetensors",
          "RemoteFileId": 41,
          "FileMetadata": {"fp":"fp16","size":"pruned","format":"SafeTensor"},
          "ImportedAt": "2025-09-14T12:00:00Z",
          "Hashes": {"SHA256":"ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"},
          "TrainedWords": ["aurora","glow, soft"],
          "Stats": {"downloadCount":12,"thumbsUpCount":3},
          "ThumbnailImageUrl": "https://image.example/a/1.jpeg?width=450",
          "Source": "Civitai"
        }

        """#)
  }

  @Test func `LoRA Manager gets its record, without a path of this machine`() throws {
    let subject = try Samples.subject()
    let version = try #require(text(.civitaiInfo, subject)).dropLast()
    #expect(
      text(.loraManager, subject) == #"""
        {
          "file_name": "aurora.v2",
          "model_name": "Aurora \"Glow\"",
          "file_path": "",
          "size": 1234,
          "modified": 1757851200,
          "sha256": "abababababababababababababababababababababababababababababababab",
          "base_model": "Illustrious",
          "preview_url": "",
          "preview_nsfw_level": 2,
          "notes": "",
          "from_civitai": true,
          "civitai": \#(version),
          "tags": ["style","光"],
          "modelDescription": "<p>Light &amp; <b>glow</b>.</p><ul><li>one</li><li>two</li></ul>",
          "civitai_deleted": false,
          "favorite": false,
          "exclude": false,
          "usage_tips": "{}"
        }

        """#)
  }

  @Test func `what the catalogue does not tell is left empty`() throws {
    var subject = try Samples.subject()
    subject.model = Model(id: 21, name: "N", type: "Checkpoint", nsfwLevel: 4)
    subject.version.details = VersionDetails()
    subject.version.publishedAt = nil
    subject.version.baseModel = "Base Of Tomorrow"
    subject.file.format = "Strange"
    subject.file.id = -5
    subject.picture = nil
    #expect(
      text(.civitaiInfo, subject)
        == #"{"modelId":21,"model":{"name":"N","type":"Checkpoint","nsfw":true,"#
        + #""description":null,"tags":[]}}"# + "\n")
    let a1111 = try #require(text(.a1111, subject))
    #expect(
      a1111.contains(#""sd version": "Unknown""#) && a1111.contains(#""activation text": """#))
    let info = try #require(text(.cmInfo, subject))
    #expect(info.contains(#""RemoteFileId": null"#) && info.contains(#""format":null"#))
    #expect(info.contains(#""ImportedAt": "1970-01-01T00:00:00Z""#))
    #expect(info.contains(#""ThumbnailImageUrl": null"#))
    #expect(text(.loraManager, subject)?.contains("usage_tips") == false)
  }

  @Test func `without details there is nothing to write, and a picture is not written`() throws {
    var subject = try Samples.subject()
    #expect(sidecar(.preview, of: subject) == nil)
    subject.version.details = nil
    for kind in CompanionKind.sidecars { #expect(sidecar(kind, of: subject) == nil) }
  }

  @Test func `the same subject gives the same bytes`() throws {
    let subject = try Samples.subject()
    for kind in CompanionKind.sidecars {
      #expect(sidecar(kind, of: subject) == sidecar(kind, of: subject))
    }
  }

  @Test(arguments: [
    ("SD 1.5", "SD1"), ("SD 1.5 LCM", "SD1"), ("SD 2.1 768", "SD2"), ("SDXL 1.0", "SDXL"),
    ("SDXL Turbo", "SDXL"), ("Pony", "SDXL"), ("Pony V7", "Unknown"), ("NoobAI", "SDXL"),
    ("SD 3", "Unknown"), ("Flux.1 D", "Unknown"), ("", "Unknown"),
  ])
  func `base models are said in A1111's words`(_ base: String, _ word: String) {
    #expect(generation(of: base) == word)
  }
}
