import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

/// The steps of the scripted story: what had been before each, the command that it is, and what it may
/// end as.
enum ProofStep: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case firstApply = "first apply"
  case copies = "first apply by copies"
  case replace, remove, move, rollback, drift
  case repair = "verify --repair"
  case resume, adopt
  case collect = "gc"
  case manifests = "rollback --manifest"
  case trees = "two trees"

  var testDescription: String { rawValue }

  /// All of them, or the one that is asked for.
  static let chosen: [ProofStep] = {
    let name = ProcessInfo.processInfo.environment["CIVSYNC_PROOF_STEP"]
    return allCases.filter { name == nil || name == $0.rawValue }
  }()

  static let token = "proof-token-3f1c9a"

  /// Of the site's files: as small as the step can do with.
  func shape(_ options: inout SandboxOptions) {
    options.scale = self == .resume ? 0.05 : 0.01
    options.tokens = [Self.token]
  }

  var arguments: [String] {
    switch self {
    case .rollback: ["rollback", "HEAD~1", "--yes"]
    case .manifests: ["rollback", "HEAD~1", "--manifest", "--yes"]
    case .collect: ["gc", "--yes", "--grace", "0s"]
    case .repair: ["verify", "--repair", "--yes"]
    case .firstApply, .copies, .replace, .remove, .move, .drift, .resume, .adopt, .trees: Self.apply
    }
  }

  /// The folders of its trees.
  var roots: [String] { self == .trees ? ["models", "forge"] : ["models"] }

  /// What brings it to its end when it came to none.
  var again: [String] { self == .repair ? Self.apply : arguments }

  /// One file after the other, so that calls come in one order.
  static let apply = ["apply", "--yes", "--sequential"]

  private static let many = """
    defaults: { sidecars: [civitai.info] }
    collections:
      c: { models: [1001, 1002, 1004] }

    """

  static let own: [String: String] = [
    "models/loras/mine.safetensors": "made by hand", "models/notes.txt": "remember the milk",
  ]
  static let edited = "models/loras/polar_night.safetensors"

  /// Brings a project to where the step begins.
  /// - Returns: the user's files.
  func prepare(_ story: Story, _ sandbox: SandboxServer) async throws -> [String: [UInt8]] {
    var own = Self.own.mapValues { Array($0.utf8) }
    for (path, text) in Self.own { try story.write(text, to: path) }
    switch self {
    case .firstApply: try story.manifest(sandbox, Self.many)
    case .copies: try story.manifest(sandbox, "link: copy\n" + Self.many)
    case .replace:
      let objects = try await objects(story, sandbox)
      try story.manifest(sandbox, objects[0])
      await story.run(as: Self.apply)
      try story.manifest(sandbox, objects[1])
    case .remove:
      try await begin(story, sandbox)
      try story.manifest(
        sandbox, "defaults: { sidecars: [civitai.info] }\ncollections: { c: { models: [1001] } }\n")
    case .move:
      try await begin(story, sandbox)
      let text = try #require(story.read("civsync.yaml"))
      try story.write(text.replacing("layout: comfyui", with: "layout: a1111"), to: "civsync.yaml")
    case .rollback, .manifests:
      try await begin(story, sandbox)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1006] } }\n")
      await story.run(as: Self.apply)
    case .collect:
      let keep = "keep: { last: 1, within: 0d, tags: none }\n"
      try story.manifest(sandbox, keep + Self.many)
      await story.run(as: Self.apply)
      try story.manifest(sandbox, keep + "collections: { c: { models: [1001] } }\n")
      await story.run(as: Self.apply)
    case .adopt:
      try story.manifest(sandbox, "collections: { c: { models: [1004] } }\n")
      await story.run(as: Self.apply)
      own[Self.edited] = try await content(Self.edited, sandbox)
      try story.write("", to: Self.edited)
      try Data(own[Self.edited] ?? []).write(to: URL(filePath: story.path(Self.edited)))
      try story.manifest(sandbox, Self.many)
    case .trees:
      try story.manifest(trees: "", sandbox, Self.many)
      await story.run(as: Self.apply)
      try story.manifest(
        trees: "  forge: { root: forge, layout: forge, link: copy }\n", sandbox,
        Self.many.replacing("1001, 1002, 1004", with: "1001, 1004"))
    case .drift:
      try await begin(story, sandbox)
      try story.write("edited by hand", to: Self.edited)
      own[Self.edited] = Array("edited by hand".utf8)
      try FileManager.default.removeItem(
        atPath: story.path("models/loras/aurora_glow_v2.safetensors"))
    case .repair:
      try await begin(story, sandbox)
      try story.edit(Self.edited, timePutBack: false)
      own[Self.edited] = try Array(#require(story.data(Self.edited)))
    case .resume: try await interrupt(story, sandbox)
    }
    return own
  }

  private func begin(_ story: Story, _ sandbox: SandboxServer) async throws {
    try story.manifest(sandbox, Self.many)
    await story.run(as: Self.apply)
  }

  /// Manifests that name one object and then another for one place.
  private func objects(_ story: Story, _ sandbox: SandboxServer) async throws -> [String] {
    try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
    let plan = await story.must("plan", "--json").output
    let entries = plan.matches(
      of:
        /"version":(?<version>[0-9]+),"file":(?<file>[0-9]+),[^{}]*"sha256":"(?<digest>[0-9a-f]{64})"/
    )
    try #require(entries.count == 2)
    return entries.map { entry in
      let url = "\(sandbox.apiURL)/api/download/models/\(entry.version)?fileId=\(entry.file)"
      return """
        collections:
          mine:
            objects:
              - { sha256: \(entry.digest), place: loras/chosen.safetensors, url: "\(url)" }
          c: { models: [1004] }

        """
    }
  }

  /// What the site offers at a place.
  private func content(_ place: String, _ sandbox: SandboxServer) async throws -> [UInt8] {
    let other = try Story(["CIVSYNC_TOKEN": Self.token])
    try other.manifest(sandbox, Self.many)
    await other.run(as: Self.apply)
    return try Array(#require(other.data(place)))
  }

  /// A run that leaves a part of a file in the store.
  private func interrupt(_ story: Story, _ sandbox: SandboxServer) async throws {
    try story.manifest(sandbox, "collections: { c: { models: [1003] } }\n")
    var cut = Fault(.truncate, at: .every(1), times: 1)
    cut.after = 200_000
    try await sandbox.control(.fault(cut))
    await story.run(as: Self.apply + ["--max-retries", "0"], code: .unreachable)
    try await sandbox.control(.clear)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: story.path(".civsync/store/partial"))
    try #require(names.contains { $0.hasSuffix(".pieces") }, "no part of it was kept")
  }
}

extension Story {
  /// Where proofs are made: in memory where there is such a place, for they sync without end.
  static let quickParent: String = {
    let memory = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
  }()

  /// A manifest with a tree beside the main one.
  fileprivate func manifest(
    trees: String, _ sandbox: SandboxServer, _ body: String
  ) throws {
    try write(
      "version: 1\nsource:\n  endpoints: [\"\(sandbox.apiURL)\"]\ntrees:\n"
        + "  main: { root: models, layout: comfyui }\n" + trees + body, to: "civsync.yaml")
  }

  /// As `must`, of a list of arguments.
  @discardableResult
  func run(
    as arguments: [String], code: CommandExit = .ok,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> Ran {
    let ran = await run(arguments)
    if ran.code != code {
      Issue.record(
        "`\(arguments.joined(separator: " "))` ended with \(ran.code):\n\(transcript(ran))",
        sourceLocation: sourceLocation)
    }
    return ran
  }
}
