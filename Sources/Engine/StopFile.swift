import CatalogueModel
import Core
import SystemIO

/// `.civsync/STOP`: whoever may write into the project's folder can have its fetching stopped, and kept
/// from beginning, without knowing which process it is.
extension Engine {
  private static let pause = Duration.milliseconds(500)

  private enum Ended: Sendable {
    case fetched([Digest: FetchOutcome])
    case stopped
    /// The fetching came to its end first.
    case nothing
  }

  /// Fetches what is wanted, unless the file is there or comes meanwhile. What came until then is kept.
  func fetch(
    _ entries: [Entry], _ fetcher: Fetcher, _ outcome: inout RunOutcome
  ) async -> [Digest: FetchOutcome] {
    guard !entries.isEmpty else { return [:] }
    if await isToStop() {
      outcome.wasStopped = true
      return [:]
    }
    let (results, wasStopped) = await withTaskGroup(of: Ended.self) { group in
      fetcher.pacer.look()
      group.addTask { .fetched(await fetcher.fetch(entries)) }
      group.addTask { await self.watch() }
      group.addTask {
        await fetcher.pacer.watch()
        return .nothing
      }
      var results: [Digest: FetchOutcome] = [:]
      var wasStopped = false
      for await ended in group {
        switch ended {
        case .fetched(let fetched): results = fetched
        case .stopped: wasStopped = true
        case .nothing: break
        }
        group.cancelAll()
      }
      return (results, wasStopped)
    }
    outcome.wasStopped = wasStopped
    return results
  }

  private func watch() async -> Ended {
    while (try? await Task.sleep(for: Self.pause)) != nil {
      if await isToStop() { return .stopped }
    }
    return .nothing
  }

  private func isToStop() async -> Bool {
    let (files, path) = (fileSystem, project.stopFile)
    return await disk.run { (try? files.status(path)) ?? nil != nil }
  }
}

extension EngineError {
  static func stopped(_ file: AbsolutePath) -> EngineError {
    EngineError(
      "C178", "stopped: `\(file)` is there",
      notes: ["nothing was changed; what was fetched is kept"],
      help: "remove it and run the command again", exit: .interrupted)
  }
}
