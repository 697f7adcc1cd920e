import CatalogueModel
import Core
import ManifestModel
import Planning
import Resolution
import Testing

/// A project whose disk is a table: what stands where, and what the store has.
private struct Project {
  var manifest: Manifest
  var recorded: [Entry] = []
  var disk: [Place: Digest] = [:]
  var stored: Set<Digest> = []

  /// - Parameter isEdited: whether the manifest is another one than what was recorded with.
  func plan(_ answers: CatalogueAnswers, isEdited: Bool, shuffled: Bool = false) -> Plan {
    var dice = Seeded(state: 4_711)
    let former = shuffled ? recorded.shuffled(using: &dice) : recorded
    let resolution = Resolver.resolve(
      manifest, answers,
      ResolutionContext(former: former, isEdited: isEdited, isStored: stored.contains))
    return Planner.plan(resolution, former: former, world: world(resolution.entries))
  }

  func world(_ wanted: [Entry]) -> ObservedWorld {
    var world = ObservedWorld(stored: stored)
    var known: [Place: Set<Digest>] = [:]
    for entry in recorded {
      for place in entry.file.places { known[place, default: []].insert(entry.digest) }
    }
    for place in Set(known.keys).union(wanted.flatMap(\.file.places)) {
      world.places[place] =
        switch (disk[place], known[place]) {
        case (nil, _): .absent
        case (let seen?, let expected?):
          expected.contains(seen) ? .intact : .modified("the content changed")
        case (let seen?, nil): .foreignFile(bytes: ByteCount(1), digest: seen)
        }
    }
    return world
  }

  mutating func apply(_ plan: Plan) {
    for action in plan.actions {
      if let from = action.from { disk[from] = nil }
      switch action.kind {
      case .remove: disk[action.place] = nil
      case .release: break
      default: disk[action.place] = action.entry?.digest
      }
      if let digest = action.entry?.digest { stored.insert(digest) }
    }
    // What was fetched is as long as it is, whatever was told.
    recorded = plan.result.map { entry in
      var entry = entry
      entry.file.bytes = RandomUpstream.length(of: entry.digest)
      return entry
    }
  }
}

/// Seeds are the tests' arguments: a failure names its own.
struct `For any manifest and whatever upstream does` {
  private func start(_ seed: UInt64) throws -> (Project, RandomUpstream, Seeded) {
    var random = Seeded(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let upstream = RandomUpstream(&random)
    let manifest = try manifest(text: randomManifest(&random))
    return (Project(manifest: manifest), upstream, random)
  }

  /// Entries in few words, so that a failure can be read.
  private func short(_ entries: [Entry]) -> [String] {
    entries.map { entry in
      "\(entry.identity) \(entry.file.state) \(entry.file.origin) \(entry.file.isProtected) "
        + "\(entry.file.collections) \(entry.file.places)"
    }.sorted()
  }

  /// The user's own files at some of the wanted places, with the wanted content or another.
  private func scatter(
    _ project: inout Project, _ answers: CatalogueAnswers, _ random: inout Seeded
  )
    -> Set<Place>
  {
    let plan = project.plan(answers, isEdited: true)
    var foreign: Set<Place> = []
    for action in plan.actions where Int.random(in: 0..<6, using: &random) == 0 {
      project.disk[action.place] =
        Bool.random(using: &random) ? action.entry?.digest : digest(255)
      foreign.insert(action.place)
    }
    return foreign
  }

  @Test(arguments: 0..<300)
  func `applying the plan gives the wanted world, and applying it again nothing`(seed: UInt64)
    throws
  {
    var (project, upstream, random) = try start(seed)
    let foreign = scatter(&project, upstream.answers, &random)
    for round in 0..<4 {
      let plan = project.plan(upstream.answers, isEdited: round == 0)
      for action in plan.actions where round == 0 && foreign.contains(action.place) {
        #expect(action.kind == .adopt)
      }
      project.apply(plan)
      for entry in project.recorded {
        #expect(!entry.file.places.isEmpty)
        for place in entry.file.places { #expect(project.disk[place] == entry.digest) }
      }
      // What is in the way has taken its part of a budget, and stands behind what came after it
      // the next time: then something else may fit.
      let isRationed = plan.blocked.contains { ["budget", "policy"].contains($0.reason.code) }
      let isInTheWay = plan.blocked.contains {
        ["file-in-the-way", "path-unsafe", "object-missing"].contains($0.reason.code)
      }
      if isRationed, isInTheWay {
        upstream.change(&random)
        continue
      }
      let again = project.plan(upstream.answers, isEdited: false)
      #expect(again.lines == [], "round \(round)")
      #expect(short(again.result) == short(project.recorded), "round \(round)")
      #expect(again.result == project.recorded || short(again.result) != short(project.recorded))
      upstream.change(&random)
    }
    // What was the user's and not the wanted file is as it was.
    for place in foreign where project.recorded.allSatisfy({ !$0.file.places.contains(place) }) {
      #expect(project.disk[place] != nil)
    }
  }

  @Test(arguments: 300..<700)
  func `without an edit nothing is removed, replaced or moved`(seed: UInt64) throws {
    var (project, upstream, random) = try start(seed)
    project.apply(project.plan(upstream.answers, isEdited: true))
    for _ in 0..<6 {
      for _ in 0..<Int.random(in: 1...3, using: &random) { upstream.change(&random) }
      let plan = project.plan(upstream.answers, isEdited: false)
      for action in plan.actions {
        #expect([.create, .adopt].contains(action.kind), "\(action.kind) \(action.place)")
      }
      let places = Dictionary(
        plan.result.map { ($0.identity, Set($0.file.places)) }, uniquingKeysWith: { $0.union($1) })
      for entry in project.recorded {
        #expect(places[entry.identity]?.isSuperset(of: entry.file.places) ?? false)
      }
      project.apply(plan)
    }
  }

  @Test(arguments: 700..<1_000)
  func `whatever is edited, what is protected stays, and going back leaves it`(seed: UInt64) throws
  {
    var (project, upstream, random) = try start(seed)
    var snapshots: [[Entry]] = [[]]
    for _ in 0..<4 {
      let protected = Set(project.recorded.filter(\.file.isProtected).map(\.identity))
      project.apply(project.plan(upstream.answers, isEdited: true))
      let kept = Set(project.recorded.filter(\.file.isProtected).map(\.identity))
      #expect(kept.isSuperset(of: protected))
      for entry in project.recorded {
        for place in entry.file.places { #expect(project.disk[place] == entry.digest) }
      }
      snapshots.append(project.recorded)
      upstream.change(&random)
      project.manifest = try manifest(text: randomManifest(&random))
    }
    let protected = project.recorded.filter(\.file.isProtected)
    let target = snapshots.randomElement(using: &random) ?? []
    let back = Planner.rollback(
      to: target, from: project.recorded, world: project.world(target))
    project.apply(back)
    for entry in protected {
      let after = project.recorded.first { $0.identity == entry.identity }
      #expect(after?.file.isProtected == true)
      #expect(!(after?.file.places.isEmpty ?? true))
    }
    for entry in project.recorded {
      for place in entry.file.places { #expect(project.disk[place] == entry.digest) }
    }
  }

  @Test(arguments: 1_000..<1_100)
  func `the order of the records does not matter`(seed: UInt64) throws {
    var (project, upstream, random) = try start(seed)
    project.apply(project.plan(upstream.answers, isEdited: true))
    upstream.change(&random)
    let first = project.plan(upstream.answers, isEdited: true)
    let second = project.plan(upstream.answers, isEdited: true, shuffled: true)
    #expect(first.lines == second.lines)
    #expect(first.blocked == second.blocked)
    #expect(first.notes == second.notes)
    #expect(short(first.result) == short(second.result))
  }
}
