internal import CatalogueModel

/// What the calls of one session have in common: their count, what was odd, and which endpoints
/// are not worth asking again.
actor SessionLog {
  /// After so many questions in a row that stayed without an answer, an endpoint counts as down.
  private static let patience = 2

  private(set) var calls = 0
  private var odd = Oddities()
  private var silent: [Int: Int] = [:]
  private var down: [Int: String] = [:]

  func countCall() { calls += 1 }

  func note(_ oddities: [CatalogueOddity]) { odd.append(oddities) }

  /// Why the endpoint is not asked any more; `nil` while it is.
  func whyDown(_ endpoint: Int) -> String? { down[endpoint] }

  func answered(_ endpoint: Int) { silent[endpoint] = 0 }

  /// All tries of one question failed.
  /// - Parameter connected: whether the endpoint said anything at all.
  func stayedSilent(_ endpoint: Int, connected: Bool, reason: String) {
    silent[endpoint, default: 0] += 1
    if !connected || silent[endpoint, default: 0] >= Self.patience { down[endpoint] = reason }
  }

  /// Sorted, each once: two calls at a time come in any order, and pages overlap.
  var oddities: [CatalogueOddity] {
    Set(odd.all).sorted {
      ($0.subject, $0.field, $0.message) < ($1.subject, $1.field, $1.message)
    }
  }
}
