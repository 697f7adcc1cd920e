import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

struct `Importing a folder` {
  /// Files of the site under names of the user's own, and files of the user's.
  private func folder(_ sandbox: SandboxServer, _ story: Story) async throws {
    let source = try Story()
    try source.manifest(sandbox, "collections:\n  a: { models: [1001, 1004, 1201] }\n")
    await source.must("apply", "--yes")
    story.setEnvironment("CIVSYNC_ENDPOINTS", sandbox.apiURL)
    let files = FileManager.default
    for (from, to) in [
      ("loras/aurora_glow_v2.safetensors", "loras/style/My Glow.safetensors"),
      ("loras/aurora_glow_v2.safetensors", "loras/copy.safetensors"),
      ("vae/borealisVAE_v10.safetensors", "vae/b.safetensors"),
      ("hypernetworks/velvetHyper_v10.ckpt", "checkpoints/星空.ckpt"),
    ] {
      try story.write("", to: "models/" + to)
      try files.removeItem(atPath: story.path("models/" + to))
      let bytes = try #require(source.data("models/" + from))
      try bytes.write(to: URL(filePath: story.path("models/" + to)))
    }
    try story.write("own \u{0}\u{1}", to: "models/loras/mine.bin")
    try story.write("<html>login", to: "models/loras/page.safetensors")
    try story.write("x \u{0}", to: "models/loras/$1 ${odd}.bin")
    try story.write("x \u{0}", to: "models/loras/co\u{1}ntrol.bin")
    try files.createSymbolicLink(
      atPath: story.path("models/loras/sym.safetensors"), withDestinationPath: "copy.safetensors")
  }

  @Test func `declares what is there, where it is, and adopts it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      let before = story.contents(below: "models").sorted { $0.count < $1.count }
      story.expect(await story.civsync("import", "models"), Self.expected)
      #expect(story.read("civsync.yaml") == Self.manifest)
      #expect(story.contents(below: "models").sorted { $0.count < $1.count } == before)
      await story.must("validate")
      let text = try #require(story.read("civsync.yaml"))
      let plan = await story.must("plan")
      #expect(plan.output.contains("Plan: 6 adopt"), "\(plan.output)")
      // The lock says the same, and is enough without the site.
      let locked = try #require(story.read("civsync.lock"))
      #expect(locked.contains("loras/style/My Glow.safetensors"))
      #expect(locked.matches(of: /sha256 [0-9a-f]{64}/).count == 6)
      let byLock = await story.must("plan", "--locked")
      #expect(byLock.output.contains("Plan: 6 adopt"), "\(byLock.output)")
      #expect(!plan.output.contains("create") && !plan.output.contains("fetch"))
      let downloads = sandbox.resolutions
      await story.must("apply", "--yes")
      #expect(sandbox.resolutions == downloads)
      #expect(story.read("civsync.lock") == locked)
      #expect(story.contents(below: "models").count == before.count + 1)
      let again = await story.must("plan", "--detailed-exitcode")
      #expect(again.output.contains("as the manifest wants them"), "\(again.output)")
      // They stay the user's: without a manifest that wants them they are given back.
      try story.write(
        text.replacing(/(?s)collections:.*/, with: "collections: {}\n"), to: "civsync.yaml")
      await story.must("apply", "--yes")
      #expect(story.exists("models/loras/style/My Glow.safetensors"))
      #expect(story.exists("models/checkpoints/星空.ckpt"))
    }
  }

  private static let expected = """
    Wrote `civsync.yaml`: 3 files of the site's models and 3 other files, each at its place, layout \
    comfyui.
    Wrote `civsync.lock`: 6 files.

    Left out: 3 files
      · loras/co\\u{1}ntrol.bin: its name holds a control character, or is none that a manifest can \
    have
      · loras/page.safetensors: it is not what it seems
      · loras/sym.safetensors: it is a symbolic link, or lies behind one

    Next: `civsync plan` shows what would be adopted; `civsync apply` takes the files into the \
    store, where they stay yours.
    [errors]
    reading 8 files, 123 kB
    [exit 0]
    """
  private static let manifest = """
    # Made by `civsync import`: what was found in the folder, each file at its place. Edit it as you
    # like; what you take out is given back to you, never removed, if civsync did not fetch it.
    version: 1
    root: models
    layout: comfyui
    collections:
      checkpoints:
        # You have these already, whatever the site's scan says of them.
        scan: allow-danger
        models:
          - { id: 1201, version: 12011, file: 120111, place: "checkpoints/星空.ckpt" }  # Velvet Hyper · v1.0
      loras:
        # You have these already, whatever the site's scan says of them.
        scan: allow-danger
        models:
          - { id: 1001, version: 10011, file: 100111, place: loras/copy.safetensors }  # Aurora Glow · v2.0
        # Not known to the site, or there a second time: by their digests.
        objects:
          - { sha256: 3d9d60b804376cf67858eeccdac4098228a183e6b4ff2d39e91861fd1850aa77, place: "loras/$$1 $${{odd}}.bin" }
          - { sha256: 3827e4da617228567488b3c2044762c703c0c1164fcee3035dda07629ded6f31, place: loras/mine.bin }
          - { sha256: 4061790b7ce3b00a87d37cd632cbd23b98d344502e90cf89f255ebcec00560e6, place: "loras/style/My Glow.safetensors" }
      vae:
        # You have these already, whatever the site's scan says of them.
        scan: allow-danger
        models:
          - { id: 1004, version: 10041, file: 100411, place: vae/b.safetensors }  # Borealis VAE · v1.0

    """

  @Test func `adopts in one go, and a second run changes nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      let dry = await story.must("import", "models", "--dry-run", "--layout", "forge")
      #expect(dry.output.contains("layout: forge\n") && !story.exists("civsync.yaml"))
      await story.must("import", "models")
      let second = await story.must("import", "models")
      #expect(second.output.hasPrefix("`civsync.yaml` declares it all already"))
      try story.write("version: 1\nroot: models\ncollections: {}\n", to: "civsync.yaml")
      let other = await story.must("import", "models", code: .failed)
      #expect(other.errors.contains("error[C100]: there is a manifest already"))
      await story.must("import", "models", "--force")
      let ask = await story.must("import", "models", "--adopt", code: .usage)
      #expect(ask.errors.hasPrefix("error[C002]"))
    }
  }

  @Test(arguments: ["copy", "link", "reflink"])
  func `adopts as it is told to, and what is adopted stays the user's`(how: String) async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      let path = "models/loras/mine.bin"
      // Files of this very second are never taken for known.
      for name in [
        "mine.bin", "copy.safetensors", "style/My Glow.safetensors", "$1 ${odd}.bin",
        "co\u{1}ntrol.bin",
      ] {
        try story.touch("models/loras/\(name)")
      }
      for name in ["loras/page.safetensors", "vae/b.safetensors", "checkpoints/星空.ckpt"] {
        try story.touch("models/\(name)")
      }
      let ran = await story.must("import", "models", "--adopt=\(how)", "--yes")
      #expect(ran.output.contains("it gets read-only") == (how == "link"), "\(ran.output)")
      let attributes = try FileManager.default.attributesOfItem(atPath: story.path(path))
      #expect(attributes[.referenceCount] as? Int == (how == "link" ? 2 : 1))
      #expect((attributes[.posixPermissions] as? Int == 0o444) == (how == "link"))
      #expect(await story.must("plan", "--detailed-exitcode").code == .ok)
      await story.must("status")
      // The new time that adoption gave the files is known: nothing is read again for it.
      let scan = await story.must("scan", "models", "--offline")
      #expect(!scan.errors.contains("reading"), "\(scan.errors)")
      let text = try #require(story.read("civsync.yaml"))
      try story.write(
        text.replacing(/(?s)collections:.*/, with: "collections: {}\n"), to: "civsync.yaml")
      await story.must("apply", "--yes")
      #expect(story.data(path) == Data("own \u{0}\u{1}".utf8))
    }
  }

  @Test func `a link that cannot be made is no copy`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      await story.must("import", "models")
      story.observe(FailingLinks())
      let ran = await story.must("apply", "--adopt", "link", "--yes", code: .failed)
      #expect(ran.output.contains("cannot take it into the store"), "\(ran.output)")
      #expect(story.data("models/loras/mine.bin") == Data("own \u{0}\u{1}".utf8))
    }
  }

  @Test func `keeps the manifest when its lock cannot be written`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      try FileManager.default.createDirectory(
        atPath: story.path("civsync.lock"), withIntermediateDirectories: false)
      let ran = await story.must("import", "models", code: .failed)
      #expect(
        ran.errors.contains(
          "error[C213]: the manifest was written, its lock could not be"), "\(ran.errors)")
      #expect(story.read("civsync.yaml") == Self.manifest)
    }
  }

  @Test func `leaves out what differs by case or accents alone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      for (name, text) in [("B", "1"), ("b", "2"), ("\u{e9}", "3"), ("e\u{301}", "4")] {
        try story.write("\u{0}" + text, to: "models/loras/\(name).bin")
      }
      let ran = await story.must("import", "models")
      #expect(
        ran.output.contains("0 files of the site's models and 2 other files"), "\(ran.output)")
      let alike = ran.output.matches(of: /another file has the same name but for case or accents/)
      #expect(alike.count == 2)
    }
  }

  @Test func `writes nothing where another project places its files`() async throws {
    try await withSandbox { sandbox in
      let owner = try Story()
      try owner.manifest(sandbox, "collections:\n  a: { models: [1001] }\n")
      await owner.must("apply", "--yes")
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      let ran = await story.must("import", owner.path("models"), code: .failed)
      #expect(ran.errors.contains("error[C214]: "), "\(ran.errors)")
      #expect(!story.exists("civsync.yaml") && !story.exists(".civsync"))
      await story.must("import", owner.path("models"), "--dry-run")
    }
  }

  @Test func `says when there is nothing to import, and when the site is away`() async throws {
    let story = try Story(["CIVSYNC_ENDPOINTS": "http://127.0.0.1:1"])
    try story.write("<html>", to: "models/a.safetensors")
    let none = await story.must("import", "models", code: .failed)
    #expect(none.errors.contains("error[C210]: there is nothing in"))
    try story.write("own \u{0}", to: "models/b.bin")
    let away = await story.must("import", "models", code: .unreachable)
    #expect(away.errors.contains("error[C212]: the site could not tell whose the files are"))
    #expect(!story.exists("civsync.yaml"))
  }
}

/// The store stands on another file system.
private struct FailingLinks: SystemCallObserver {
  func willCall(_ call: String, path: String) -> Int32? { call == "link" ? 18 : nil }
}
