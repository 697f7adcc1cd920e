import CivitaiSandbox
import Core
import Engine
import Foundation
import GitStore
import Synchronization
import Testing

@testable import CivsyncCLI

struct `How much a run may take` {
  private static let asked = "collections:\n  a: { models: [1001, 1002, 1003, 1004, 1105, 1106] }\n"

  private func slow(_ options: inout SandboxOptions) {
    options.scale = 0.05
    options.throttleBytesPerSecond = 200_000
  }

  /// The most answers of storage that were under way at one time.
  private func mostAtOnce(_ sandbox: SandboxServer) -> Int {
    sandbox.requests.routes.filter { $0.key.hasPrefix("storage ") }
      .values.map(\.mostActive).max() ?? 0
  }

  @Test(
    arguments: [
      ("", [], 3...6), ("", ["--sequential"], 1...1), ("transfer: { downloads: 2 }\n", [], 1...2),
    ] as [(String, [String], ClosedRange<Int>)])
  func `so many files come at one time`(
    transfer: String, flags: [String], expected: ClosedRange<Int>
  ) async throws {
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, transfer + Self.asked)
      let ran = await story.run(["apply", "--yes"] + flags)
      #expect(ran.code == .ok, "\(ran.errors)")
      #expect(expected.contains(mostAtOnce(sandbox)), "\(mostAtOnce(sandbox))")
      await story.must("status")
    }
  }

  @Test(arguments: [true, false])
  func `no more bytes come in a second than may`(isFlag: Bool) async throws {
    let scale: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 10 }
    try await withSandbox(scale) { sandbox in
      let story = try Story()
      let one = "collections:\n  a: { models: [1001] }\n"
      try story.manifest(sandbox, isFlag ? one : "transfer: { limitRate: 2MB }\n" + one)
      let began = ContinuousClock.now
      let ran = await story.run(["apply", "--yes"] + (isFlag ? ["--limit-rate", "2MB"] : []))
      #expect(ran.code == .ok, "\(ran.errors)")
      let bytes = sandbox.storage.bytes
      #expect(bytes > 5_000_000)
      // Some of it comes before anything can be measured.
      #expect((ContinuousClock.now - began) / .seconds(1) > Double(bytes) / 4_000_000)
    }
  }

  @Test(arguments: ["fast", "0B", "-1"])
  func `a rate that is none is refused`(rate: String) async throws {
    let story = try Story()
    let ran = await story.must("apply", "--yes", "--limit-rate=\(rate)", code: .usage)
    #expect(ran.errors.contains("limit-rate"))
  }
}

struct `Events for programs` {
  @Test func `come as lines of JSON beside the result`() async throws {
    let slow: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 0.5 }
    try await withSandbox(slow) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      try await sandbox.control(
        .fault(Fault(.truncate, at: .file(FileID(100_111)), place: .storage, times: 1)))
      let ran = await story.must("apply", "--yes", "--json")
      let events = try ran.errors.split(separator: "\n").map { line in
        try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
      #expect(events.allSatisfy { $0["version"] as? Int == 1 })
      let names = events.compactMap { $0["event"] as? String }
      for name in ["asking-catalogue", "fetching", "fetch-began", "fetch-ended", "switching"] {
        #expect(names.contains(name), "\(name)")
      }
      #expect(names.count { $0 == "fetch-began" } == 2)
      let retry = try #require(events.first { $0["event"] as? String == "fetch-retries" })
      #expect(retry["attempt"] as? Int == 1 && retry["seconds"] is Double)
      #expect(retry["name"] as? String == "aurora_glow_v2.safetensors")
      let fetching = try #require(events.first { $0["event"] as? String == "fetching" })
      #expect(fetching["files"] as? Int == 2 && fetching["bytes"] is Int)
      // The result stays one object of its own.
      _ = try #require(
        try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any])
    }
  }
}

struct `Which files come first` {
  private static let asked = "collections:\n  a: { models: [1001, 1002, 1003, 1004] }\n"

  /// The sizes of the files in the order in which a run began with them.
  private func begun(_ sandbox: SandboxServer, _ transfer: String) async throws -> [Int] {
    let story = try Story()
    try story.manifest(sandbox, transfer + Self.asked)
    let ran = await story.must("apply", "--yes", "--json", "--sequential")
    return try ran.errors.split(separator: "\n").compactMap { line in
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return event?["event"] as? String == "fetch-began" ? event?["bytes"] as? Int : nil
    }
  }

  @Test func `is for the manifest to say`() async throws {
    let small: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 0.01 }
    try await withSandbox(small) { sandbox in
      let usual = try await begun(sandbox, "")
      let large = try await begun(sandbox, "transfer: { order: large-first }\n")
      let manifest = try await begun(sandbox, "transfer: { order: manifest }\n")
      #expect(usual.count >= 3 && usual == usual.sorted())
      #expect(large == usual.reversed())
      #expect(Set(manifest) == Set(usual))
    }
  }
}

struct `Quiet hours` {
  private static let night = """
    transfer: { limitRate: { "22:00-06:00": pause } }
    collections: { c: { models: [1001, 1002] } }

    """

  /// 05:59 east of Greenwich until the pause was told, then 06:00.
  private static func time(_ told: String) -> GitTime {
    let minutes: Int64 = told.contains("paused") ? 300 : 299
    return GitTime(seconds: 1_767_225_600 + minutes * 60, offsetMinutes: 60)
  }

  @Test func `hold a run back, which goes on by itself`() async throws {
    let scale: @Sendable (inout SandboxOptions) -> Void = { $0.scale = 0.1 }
    try await withSandbox(scale) { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.night)
      let downloads = Mutex<Int?>(nil)
      story.setClock { told in
        if told.contains("paused") {
          downloads.withLock { $0 = $0 ?? Self.downloads(sandbox) }
        }
        return Self.time(told)
      }
      let ran = await story.must("apply", "--yes")
      #expect(ran.errors.contains("note: paused until 06:00, as `limitRate` says\n"))
      #expect(ran.errors.contains("note: goes on, as `limitRate` says\n"))
      #expect(downloads.withLock { $0 } == 0)
      #expect(story.placed().count == 2)
      await story.must("status")
    }
  }

  @Test func `are not those of a run that has a limit of its own`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, Self.night)
      story.setClock { Self.time($0) }
      let ran = await story.must("apply", "--yes", "--limit-rate", "1GB")
      #expect(!ran.errors.contains("paused"))
      #expect(story.placed().count == 2)
    }
  }

  private static func downloads(_ sandbox: SandboxServer) -> Int {
    sandbox.requests.routes.filter { $0.key.contains("/api/download") }.values
      .reduce(0) { $0 + $1.count }
  }
}
