import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Adding what a workflow or a picture names` {
  private func workflow(_ story: Story) throws {
    try story.write(
      """
      {"nodes":[{"type":"VAELoader","widgets_values":["borealisVAE_v10.safetensors"]},
      {"type":"LoraLoader","widgets_values":["Fjord Light.safetensors", 0.8]},
      {"type":"LoraLoader","properties":{"models":[{"name":"old.safetensors",
      "url":"https://civitai.com/api/download/models/10012"}]}},
      {"type":"X","widgets_values":["nobody_has_this_one.safetensors"]}]}
      """, to: "flow.json")
  }

  @Test func `tells sure from guessed, and adds the sure ones after asking`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1004] }\n")
      await story.must("apply", "--yes")
      try workflow(story)
      let before = story.read("civsync.yaml")
      let silent = await story.must("add", "flow.json", code: .usage)
      #expect(silent.errors.contains("error[C002]"))
      let no = await story.run(["add", "flow.json"], answer: "n")
      #expect(no.code == .failed && story.read("civsync.yaml") == before)
      let ran = await story.run(["add", "flow.json"], answer: "y")
      #expect(ran.code == .ok)
      #expect(
        ran.output.hasPrefix(
          """
          flow.json names 4 models
            = borealisVAE_v10.safetensors: here already, at vae/borealisVAE_v10.safetensors
            ? Fjord Light.safetensors: perhaps Fjord Light, by its name alone; `civsync add 1009` if it is
            + old.safetensors: Aurora Glow · v1.0 (1001@10012)
            x nobody_has_this_one.safetensors: no model was found by this name

          """), "\(ran.output)")
      #expect(story.read("civsync.yaml")?.contains("{ models: [1004, 1001@10012] }") == true)
    }
  }

  @Test func `looks up a picture's checksums`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1004, 1002] }\n")
      await story.must("apply", "--yes")
      let lock = try #require(story.read("civsync.lock"))
      let digests = lock.matches(of: /sha256 ([0-9a-f]{64})/).map { String($0.output.1) }
      let fresh = try Story()
      try fresh.manifest(sandbox, "collections:\n  base: { models: [1101] }\n")
      let text =
        "x\nSteps: 1, Model hash: \(digests[0].prefix(10)), Model: m, "
        + "Lora hashes: \"n: \(digests[1].prefix(10)), z: 0000000000\""
      // A JPEG with nothing but a comment.
      let length = UInt16(text.utf8.count + 2)
      let head: [UInt8] = [0xff, 0xd8, 0xff, 0xfe, UInt8(length >> 8), UInt8(length & 0xff)]
      let bytes = head + Array(text.utf8) + [0xff, 0xd9]
      try Data(bytes).write(to: URL(filePath: fresh.path("picture.jpg")))
      let ran = await fresh.must("add", "picture.jpg", "--yes")
      #expect(ran.output.contains("z: not found on the site"))
      let told = await fresh.must("add", "picture.jpg", "--dry-run", "--json")
      #expect(told.output.matches(of: /"finding":"sure"|"finding":"missing"/).count == 3)
      #expect(
        fresh.read("civsync.yaml")?.contains("1002@10021") == true
          && fresh.read("civsync.yaml")?.contains("1004@10041") == true,
        "\(ran.output)")
    }
  }

  @Test func `finds by a file's name what has a file of that name`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  base: { models: [1101] }\n")
      let names = [
        #"SDXL\\borealisXL_v30.safetensors"#, "aurora_glow_v2.safetensors", "qqqq_v1.safetensors",
      ]
      let nodes = names.map { #"{"widgets_values":["\#($0)"]}"# }.joined(separator: ",")
      try story.write("{\"nodes\":[\(nodes)]}", to: "w.json")
      let ran = await story.must("add", "w.json", "--yes")
      #expect(ran.output.contains("which has a file of that name"), "\(ran.output)")
      #expect(ran.output.contains("qqqq_v1.safetensors: no model was found by this name"))
      let manifest = try #require(story.read("civsync.yaml"))
      #expect(manifest.contains("1001@10011"), "\(manifest)")
      let missing = await story.must("add", "nowhere.json", code: .usage)
      #expect(missing.errors.hasPrefix("error[C240]: there is no file `nowhere.json`"))
    }
  }

  @Test func `says what is wrong with the file`() async throws {
    let story = try Story(["CIVSYNC_ENDPOINTS": "http://127.0.0.1:1"])
    try story.write("{", to: "a.json")
    let broken = await story.must("add", "a.json", code: .usage)
    #expect(
      broken.errors.hasPrefix("error[C240]: `a.json` is no workflow: the JSON ends too early"))
    try story.write("{\"nodes\":[]}", to: "b.json")
    let empty = await story.must("add", "b.json", code: .failed)
    #expect(empty.errors.hasPrefix("error[C241]: `b.json` names no model"))
    try story.write("<html>", to: "c.png")
    let page = await story.must("add", "c.png", code: .usage)
    #expect(
      page.errors.hasPrefix(
        "error[C240]: `c.png` is no PNG, JPEG or WebP, whatever its name says"))
  }
}
