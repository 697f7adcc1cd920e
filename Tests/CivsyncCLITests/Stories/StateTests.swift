import CivitaiSandbox
import Core
import Engine
import Foundation
import Planning
import Testing

struct `How a model stands at the site` {
  /// One model for each state, what is done to it once the others are placed, and the word.
  private static let cases: [(model: Int64, state: CatalogueState)] = [
    (1004, .ok), (1001, .new), (1101, .changed), (1104, .renamed), (1110, .gated), (1111, .login),
    (1416, .downloadsDisabled), (1107, .archived), (1108, .takenDown), (1502, .gone),
    (1102, .quota), (1105, .region),
  ]

  @Test func `has a word for each state, in the plan for programs`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      let ids = Self.cases.map { "\($0.model)" }.joined(separator: ", ")
      try story.manifest(sandbox, "collections:\n  a: { models: [\(ids)] }\n")
      for (file, status) in [(110_211, 429), (110_511, 451)] {
        var fault = Fault(.status, at: .file(FileID(Int64(file))), place: .download)
        fault.status = status
        try await sandbox.control(.fault(fault))
      }
      await story.must("apply", "--yes", code: .partial)
      try await sandbox.control(.publish(model: ModelID(1001), version: "v3.0", baseModel: nil))
      try await sandbox.control(.replace(file: FileID(110_111)))
      try await sandbox.control(.rename(model: ModelID(1104), name: "Another Name"))
      try await sandbox.control(.archive(ModelID(1107)))
      try await sandbox.control(.takeDown(ModelID(1108)))
      try await sandbox.control(.deleteModel(ModelID(1502)))
      let found = try states(await story.must("plan", "--json"))
      for (model, state) in Self.cases {
        #expect(found[model] ?? .ok == state, "model \(model)")
      }
      // Every word stands for one model.
      #expect(Set(found.values).union([.ok]).count == Self.cases.count)

      // A site that serves no one here any more says nothing else, and takes nothing away.
      var fault = Fault(.status, at: .every(1), place: .api)
      fault.status = 451
      try await sandbox.control(.fault(fault))
      let region = await story.must("plan", "--json")
      #expect(Set(try states(region).values) == [.region])
      #expect(!region.output.contains(#""kind":"remove""#))
      try await sandbox.control(.clear)

      await sandbox.stop()
      let away = try states(await story.must("plan", "--json", code: .unreachable))
      // A model that was gone a moment ago is not known to be, once nobody can be asked.
      #expect(Set(away.values) == [.unknown] && away.count == Self.cases.count)
    }
  }

  @Test func `is unknown where a creator's list no longer shows it`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { users: [aurora_studio] }\n")
      await story.must("apply", "--yes")
      try await sandbox.control(.deleteModel(ModelID(1001)))
      let found = try states(await story.must("plan", "--json"))
      #expect(found[1001] == .unknown, "\(found)")
    }
  }

  private func states(_ ran: Ran) throws -> [Int64: CatalogueState] {
    let value = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
    let catalogue = try #require(value?["catalogue"] as? [String: Any])
    let models = try #require(catalogue["models"] as? [[String: Any]])
    var found: [Int64: CatalogueState] = [:]
    for model in models {
      let id = try #require(model["model"] as? Int)
      found[Int64(id)] = CatalogueState(rawValue: try #require(model["state"] as? String))
    }
    return found
  }
}

struct `A catalogue of ten thousand models` {
  @Test func `is listed whole and exactly with faults at five percent, and its calls are told`()
    async throws
  {
    func more(_ options: inout SandboxOptions) { options.models = 10_072 }
    try await withSandbox(more) { sandbox in
      let story = try Story()
      let makers = (0..<40).map { "maker_\($0)" }.joined(separator: ", ")
      try story.manifest(sandbox, "collections:\n  a: { users: [\(makers)] }\n")
      let clean = try listed(await story.must("plan", "--json"))
      #expect(clean.models.count == 10_000)
      let calls = sandbox.requests.routes["GET /api/v1/models"]?.count
      #expect(clean.calls == calls)
      for (seed, kind) in [
        Fault.Kind.status, .reset, .malformedJSON, .truncatedJSON, .htmlChallenge,
      ].enumerated() {
        let fault = Fault(kind, at: .rate(0.01, seed: UInt64(seed)), place: .api)
        try await sandbox.control(.fault(fault))
      }
      try await sandbox.control(.resetCounts)
      let faulty = try listed(await story.must("plan", "--json", "--refresh"))
      #expect(faulty.models == clean.models)
      #expect(faulty.calls == sandbox.requests.routes["GET /api/v1/models"]?.count)
      #expect(faulty.calls > clean.calls)
    }
  }

  private func listed(_ ran: Ran) throws -> (models: Set<Int>, calls: Int) {
    let value = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any]
    let plan = try #require(value)
    let actions = try #require(plan["actions"] as? [[String: Any]])
    let catalogue = try #require(plan["catalogue"] as? [String: Any])
    return (
      Set(actions.compactMap { ($0["entry"] as? [String: Any])?["model"] as? Int }),
      try #require(catalogue["calls"] as? Int)
    )
  }
}
