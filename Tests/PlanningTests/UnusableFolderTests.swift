import CatalogueModel
import Core
import Planning
import Resolution
import Testing

struct `Places behind a folder that is none` {
  private let folder = UnusableFolder(TreePath("d")!, why: "is a link")
  private let old = entry(1, at: "d/old")

  private func reason(_ path: String) -> BlockedReason {
    .folderUnusable(place(path), folder: place("d"), why: "is a link")
  }

  @Test func `stay recorded, and are blocked`() {
    let result = plan([old], former: [old], world: world(["d/old": .behind(folder)]))
    #expect(result.actions.isEmpty)
    #expect(result.result == [old])
    #expect(result.blocked.map(\.reason) == [reason("d/old")])
    #expect(result.kept == 0)
  }

  @Test func `of another content keep what was there`() {
    let new = entry(2, at: "d/old", content: 9)
    let result = plan(
      [new], former: [old], world: world(["d/old": .behind(folder)]), deselected: [old])
    #expect(result.actions.isEmpty)
    #expect(result.result == [old])
    #expect(result.blocked.map(\.reason) == [reason("d/old")])
  }

  @Test func `are left when they can be reached`() {
    let waits = plan([], former: [old], world: world(["d/old": .behind(folder)]), deselected: [old])
    #expect(waits.actions.isEmpty)
    #expect(waits.result == [old])
    #expect(waits.blocked.map(\.reason) == [reason("d/old")])
    // A tree of its own by now has what stands there.
    var led = folder
    led.other = TreeName("big")
    let left = plan([], former: [old], world: world(["d/old": .behind(led)]), deselected: [old])
    #expect(left.lines == ["< d/old"])
    #expect(left.result.isEmpty)
  }

  @Test func `do not keep a file from another place`() {
    let new = entry(1, at: "new")
    let result = plan(
      [new], former: [old], world: world(["d/old": .behind(folder)], stored: [new.digest]))
    #expect(result.lines == ["+ new"])
    #expect(result.result.map(\.file.places) == [[place("d/old"), place("new")]])
    let into = plan(
      [old], former: [new], world: world(["new": .intact, "d/old": .behind(folder)]))
    #expect(into.actions.isEmpty)
    #expect(into.result == [new])
  }

  @Test func `keep a version until its successor can be placed there`() {
    let next = entry(1, at: "d/next", version: 2)
    let succession = Succession(old: old, successor: next.identity)
    let result = plan(
      [next], former: [old],
      world: world(["d/old": .behind(folder), "d/next": .behind(folder)]),
      succeeded: [succession])
    #expect(result.actions.isEmpty)
    #expect(result.result == [old])
    let elsewhere = entry(1, at: "next", version: 2)
    let placed = plan(
      [elsewhere], former: [old], world: world(["d/old": .behind(folder)]),
      succeeded: [Succession(old: old, successor: elsewhere.identity)])
    #expect(placed.lines == ["+ next"])
    #expect(placed.result.count == 2)
  }

  @Test func `hold a rollback's too`() {
    let result = Planner.rollback(
      to: [], from: [old], world: world(["d/old": .behind(folder)]))
    #expect(result.actions.isEmpty)
    #expect(result.result == [old])
    #expect(result.blocked.map(\.reason) == [reason("d/old")])
  }
}
