import CivitaiSandbox
import Core
import Engine
import Testing

/// Each fault of the sandbox × each kind of file: it ends with the right bytes or the right message.
struct `Every fault, with every file` {
  private static let asked = "collections: { c: { models: [1001] } }\n"
  private static let file = FileID(100_111)
  private static let placed = ["loras/aurora_glow_v2.safetensors"]
  private static let left: Int64 = 9_000_000

  @Test func `has its end written down`() {
    #expect(Set(FaultRow.all.keys) == Set(Fault.Kind.allCases))
  }

  @Test(arguments: Fault.Kind.allCases, FaultedFile.allCases)
  func `ends so when it comes once`(kind: Fault.Kind, file: FaultedFile) async throws {
    let row = try #require(FaultRow.all[kind])
    try await run(kind, file, row, times: 1, row.once)
  }

  @Test(arguments: Fault.Kind.allCases, FaultedFile.allCases)
  func `ends so when it stays`(kind: Fault.Kind, file: FaultedFile) async throws {
    let row = try #require(FaultRow.all[kind])
    try await run(kind, file, row, times: nil, row.always(file))
  }

  @Test func `a large one is one that several connections fetch`() async throws {
    try await withSandbox(FaultedFile.large.shape) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.asked)
      await story.must("apply", "--yes")
      #expect(sandbox.storage.requests > 1)
    }
  }

  private func run(
    _ kind: Fault.Kind, _ file: FaultedFile, _ row: FaultRow, times: Int?, _ end: FaultEnd
  ) async throws {
    try await withSandbox(file.shape) { sandbox in
      let story = try Story()
      if file == .resumed { try await interrupt(story, sandbox) }
      try story.manifest(sandbox, row.manifest + Self.asked)
      try await sandbox.control(.fault(fault(kind, row, times)))
      let ran = await story.run(["apply", "--yes"] + (times == nil ? row.arguments : []))
      switch end {
      case .placed: #expect(ran.code == .ok, "\(ran.output)\(ran.errors)")
      case .refused(let code, let text, let keeps):
        #expect(ran.code == code && (ran.output + ran.errors).contains(text), "\(ran)")
        #expect(story.placed().isEmpty && story.read("civsync.lock") == nil)
        try await sandbox.control(.clear)
        let toFetch = try await bytesToFetch(story)
        await story.must("apply", "--yes")
        if file == .resumed {
          let size = try #require(story.data("models/" + Self.placed[0])).count
          #expect(keeps ? toFetch <= size - Int(Self.left) : toFetch == size)
        }
      }
      #expect(story.placed() == Self.placed)
      await story.must("status", "--verify")
    }
  }

  private func fault(_ kind: Fault.Kind, _ row: FaultRow, _ times: Int?) -> Fault {
    let target = row.place == .api ? Fault.Target.every(1) : .file(Self.file)
    var fault = Fault(kind, at: target, place: row.place, times: times)
    row.change(&fault)
    return fault
  }

  private func bytesToFetch(_ story: Story) async throws -> Int {
    let plan = await story.must("plan", "--json").output
    let match = try #require(plan.firstMatch(of: /"fetchBytes":([0-9]+)/))
    return try #require(Int(match.1))
  }

  /// A run that leaves part of the file in the store.
  private func interrupt(_ story: Story, _ sandbox: SandboxServer) async throws {
    try story.manifest(sandbox, "transfer: { connectionsPerFile: 1 }\n" + Self.asked)
    var cut = Fault(.truncate, at: .file(Self.file), times: 1)
    cut.after = Self.left
    try await sandbox.control(.fault(cut))
    await story.must("apply", "--yes", "--max-retries", "0", code: .unreachable)
    try await sandbox.control(.clear)
    let plan = await story.must("plan", "--json").output
    let digest = try #require(plan.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1
    #expect(story.exists(".civsync/store/partial/\(digest)"))
    #expect(story.exists(".civsync/store/partial/\(digest).pieces"))
  }
}
