package import CatalogueModel
package import Core
package import Diagnostics
package import GitStore
package import Planning

/// A plan with all that showing it needs.
package struct PlannedRun: Sendable {
  package var plan: Plan
  /// Warnings about the manifest.
  package var warnings: [Diagnostic]
  /// Blocks that the last apply already showed.
  package var knownBlocks: [BlockedEntry]
  /// What an interrupted apply left to be brought to its end, in words.
  package var pending: String?
  /// How many API calls the catalogue took.
  package var calls: Int
  /// What the catalogue had told before and was not asked again.
  package var kept = KeptCount()
  /// How each model that was asked for stands at the site; nothing where it was not asked.
  package var states: [ModelState] = []
  /// How long fetching should take by what this machine has measured; `nil` without a measurement.
  package var estimatedSeconds: Double?
  /// A login would be needed, and the one that is there cannot be used.
  package var lacksLogin = false
  /// Of a rollback: what it does to the manifests themselves.
  package var manifests: [ManifestReturn] = []

  package init(
    plan: Plan, warnings: [Diagnostic] = [], knownBlocks: [BlockedEntry] = [],
    pending: String? = nil, calls: Int = 0
  ) {
    self.plan = plan
    self.warnings = warnings
    self.knownBlocks = knownBlocks
    self.pending = pending
    self.calls = calls
  }
}

/// How a plan is put before the user.
package struct PlanReview {
  package var show: (PlannedRun) -> Void
  /// Asked only when something would change; `false` ends the run with nothing changed.
  package var confirm: () -> Bool

  package init(show: @escaping (PlannedRun) -> Void, confirm: @escaping () -> Bool) {
    self.show = show
    self.confirm = confirm
  }
}

/// What carrying out a plan came to.
package struct RunOutcome: Sendable {
  /// The actions that were carried out.
  package var done: [Action]
  /// What was done with companions.
  package var companions: [CompanionAction] = []
  package var failures: [FetchFailure]
  /// What was not tried any more after the run stopped in safe mode.
  package var untried: [Entry] = []
  /// Files of the user that were moved out of the way, relative to the project's folder.
  package var aside: [String]
  /// Places where something new turned up between plan and switch: left as they are.
  package var left: [String]
  /// Those places.
  package var leftPlaces: Set<Place> = []
  /// Refusals that the run met.
  package var blocked: [BlockedEntry]
  package var snapshot: CommitID?
  /// That snapshot is the history's first.
  package var isFirst = false
  /// An interrupted run was brought to its end first.
  package var isAfterRecovery = false
  /// Of a rollback: the nearest snapshot further back of which the store has everything.
  package var earlier: CommitID?
  /// Manifests that were put back.
  package var manifests: [ManifestReturn] = []
  /// The checks that ran, in their order; the last one may have failed.
  package var checks: [CheckResult] = []
  /// What was gone back to because a check failed: a snapshot's short id, or `@empty`.
  package var rolledBackTo: String?
  /// Why fetching was ended before its time: a stop file, or no room.
  var stopped: EngineError?
  package var fetchedFiles: Int
  package var fetchedBytes: ByteCount
  package var seconds: Double
  package var exit: CommandExit

  package init(
    done: [Action] = [], failures: [FetchFailure] = [], aside: [String] = [], left: [String] = [],
    blocked: [BlockedEntry] = [], snapshot: CommitID? = nil, earlier: CommitID? = nil,
    fetchedFiles: Int = 0, fetchedBytes: ByteCount = .zero, seconds: Double = 0,
    exit: CommandExit = .ok
  ) {
    self.earlier = earlier
    self.done = done
    self.failures = failures
    self.aside = aside
    self.left = left
    self.blocked = blocked
    self.snapshot = snapshot
    self.fetchedFiles = fetchedFiles
    self.fetchedBytes = fetchedBytes
    self.seconds = seconds
    self.exit = exit
  }
}

/// One snapshot of the history.
package struct SnapshotInfo: Sendable {
  package var id: CommitID
  package var time: GitTime
  package var title: String
  package var body: String
  package var refs: [String]
  /// Objects that it needs are not in the store; `nil` where nobody looked.
  package var isIncomplete: Bool?

  package init(id: CommitID, time: GitTime, title: String, body: String, refs: [String]) {
    self.id = id
    self.time = time
    self.title = title
    self.body = body
    self.refs = refs
  }
}

/// A snapshot with its files and those of the one before.
package struct SnapshotDetail: Sendable {
  package var info: SnapshotInfo
  package var manifests: [String]
  package var entries: [Entry]
  package var parent: SnapshotInfo?
  package var parentEntries: [Entry]

  package init(
    info: SnapshotInfo, manifests: [String], entries: [Entry], parent: SnapshotInfo?,
    parentEntries: [Entry]
  ) {
    self.info = info
    self.manifests = manifests
    self.entries = entries
    self.parent = parent
    self.parentEntries = parentEntries
  }
}

/// How the trees stand to the records.
package struct TreeStatus: Sendable {
  package struct Drift: Sendable, Hashable {
    package enum Kind: Sendable {
      case missing, modified, wrongLink
    }

    package var kind: Kind
    package var place: Place
    package var detail: String?
    /// Its size and time tell nothing of it.
    package var onlyReadingTells: Bool

    package init(
      kind: Kind, place: Place, detail: String? = nil, onlyReadingTells: Bool = false
    ) {
      self.kind = kind
      self.place = place
      self.detail = detail
      self.onlyReadingTells = onlyReadingTells
    }
  }

  package var snapshot: CommitID?
  package var intact: Int
  /// Recorded companions that the way does not lead to any more.
  var unsafeCompanions = 0
  package var drift: [Drift]
  /// Companions that the user has changed: no drift, they are the user's.
  package var edited = 0
  /// Placed files that tools may write to, and have.
  package var editedFiles = 0
  package var foreign: Int
  package var pending: String?

  package init(
    snapshot: CommitID? = nil, intact: Int = 0, drift: [Drift] = [], foreign: Int = 0,
    pending: String? = nil
  ) {
    self.snapshot = snapshot
    self.intact = intact
    self.drift = drift
    self.foreign = foreign
    self.pending = pending
  }
}
