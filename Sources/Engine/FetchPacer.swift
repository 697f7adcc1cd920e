import Core
import ManifestModel
import Synchronization
import Transfer

/// Holds a run's client to its pace.
final class FetchPacer: Sendable {
  private static let pause = Duration.milliseconds(500)

  private let http: HTTPClient
  private let context: EngineContext
  private let observer: any EngineObserver
  private let usual: Int64?
  private let pace: Mutex<FetchPace>

  init(
    _ spec: TransferSpec, _ http: HTTPClient, _ context: EngineContext,
    _ observer: any EngineObserver
  ) {
    self.http = http
    self.context = context
    self.observer = observer
    usual = context.steadyRate(spec)
    let schedule = usual == nil ? spec.rateSchedule : nil
    pace = Mutex(FetchPace(schedule: schedule, rate: usual))
  }

  /// Looks at the clock now, and tells the client what follows from it.
  func look() {
    let (note, change) = pace.withLock { pace in
      let before = pace.state
      let note = pace.look(at: context.now())
      return (note, pace.state == before ? nil : pace.state)
    }
    if let change { http.limit(downloadRate: change.rate) }
    if let note { observer.handle(.notice(note)) }
  }

  /// Does so again and again until the task is cancelled; then the client is as it was before.
  func watch() async {
    while (try? await Task.sleep(for: Self.pause)) != nil { look() }
    http.limit(downloadRate: usual)
  }

  /// Waits while nothing may be fetched: no download begins then, because the site counts each.
  func mayBegin() async {
    while pace.withLock({ $0.state.rate == 0 }) {
      guard (try? await Task.sleep(for: Self.pause)) != nil else { return }
    }
  }
}
