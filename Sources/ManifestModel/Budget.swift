package import Core
package import Diagnostics

/// What goes first where not everything may be taken.
package enum TakeOrder: String, CaseIterable, Hashable, Sendable {
  /// Published last; the default.
  case newest
  case oldest
  case mostDownloaded = "most-downloaded"
  case mostLiked = "most-liked"
  case smallest
}

/// How many models a collection takes of what its users and favorites show. What is named by id
/// does not count. What falls out of it is superseded, and stays.
package struct LimitSpec: Hashable, Sendable {
  /// At least 1.
  package var models: Int
  package var order: TakeOrder
  package var span: Span

  package init(models: Int, order: TakeOrder = .newest, span: Span) {
    self.models = models
    self.order = order
    self.span = span
  }
}

/// How many bytes a collection may take. Known entries count first and are never put off.
package struct BudgetSpec: Sendable {
  /// All its files together.
  package var total: Located<ByteCount>?
  /// What one run fetches.
  package var perRun: Located<ByteCount>?
  /// The files of one creator.
  package var perUser: Located<ByteCount>?
  package var order: TakeOrder

  package init(
    total: Located<ByteCount>? = nil, perRun: Located<ByteCount>? = nil,
    perUser: Located<ByteCount>? = nil, order: TakeOrder = .newest
  ) {
    self.total = total
    self.perRun = perRun
    self.perUser = perUser
    self.order = order
  }
}

/// A file that is declared by its digest: one's own training, or what the catalogue does not have.
package struct ObjectSpec: Sendable {
  package var digest: Digest
  /// Below the root of each of the collection's trees.
  package var place: TreePath
  /// Where it can be fetched; `nil` when it must be here already.
  package var url: SafeURL?
  /// Its length, where the manifest tells it.
  package var bytes: ByteCount?
  package var span: Span

  package init(
    digest: Digest, place: TreePath, url: SafeURL? = nil, bytes: ByteCount? = nil, span: Span
  ) {
    self.digest = digest
    self.place = place
    self.url = url
    self.bytes = bytes
    self.span = span
  }
}
