package import CatalogueModel
package import Core
package import Engine
package import Planning

/// What a run of a plan came to.
package struct ApplyReport: Sendable {
  package enum Run: Sendable, Hashable {
    case apply
    /// - Parameters:
    ///   - to: the revision as the user wrote it.
    ///   - further: the revision that goes back beyond it, if there is one.
    case rollback(to: String, further: String?)
    /// A word of the user's: `accept`, `rename`, `prune`.
    case word(String)
  }

  package struct Failure: Sendable, Hashable {
    package var title: String
    package var message: String

    package init(title: String, message: String) {
      self.title = title
      self.message = message
    }
  }

  package var run: Run
  package var created: Int
  package var adopted: Int
  package var moved: Int
  package var repaired: Int
  package var replaced: Int
  package var removed: Int
  package var released: Int
  /// What was done with sidecars and previews.
  package var companions: [CompanionAction] = []
  package var failures: [Failure]
  /// What was not tried any more after the run stopped, by its titles.
  package var untried: [String] = []
  /// Files of the user that were moved out of the way, where they are now.
  package var aside: [String]
  /// Places where something new turned up between plan and change: left as they are.
  package var left: [String] = []
  /// What the run found it may not have.
  package var blocked: [BlockedEntry]
  /// The short id of the snapshot that records it; `nil` when none was made.
  package var snapshot: String?
  /// The revision that undoes it.
  package var undo = "HEAD~1"
  package var fetchedFiles: Int
  package var fetchedBytes: ByteCount
  package var seconds: Double
  /// Manifests that were put back.
  package var manifests: [ManifestReturn] = []
  /// An interrupted run was brought to its end first.
  package var isAfterRecovery = false
  /// The checks that ran.
  package var checks: [CheckResult] = []
  /// What was gone back to because a check failed.
  package var rolledBackTo: String?

  package init(
    run: Run = .apply, created: Int = 0, adopted: Int = 0, moved: Int = 0, repaired: Int = 0,
    replaced: Int = 0, removed: Int = 0, released: Int = 0, failures: [Failure] = [],
    aside: [String] = [], blocked: [BlockedEntry] = [], snapshot: String? = nil,
    fetchedFiles: Int = 0, fetchedBytes: ByteCount = .zero, seconds: Double = 0
  ) {
    self.run = run
    self.created = created
    self.adopted = adopted
    self.moved = moved
    self.repaired = repaired
    self.replaced = replaced
    self.removed = removed
    self.released = released
    self.failures = failures
    self.aside = aside
    self.blocked = blocked
    self.snapshot = snapshot
    self.fetchedFiles = fetchedFiles
    self.fetchedBytes = fetchedBytes
    self.seconds = seconds
  }

  /// What was done to the trees, by name, as the plan orders it.
  var counts: [(name: String, count: Int)] {
    [
      ("created", created), ("adopted", adopted), ("moved", moved), ("repaired", repaired),
      ("replaced", replaced), ("removed", removed), ("released", released),
    ]
  }

  /// Whether a tree was changed.
  var changed: Bool { counts.contains { $0.count > 0 } || !companions.isEmpty }
}
