import CivitaiSandbox
import Engine
import Foundation
import Testing

struct `A manifest of several files` {
  private func write(_ story: Story, endpoint: String) throws {
    try story.write(
      """
      version: 1
      include: parts/*.yaml
      root: /nowhere/on/this/machine
      collections: { a: { models: [1004] } }

      """, to: "civsync.yaml")
    try story.write(
      """
      layout: flat
      source: { endpoints: ["\(endpoint)"] }
      collections: { b: { models: [1006] } }

      """, to: "parts/base.yaml")
    try story.write("version: 1\nlayout: comfyui\n", to: "gpu.yaml")
    try story.write("root: models\ncollections: { b: ~ }\n", to: "civsync.local.yaml")
  }

  @Test func `is checked as one, and its files are listed`() async throws {
    let story = try Story()
    try write(story, endpoint: "http://127.0.0.1:1")
    let ran = await story.civsync("validate", "-f", "civsync.yaml", "-f", "gpu.yaml")
    #expect(ran.code == .ok)
    #expect(
      ran.output == """
        civsync.yaml is valid: 1 collection, 1 model
        read: `civsync.yaml`, `parts/base.yaml` (included), `gpu.yaml`, `civsync.local.yaml` (overlay)

        """)
    let json = await story.civsync("validate", "--json", "-f", "civsync.yaml", "-f", "gpu.yaml")
    #expect(
      json.output.hasSuffix(
        #""files":[{"file":"civsync.yaml","role":"manifest"},"#
          + #"{"file":"parts/base.yaml","role":"include"},"#
          + #"{"file":"gpu.yaml","role":"manifest"},"#
          + #"{"file":"civsync.local.yaml","role":"overlay"}]}}"# + "\n"))
  }

  @Test func `is applied with the overlay's root, and an edit of any file is an edit`() async throws
  {
    try await withSandbox { sandbox in
      let story = try Story()
      try write(story, endpoint: "\(sandbox.apiURL)")
      let both = ["-f", "civsync.yaml", "-f", "gpu.yaml"]
      #expect(await story.run(["plan"] + both).code == .ok)
      #expect(await story.run(["apply", "--yes"] + both).code == .ok)
      #expect(story.placed() == ["vae/borealisVAE_v10.safetensors"])
      #expect(story.exists("civsync.lock"))

      // The overlay goes, and an include comes: no other set of manifests.
      try story.write("root: models\n", to: "civsync.local.yaml")
      try story.write("collections: { c: { models: [1004] } }\n", to: "parts/more.yaml")
      #expect(await story.run(["apply", "--yes"] + both).code == .ok)
      #expect(
        story.placed() == [
          "controlnet/auroraEdges_v10.safetensors", "vae/borealisVAE_v10.safetensors",
        ])
      try story.write("root: models\ncollections: { b: ~ }\n", to: "civsync.local.yaml")
      let narrowed = await story.run(["apply", "--yes"] + both)
      #expect(narrowed.code == .ok)
      #expect(story.placed() == ["vae/borealisVAE_v10.safetensors"])

      let other = await story.civsync("plan")
      #expect(other.code == .manifestInvalid)
      #expect(
        other.errors.contains(
          "note: then: `civsync.yaml`, `gpu.yaml`\n  note: now: `civsync.yaml`\n"))
    }
  }

  @Test func `tells a cycle with its chain and code 4`() async throws {
    let story = try Story()
    try story.write("version: 1\nroot: m\ninclude: a.yaml\n", to: "civsync.yaml")
    try story.write("collections: { a: { models: [1] } }\ninclude: sub/b.yaml\n", to: "a.yaml")
    try story.write("include: ../a.yaml\n", to: "sub/b.yaml")
    let ran = await story.civsync("plan")
    #expect(ran.code == .manifestInvalid)
    #expect(
      ran.errors.hasPrefix(
        """
        error[M043]: the file includes itself
         --> sub/b.yaml:1:10
          |
        1 | include: ../a.yaml
          |          ^^^^^^^^^ a.yaml → sub/b.yaml → a.yaml
          |
          = help: remove one of these lines

        """))
  }

  @Test func `takes what links in a folder lead to, and says when one leads nowhere`() async throws
  {
    let story = try Story()
    try story.write("version: 1\nroot: m\ninclude: \"on/*\"\ncollections: {}\n", to: "civsync.yaml")
    try story.write("collections: { a: { models: [1] } }\n", to: "all/a.yaml")
    try story.write("", to: "on/sub/x.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: story.path("on/a.yaml"), withDestinationPath: "../all/a.yaml")
    let ran = await story.civsync("validate")
    #expect(
      ran.output.hasPrefix(
        "civsync.yaml is valid: 1 collection, 1 model\nread: `civsync.yaml`, `on/a.yaml` (included)"
      ))
    try FileManager.default.createSymbolicLink(
      atPath: story.path("on/b.yaml"), withDestinationPath: "../all/b.yaml")
    let broken = await story.civsync("validate")
    #expect(broken.code == .manifestInvalid)
    #expect(
      broken.errors.hasPrefix("error[M042]: cannot include `on/b.yaml`: there is no such file"))
  }
}
