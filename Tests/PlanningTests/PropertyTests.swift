import CatalogueModel
import Core
import Planning
import Resolution
import Testing

/// A small generator of its own, so that a failure repeats.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11 ^ state << 31
  }
}

struct `For any records, wishes and world` {
  struct Case {
    var desired: [Entry] = []
    var former: [Entry] = []
    var leaving: [Entry] = []
    var world = ObservedWorld()
  }

  /// Up to twelve places, of which each may be recorded, wanted, both, or stand in the way.
  func random(_ seed: UInt64) -> Case {
    var random = Seeded(state: seed)
    var made = Case()
    for number in Int64(1)...12 {
      let path = "p\(number)"
      let old = entry(number, at: path, content: UInt8.random(in: 1...20, using: &random))
      let isFormer = Bool.random(using: &random)
      if isFormer { made.former.append(old) }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: if isFormer { made.leaving.append(old) }
      case 1: made.desired.append(isFormer ? old : entry(number, at: path))
      case 2 where isFormer:
        var moved = old
        moved.file.places = [place("moved\(number)")]
        made.desired.append(moved)
      default: break
      }
      let seen: [Observed] = [
        .absent, .intact, .modified("x"), .foreignFile(bytes: ByteCount(1), digest: nil),
        .foreignFile(bytes: ByteCount(1), digest: old.digest), .foreignOther("folder"),
        .unsafe("link"),
      ]
      for path in [path, "moved\(number)"] {
        let state = seen.randomElement(using: &random) ?? .absent
        // Only what civsync placed can be intact or modified.
        let placed = isFormer && !path.hasPrefix("moved")
        switch state {
        case .intact, .modified: made.world.places[place(path)] = placed ? state : .absent
        default: made.world.places[place(path)] = state
        }
      }
    }
    return made
  }

  func plan(_ made: Case) -> Plan {
    Planner.plan(
      Resolution(entries: made.desired, deselected: made.leaving), former: made.former,
      world: made.world)
  }

  @Test(arguments: 0..<400)
  func `the plan reaches the wanted world, once`(seed: UInt64) {
    var made = random(seed)
    let first = plan(made)
    var after = made.world
    for action in first.actions {
      if let from = action.from { after.places[from] = .absent }
      switch action.kind {
      case .remove:
        if case .unsafe = after.places[action.place] { continue }
        after.places[action.place] = .absent
      case .release:
        after.places[action.place] = .foreignFile(bytes: ByteCount(1), digest: nil)
      default: after.places[action.place] = .intact
      }
    }
    for entry in first.result {
      for place in entry.file.places {
        #expect(
          after.places[place] == .intact || first.blocked.contains { $0.model == entry.model.id })
      }
    }
    made.former = first.result
    made.world = after
    made.desired = made.desired.filter { wanted in first.result.contains { $0.key == wanted.key } }
    made.leaving = []
    #expect(plan(made).actions.filter { $0.kind != .repair }.isEmpty)
  }

  @Test(arguments: 0..<400)
  func `nothing foreign is touched and nothing leaves unasked`(seed: UInt64) {
    let made = random(seed)
    let result = plan(made)
    let recorded = Set(made.former.flatMap(\.file.places))
    let asked = Set(made.leaving.map(\.identity))
    for action in result.actions {
      if !recorded.contains(action.place) {
        switch made.world.places[action.place] ?? .absent {
        case .absent: #expect(!action.movesAside)
        case .foreignFile, .intact: #expect(action.kind == .adopt)
        default: Issue.record("\(action.kind) at a foreign place")
        }
      }
      if action.kind == .remove, let former = action.former {
        let moved = made.desired.contains { $0.identity == former.identity }
        #expect(asked.contains(former.identity) || moved)
      }
    }
  }

  @Test(arguments: 0..<50)
  func `the order of the input does not matter`(seed: UInt64) {
    var made = random(seed)
    let first = plan(made)
    made.desired.shuffle()
    made.former.shuffle()
    let second = plan(made)
    #expect(first.actions == second.actions)
    #expect(first.blocked == second.blocked)
  }
}
