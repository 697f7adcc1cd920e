package import Core
package import Diagnostics

/// A named set of selectors with its filters and rules. `users`, `models`, `versionIDs`, `objects`
/// and `favorites` select and are united; from `types` to `exclude` all filter. A model named by its id is filtered too.
package struct CollectionSpec: Sendable {
  package var name: String
  /// Where its name stands.
  package var span: Span
  package var users: [Located<String>]
  package var models: [ModelSelector]
  package var versionIDs: [Located<VersionID>]
  package var objects: [ObjectSpec] = []
  /// Where `favorites: true` stands, if it does: what the account has marked as favorite.
  package var favorites: Span?
  /// Which versions are taken of what users and models select.
  package var versions: VersionPolicy
  /// `nil`: all.
  package var types: [Pattern]?
  /// `nil`: all.
  package var baseModels: [Pattern]?
  /// `nil`: whatever they are.
  package var tags: TagFilter?
  /// Of the models; `nil`: all.
  package var names: [Pattern]?
  /// The collection's own or the defaults'; `nil`: no ceiling.
  package var nsfw: NsfwCeiling?
  /// Versions published on that day or later: `2025-01-31`, a real day, in UTC; `nil`: all. Unlike
  /// ``VersionPolicy/since(_:)`` a filter: an edit of it removes.
  package var since: String?
  /// Versions published on that day or before.
  package var until: String?
  package var exclude: ExcludeSpec
  /// Asked when a model is taken and not of what is placed: the counters move all the time.
  package var minDownloads: Int64?
  package var minThumbs: Int64?
  package var limit: LimitSpec?
  package var budget: BudgetSpec?
  package var files: FilePolicy
  package var scan: ScanPolicy
  package var superseded: SupersededRule
  package var replaced: ReplacedRule
  /// Where its files go instead of where the layout says.
  package var place: PathTemplate?
  /// `nil`: as the tree or the manifest says.
  package var link: LinkPreference?
  /// Where its files go; never empty in a manifest without mistakes.
  package var trees: [TreeName] = [.main]
  /// `nil`: each tree's own.
  package var layout: Layout?
  /// In the order of ``Core/CompanionKind``.
  package var sidecars: [CompanionKind] = []
  /// How many pictures go beside each file.
  package var previews = 0
  /// What it selects stays until the user gives it free, whatever the manifest says later.
  package var protect = false
}

/// A model that is asked for by its id.
package struct ModelSelector: Sendable {
  package var id: ModelID
  /// This version only; `nil`: what the policy takes.
  package var version: VersionID?
  /// This file of that version only.
  package var file: FileID?
  /// The selector's own policy; `nil`: the collection's.
  package var versions: VersionPolicy?
  package var files: FilePolicy
  /// Its own place, or else its collection's.
  package var place: PathTemplate?
  package var span: Span
}

/// What is left out of a collection.
package struct ExcludeSpec: Hashable, Sendable {
  package var models: [ModelID] = []
  package var versions: [VersionID] = []
  /// Compared without regard to case, as the site does.
  package var users: [String] = []
  package var types: [Pattern] = []
  package var baseModels: [Pattern] = []
  package var tags: [Pattern] = []
  /// Of the models.
  package var names: [Pattern] = []

  package init() {}
}

package enum VersionPolicy: Hashable, Sendable {
  /// The one published last.
  case latest
  /// Of each base model, the one published last.
  case latestPerBaseModel
  case all
  /// The `n` published last; at least 1.
  case newest(Int)
  /// Published on that day or later: `2025-01-31`, a real day, in UTC.
  case since(String)
}

/// What a file's scan at the catalogue must have said.
package enum ScanPolicy: String, CaseIterable, Hashable, Sendable {
  case requireSuccess = "require-success"
  case allowPending = "allow-pending"
  case allowDanger = "allow-danger"
}

/// What happens to a version when a newer one takes its place as the latest.
package enum SupersededRule: String, CaseIterable, Hashable, Sendable {
  case keep, replace
}

/// What happens when a creator swaps a file inside a version.
package enum ReplacedRule: String, CaseIterable, Hashable, Sendable {
  case ask, take
}
