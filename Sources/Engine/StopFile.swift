import CatalogueModel
import Core
import SystemIO

/// `.civsync/STOP`: whoever may write into the project's folder can have its fetching stopped, and kept
/// from beginning, without knowing which process it is.
extension Engine {
  private static let pause = Duration.milliseconds(500)

  private enum Ended<Value: Sendable>: Sendable {
    case done(Value)
    case stopped(EngineError)
    /// The work came to its end first.
    case nothing
  }

  /// Fetches what is wanted, unless the file is there or comes meanwhile. What came until then is kept.
  func fetch(
    _ entries: [Entry], _ fetcher: Fetcher, _ outcome: inout RunOutcome
  ) async -> [Digest: FetchOutcome] {
    guard !entries.isEmpty else { return [:] }
    let (results, stopped) = await watched(fetcher.pacer) { await fetcher.fetch(entries) }
    outcome.stopped = stopped
    return results ?? [:]
  }

  /// Does work of the network's under the pacer's eyes, unless the file is there or comes meanwhile: then it
  /// is cancelled.
  /// - Returns: what came of it, `nil` where it was not begun, and why it was ended before its time.
  func watched<Value: Sendable>(
    _ pacer: FetchPacer, _ work: @escaping @Sendable () async -> Value
  ) async -> (value: Value?, stopped: EngineError?) {
    if await isToStop() { return (nil, .stopped(project.stopFile)) }
    await pacer.look()
    return await withTaskGroup(of: Ended<Value>.self) { group in
      group.addTask { .done(await work()) }
      group.addTask { await self.stopRequest().map { .stopped($0) } ?? .nothing }
      group.addTask { await pacer.watch().map { .stopped($0) } ?? .nothing }
      var value: Value?
      var stopped: EngineError?
      for await ended in group {
        switch ended {
        case .done(let done): value = done
        case .stopped(let error): stopped = error
        case .nothing: break
        }
        group.cancelAll()
      }
      return (value, stopped)
    }
  }

  /// Waits for the file until the task is cancelled.
  private func stopRequest() async -> EngineError? {
    while (try? await Task.sleep(for: Self.pause)) != nil {
      if await isToStop() { return .stopped(project.stopFile) }
    }
    return nil
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
