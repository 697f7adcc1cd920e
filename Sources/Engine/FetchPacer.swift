import ContentStore
import Core
import ManifestModel
import Synchronization
import SystemIO
import Transfer

/// Holds a run's client to its pace.
final class FetchPacer: Sendable {
  private struct State {
    var pace: FetchPace
    /// Downloads that have begun.
    var active = 0

    /// - Returns: whether one more may begin now.
    mutating func enter() -> Bool {
      guard pace.state.rate != 0, !pace.isNarrow || active == 0 else { return false }
      active += 1
      return true
    }
  }

  private static let pause = Duration.milliseconds(500)

  private let http: HTTPClient
  private let store: AbsolutePath
  private let context: EngineContext
  private let disk: BlockingExecutor
  private let observer: any EngineObserver
  private let state: Mutex<State>

  init(
    _ pace: FetchPace, _ http: HTTPClient, store: AbsolutePath, _ context: EngineContext,
    _ disk: BlockingExecutor, _ observer: any EngineObserver
  ) {
    self.http = http
    self.store = store
    self.context = context
    self.disk = disk
    self.observer = observer
    state = Mutex(State(pace: pace))
  }

  /// Looks at clock, disk and memory, and tells the client what follows from it.
  /// - Returns: why fetching has to end.
  @discardableResult
  func look() async -> EngineError? {
    let limits = state.withLock { $0.pace.limits }
    let sight =
      limits == LimitsSpec()
      ? FetchPace.Sight(time: context.now()) : await disk.run { self.sight(limits) }
    let (before, notes, pace) = state.withLock { state in
      (state.pace.state, state.pace.look(sight), state.pace)
    }
    if pace.state != before { http.limit(downloadRate: pace.state.rate) }
    if pace.state.hold != before.hold { observer.handle(.fetchHeld(pace.state.hold)) }
    if limits.memory != nil { http.narrow(pace.isNarrow, for: .memory) }
    for note in notes { observer.handle(.notice(note)) }
    guard pace.isOver(sight), let space = sight.space else { return nil }
    return .noRoom(space.available, reserve: pace.reserve(space))
  }

  private func sight(_ limits: LimitsSpec) -> FetchPace.Sight {
    FetchPace.Sight(
      time: context.now(),
      space: limits.disk == nil ? nil : try? context.freeSpace(context.fileSystem, store),
      memory: limits.memory == nil ? nil : context.memory())
  }

  /// Does so again and again until the task is cancelled; then the client is as it was before.
  func watch() async -> EngineError? {
    defer {
      http.limit(downloadRate: state.withLock { $0.pace.usual })
      http.narrow(false, for: .memory)
    }
    while (try? await Task.sleep(for: Self.pause)) != nil {
      if let error = await look() { return error }
      observer.handle(.stillFetching)
    }
    return nil
  }

  /// Waits until a download may begin, which none does in a pause: the site counts each.
  func enter() async {
    while !state.withLock({ $0.enter() }) {
      guard (try? await Task.sleep(for: Self.pause)) != nil else {
        // Whoever was cancelled finds that out by itself.
        return state.withLock { $0.active += 1 }
      }
    }
  }

  /// That download is over.
  func leave() { state.withLock { $0.active -= 1 } }
}

extension Engine {
  func pacer(
    _ manifest: Manifest, _ spec: TransferSpec, _ http: HTTPClient, _ store: ContentStore
  ) -> FetchPacer {
    pacer(manifest.limits, spec, http, store)
  }

  func pacer(
    _ limits: LimitsSpec, _ spec: TransferSpec, _ http: HTTPClient, _ store: ContentStore
  ) -> FetchPacer {
    let usual = context.steadyRate(spec)
    return FetchPacer(
      FetchPace(
        usual: usual, schedule: usual == nil ? spec.rateSchedule : nil, limits: limits),
      http, store: store.root, context, disk, observer)
  }
}

extension EngineError {
  fileprivate static func noRoom(_ free: ByteCount, reserve: ByteCount) -> EngineError {
    EngineError(
      "C201",
      "stopped: for 10 minutes less was free on the disk of the store than is to stay free",
      notes: [
        "\(free) are free, and \(reserve) are to stay so",
        "nothing was changed; what was fetched is kept",
      ],
      help: "make room and run it again, or lower `limits: { disk }`", exit: .noSpace)
  }
}
