import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

@testable import CivsyncCLI

struct `Scanning a folder` {
  /// What the sandbox serves, placed by civsync itself, with what goes wrong beside it.
  private func folder(_ sandbox: SandboxServer, _ story: Story) async throws {
    try story.manifest(
      sandbox,
      "defaults: { sidecars: [civitai.info] }\ncollections:\n"
        + "  a: { models: [{ id: 1001, versions: all }, 1002, 1004, 1107, 1201] }\n")
    await story.must("apply", "--yes")
    story.setEnvironment("CIVSYNC_ENDPOINTS", sandbox.apiURL)
    let files = FileManager.default
    func copy(_ from: String, _ to: String) throws {
      try files.copyItem(atPath: story.path("models/\(from)"), toPath: story.path("models/\(to)"))
    }
    try copy("loras/aurora_glow_v2.safetensors", "vae/again.safetensors")
    try files.linkItem(
      atPath: story.path("models/vae/again.safetensors"),
      toPath: story.path("models/vae/hard.safetensors"))
    try files.createSymbolicLink(
      atPath: story.path("models/loras/loop"), withDestinationPath: "..")
    try files.createSymbolicLink(
      atPath: story.path("models/loras/lost.safetensors"), withDestinationPath: "nowhere")
    try files.createSymbolicLink(
      atPath: story.path("models/loras/sym.safetensors"),
      withDestinationPath: "polar_night.safetensors")
    try story.write("<!DOCTYPE html><title>Sign in</title>", to: "models/loras/page.safetensors")
    let whole = try #require(story.data("models/loras/polar_night.safetensors"))
    try whole.prefix(3_000).write(to: URL(filePath: story.path("models/loras/cut.safetensors")))
    try whole.prefix(3_000).write(to: URL(filePath: story.path("models/loras/x.safetensors.part")))
    try story.write("mine", to: "models/loras/read me.txt")
    try story.write("own bytes \u{0}\u{1}", to: "models/loras/we\u{1b}[31mird\n.bin")
  }

  @Test func `tells what is there, most urgent first, and changes nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      try await sandbox.control(.deleteModel(ModelID(1002)))
      try await sandbox.control(.archive(ModelID(1107)))
      let before = Photo(story)
      let ran = await story.civsync("scan", "models")
      #expect(Photo(story) == before)
      story.expect(ran, Self.expected)
      // Names that are looked for are never cut away in a narrow terminal, and no table is wider.
      let narrow = await story.civsync("scan", "models", width: 48)
      let lines = narrow.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
      #expect(lines.allSatisfy { DisplayText.width($0) <= 48 } && lines.count > 10)
      // And neither is why they are named.
      let words = narrow.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("cut off: 21 kB of 24 kB are missing"), "\(narrow.output)")
      #expect(words.contains("archived by its creator"))
    }
  }

  private static let expected = """
    13 model files, 224 kB, in 4 folders of `PROJECT/models`; 7 other files.

    Not what they seem: 3 files
      x loras/cut.safetensors     3 kB  cut off: 21 kB of 24 kB are missing
      x loras/page.safetensors    37 B  a web page: a login page or an error, saved as a model
      x loras/x.safetensors.part  3 kB  an unfinished download

    Gone from the site, so yours may be the last: 3 files
      ! loras/paletteShift_v10.safetensors  44 kB  Palette Shift · v1.0: archived by its creator
      ! loras/polar_night.safetensors       24 kB  Polar Night: gone
      ! loras/sym.safetensors               24 kB  Polar Night: gone

    Duplicates: 1 content more than once, 31 kB could be saved
      = 31 kB × 2: loras/aurora_glow_v2.safetensors = vae/again.safetensors

    A newer version is out: 1 file
      ^ loras/aurora_glow.safetensors  27 kB  Aurora Glow · v1.0 → v2.0 (2025-09-14)

    Pickles, which can run code when they are loaded: 1 file
      ? hypernetworks/velvetHyper_v10.ckpt  21 kB  Velvet Hyper · v1.0

    Unknown to the site: 1 file
      · loras/we\\u{1b}[31mird\\u{a}.bin  12 B

    Not looked at: 1 path
      ! loras/lost.safetensors: a link that leads nowhere

    5 files are known to the site and the newest of their model.
    Nothing was changed.
    [errors]
    reading 10 files, 221 kB
    [exit 0]
    """

  @Test func `for programs it tells each file with its digest and whose it is`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      let ran = await story.must("scan", "models", "--json")
      let value = try #require(
        try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
      let files = try #require(value["files"] as? [[String: Any]])
      func file(_ path: String) throws -> [String: Any] {
        try #require(files.first { $0["path"] as? String == path })
      }
      let glow = try file("loras/aurora_glow_v2.safetensors")
      let upstream = try #require(glow["upstream"] as? [String: Any])
      #expect(upstream["state"] as? String == "current" && upstream["file"] as? Int == 100_111)
      let old = try #require(
        try file("loras/aurora_glow.safetensors")["upstream"] as? [String: Any])
      #expect(old["state"] as? String == "outdated")
      #expect((old["newer"] as? [String: Any])?["modelVersion"] as? Int == 10_011)
      #expect(try file("loras/cut.safetensors")["content"] as? String == "truncated")
      #expect(try file("loras/sym.safetensors")["link"] as? Bool == true)
      #expect(try file("loras/we\u{1b}[31mird\n.bin")["content"] as? String == "other")
      #expect((value["duplicates"] as? [[String]])?.count == 1)
      #expect(value["calls"] as? Int == 2)
    }
  }

  @Test func `needs no site when it is told so, and says when the site is away`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      let calls = sandbox.requests.total
      let offline = await story.must("scan", "models", "--offline")
      #expect(sandbox.requests.total == calls)
      #expect(offline.output.contains("The site was not asked."))
      try story.write("", to: "civsync.yaml")
      story.setEnvironment("CIVSYNC_ENDPOINTS", "http://127.0.0.1:1")
      let away = await story.must("scan", "models", code: .unreachable)
      #expect(away.output.contains("The site could not tell everything"))
      #expect(away.output.contains("Not what they seem: 3 files"))
    }
  }

  @Test func `a fallback alone makes nothing unknown or gone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try await folder(sandbox, story)
      try await sandbox.control(.deleteVersion(VersionID(10_012)))
      try story.write("", to: "civsync.yaml")
      story.setEnvironment("CIVSYNC_ENDPOINTS", "http://127.0.0.1:1,\(sandbox.apiURL)")
      let ran = await story.must("scan", "models", "--json", code: .unreachable)
      #expect(ran.output.contains(#""state":"current""#))
      for state in ["unknown", "gone", "version-gone"] {
        #expect(!ran.output.contains("\"state\":\"\(state)\""), "\(state)")
      }
      // The own file, and the version that only a sidecar still tells of.
      #expect(ran.output.components(separatedBy: #""state":"unanswered""#).count >= 3)
    }
  }

  @Test func `what an earlier scan saw on the site is told when it is gone`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  a: { models: [{ id: 1001, versions: all }, 1002, 1107] }\n")
      await story.must("apply", "--yes")
      story.setEnvironment("CIVSYNC_ENDPOINTS", sandbox.apiURL)
      let before = await story.must("scan", "models")
      #expect(!before.output.contains("Gone from the site"), "\(before.output)")
      try await sandbox.control(.deleteModel(ModelID(1002)))
      try await sandbox.control(.deleteVersion(VersionID(10_012)))
      try await sandbox.control(.replace(file: FileID(110_711)))
      let ran = await story.must("scan", "models")
      let words = ran.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("Polar Night · v1.0: gone"), "\(ran.output)")
      #expect(words.contains("Aurora Glow: this version is gone"))
      #expect(words.contains("Palette Shift · v1.0: this version has another file now"))
      #expect(!words.contains("Unknown to the site"))
      let json = await story.must("scan", "models", "--json")
      for state in ["gone", "version-gone", "replaced"] {
        #expect(json.output.contains("\"state\":\"\(state)\""), "\(state)")
      }
    }
  }

  @Test func `a folder that is none is told`() async throws {
    let story = try Story()
    story.expect(
      await story.civsync("scan", "nowhere"),
      """
      [errors]
      error[C200]: cannot scan `PROJECT/nowhere`: no such file or folder
        help: name a folder that you may read
      [exit 64]
      """)
    try story.write("x", to: "file")
    let file = await story.must("scan", "file", code: .usage)
    #expect(file.errors.contains("a file stands where a folder is needed"))
  }

  @Test func `five thousand files, stopped in the middle, are gone on with`() async throws {
    let story = try Story()
    let content = [UInt8](repeating: 7, count: 600)
    for number in 0..<5_000 {
      let name = "models/loras/\(number % 50)/m\(number).bin"
      try story.write("\(number)" + String(decoding: content, as: UTF8.self), to: name)
      try story.touch(name)
    }
    let stop = Stopper(after: 1_200)
    story.observe(stop)
    let task = Task { await story.run(["scan", "models", "--offline"]) }
    stop.stops(task)
    let stopped = await task.value
    #expect(stopped.code == .interrupted)
    let counter = Stopper(after: .max)
    story.observe(counter)
    let ran = await story.must("scan", "models", "--offline", "--json")
    #expect(ran.output.components(separatedBy: "\"sha256\":\"").count == 5_001)
    // Each file is opened once for its kind; those that are remembered not for their content.
    #expect(counter.opens > 5_000 && counter.opens < 9_500, "\(counter.opens)")
    let again = Stopper(after: .max)
    story.observe(again)
    await story.must("scan", "models", "--offline", "--json")
    #expect(again.opens < 5_100)
  }
}

/// Counts the model files that are opened, and stops a command at one of them.
private final class Stopper: SystemCallObserver {
  private let limit: Int
  private let state = Locked<(opens: Int, task: Task<Ran, Never>?)>((0, nil))

  init(after limit: Int) { self.limit = limit }

  var opens: Int { state.withLock { $0.opens } }

  func stops(_ task: Task<Ran, Never>) { state.withLock { $0.task = task } }

  func willCall(_ call: String, path: String) -> Int32? {
    guard call == "open", path.hasSuffix(".bin") else { return nil }
    let (count, task) = state.withLock { state in
      state.opens += 1
      return (state.opens, state.task)
    }
    // The kinds of all files are read first, then their contents.
    if count == 5_000 + (limit == .max ? 1 << 40 : limit) { task?.cancel() }
    return nil
  }
}
