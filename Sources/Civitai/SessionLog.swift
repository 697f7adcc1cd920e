internal import CatalogueModel

/// What the calls of one session have in common: their count, and what was odd.
actor SessionLog {
  private(set) var calls = 0
  private(set) var kept = KeptCount()
  private var odd = Oddities()

  func countCall() { calls += 1 }

  func note(_ others: Oddities, withNews: Bool = true) {
    odd.append(others.all)
    if withNews { odd.append(others.news) }
  }

  /// An answer of an earlier run served, given so many seconds ago.
  func used(age: Int64) {
    kept.answers += 1
    kept.oldest = max(kept.oldest, age)
  }

  var news: [SiteNews: NewsCount] { odd.news }

  /// Sorted, each once: two calls at a time come in any order, and pages overlap.
  var oddities: [CatalogueOddity] {
    Set(odd.all).sorted {
      ($0.subject, $0.field, $0.message) < ($1.subject, $1.field, $1.message)
    }
  }
}
