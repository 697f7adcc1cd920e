import CatalogueModel
import Core
import SystemIO

/// `.civsync/STOP`: whoever may write into the project's folder can have its fetching stopped, and kept
/// from beginning, without knowing which process it is.
extension Engine {
  private static let pause = Duration.milliseconds(500)

  private enum Ended: Sendable {
    case fetched([Digest: FetchOutcome])
    case stopped(EngineError)
    /// The fetching came to its end first.
    case nothing
  }

  /// Fetches what is wanted, unless the file is there or comes meanwhile. What came until then is kept.
  func fetch(
    _ entries: [Entry], _ fetcher: Fetcher, _ outcome: inout RunOutcome
  ) async -> [Digest: FetchOutcome] {
    guard !entries.isEmpty else { return [:] }
    if await isToStop() {
      outcome.stopped = .stopped(project.stopFile)
      return [:]
    }
    await fetcher.pacer.look()
    let (results, stopped) = await withTaskGroup(of: Ended.self) { group in
      group.addTask { .fetched(await fetcher.fetch(entries)) }
      group.addTask { await self.watch() }
      group.addTask {
        await fetcher.pacer.watch().map { .stopped($0) } ?? .nothing
      }
      var results: [Digest: FetchOutcome] = [:]
      var stopped: EngineError?
      for await ended in group {
        switch ended {
        case .fetched(let fetched): results = fetched
        case .stopped(let error): stopped = error
        case .nothing: break
        }
        group.cancelAll()
      }
      return (results, stopped)
    }
    outcome.stopped = stopped
    return results
  }

  private func watch() async -> Ended {
    while (try? await Task.sleep(for: Self.pause)) != nil {
      if await isToStop() { return .stopped(.stopped(project.stopFile)) }
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
