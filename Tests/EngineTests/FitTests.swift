import CatalogueModel
import ContentStore
import Core
import Diagnostics
import ManifestModel
import Planning
import Resolution
import SystemIO
import Testing
import Tree

@testable import Engine

struct `What does not fit on the disk` {
  private func survey(
    _ desired: [Entry], former: [Entry] = [], free: Int64, order: TakeOrder = .newest,
    places: [String: Observed] = [:]
  ) throws -> Survey {
    let path = try #require(AbsolutePath("/project/civsync.yaml"))
    let file = SourceFile(name: "civsync.yaml", text: "")
    var manifest = try #require(emptyManifest(path, file))
    manifest.collections[0].budget = BudgetSpec(order: order)
    let store = ContentStore(root: path.parent.appending("store"), files: FileSystem())
    var world = ObservedWorld(
      places: Dictionary(places.map { (place($0), $1) }, uniquingKeysWith: { $1 }))
    world.free = ByteCount(free)
    return Survey(
      ground: Ground(
        manifest: manifest, warnings: [],
        workspace: Workspace(id: "p", store: store, trees: [], declared: []), former: former,
        known: former),
      world: world,
      plan: Planner.plan(Resolution(entries: desired), former: former, world: world))
  }

  private func emptyManifest(_ path: AbsolutePath, _ file: SourceFile) -> Manifest? {
    loadManifest(
      path: path, loader: Text(), environment: [:], home: nil
    ).0
  }

  private struct Text: ManifestLoader {
    func load(_ path: AbsolutePath) -> LoadedManifest {
      .found(
        Array(
          "version: 1\nroot: /m\ncollections: { follow: { users: [alice] } }\n".utf8))
    }
  }

  /// An entry of so many bytes, published on a day of January.
  private func file(_ id: Int64, _ bytes: Int64, day: String) -> Entry {
    var made = entry(id, at: "f\(id)")
    made.file.bytes = ByteCount(bytes)
    made.file.collections = ["follow"]
    made.version.publishedAt = Timestamp("2026-01-\(day)")
    return made
  }

  @Test func `is put off in the order of the budget, and what still fits is taken`() throws {
    let files = [
      file(1, 500, day: "01"), file(2, 900, day: "03"), file(3, 400, day: "02"),
    ]
    for (order, taken) in [
      (TakeOrder.newest, [2]), (.oldest, [1, 3]), (.smallest, [1, 3]),
    ] {
      var survey = try survey(files, free: 1_000, order: order)
      #expect(!survey.plan.space.fits)
      survey.fit()
      #expect(survey.plan.actions.compactMap(\.entry?.key.model.rawValue) == taken.map(Int64.init))
      #expect(survey.plan.space.fits)
      #expect(survey.plan.blocked.allSatisfy { $0.reason == .space })
      #expect(survey.plan.blocked.count + taken.count == 3)
    }
  }

  @Test func `a repair is never put off for something new`() throws {
    let placed = file(1, 800, day: "01")
    var survey = try survey(
      [placed, file(2, 300, day: "02")], former: [placed], free: 1_000,
      places: ["f1": .absent])
    survey.fit()
    #expect(survey.plan.actions.map(\.kind) == [.repair])
    #expect(survey.plan.blocked.map(\.model) == [2])
    #expect(survey.plan.result == [placed])
  }

  @Test func `nothing changes where everything fits`() throws {
    var survey = try survey([file(1, 500, day: "01")], free: 1_000)
    let before = survey.plan.actions
    survey.fit()
    #expect(survey.plan.actions == before)
    #expect(survey.plan.blocked.isEmpty)
  }
}
