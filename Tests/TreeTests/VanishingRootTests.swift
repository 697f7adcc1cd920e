import ContentStore
import Core
import DiskTestSupport
import SystemIO
import Testing
import Tree

/// A disk that is unmounted leaves the empty folder that it was mounted on.
@Suite struct VanishingRootTests {
  /// As if the root were unmounted at the given call of a switch: what it held is elsewhere from then on.
  private func run(
    unmountingAt number: Int, _ world: World, _ journal: SwitchJournal
  ) throws -> (met: Bool, error: TreeError?) {
    let (root, away) = (world.root, world.folder.path.appending("away"))
    let count = Locked(0)
    let recorder = Recorder { _, _ in
      let now = count.withLock { count in
        count += 1
        return count
      }
      if now == number {
        let files = FileSystem()
        try? files.rename(root, to: away)
        _ = try? files.makeFolder(root)
      }
      return nil
    }
    var failure: TreeError?
    do {
      _ = try Switcher(
        state: world.state, objects: world.store, files: FileSystem(observer: recorder)
      ).run(journal)
    } catch {
      failure = error
    }
    return (count.withLock { $0 } >= number, failure)
  }

  @Test func `at any moment of a switch nothing comes into the folder that is left`() throws {
    var number = 1
    while true {
      let world = try World()
      let one = try world.add("one")
      let steps: [SwitchStep] = [
        .place(try world.place("loras/deep/it"), one), .place(try world.place("other"), one),
      ]
      let journal = try world.switcher.prepare(world.journal(steps))
      let (met, error) = try run(unmountingAt: number, world, journal)
      guard met else { break }
      #expect(try FileSystem().list(world.root).isEmpty, "unmounted at call \(number)")
      if let error {
        guard case .rootNotOurs(_, _, .gone(folderIsThere: true)) = error else {
          Issue.record("unmounted at call \(number): \(error)")
          return
        }
      } else {
        #expect(try world.folder.text("away/loras/deep/it") == "one", "call \(number)")
        #expect(try world.folder.text("away/other") == "one", "call \(number)")
      }
      number += 1
    }
    #expect(number > 10)
  }
}
