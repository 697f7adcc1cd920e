/// What a model's tags must be. Words are compared without regard to case, and may hold `*` and
/// `?`.
package struct TagFilter: Hashable, Sendable {
  /// At least one tag matches one of these; `nil`: any.
  package var any: [Pattern]?
  /// Each of these is matched by a tag.
  package var all: [Pattern] = []
  /// No tag matches any of these.
  package var none: [Pattern] = []

  package init() {}

  /// Whether a model with these tags passes.
  package func admits(_ tags: [String]) -> Bool {
    func isThere(_ pattern: Pattern) -> Bool { tags.contains { pattern.matches($0) } }
    if none.contains(where: isThere) { return false }
    guard all.allSatisfy(isThere) else { return false }
    return any?.contains(where: isThere) ?? true
  }
}

/// The most mature level that a model may have, in the site's own words.
package enum NsfwCeiling: String, CaseIterable, Hashable, Sendable {
  case pg = "PG"
  case pg13 = "PG13"
  case r = "R"
  case x = "X"
  case xxx = "XXX"
}
