package import ContentStore
package import Core
package import ManifestModel

/// What to collect.
package struct CollectRequest: Sendable {
  /// Objects are taken away; else it is told what would be.
  package var carriesOut = false
  /// Also what cannot be had again.
  package var takesIrreplaceable = false
  /// The site is not asked what it still has: what is on record decides.
  package var isOffline = false
  /// Younger objects stay, in seconds.
  package var grace: Int64 = 3_600
  /// Projects, by id or folder, whose roots count no more.
  package var forget: [String] = []

  package init() {}
}

/// Why an object stays.
package enum StayReason: String, Sendable, CaseIterable {
  /// The last snapshot needs it.
  case placed
  /// A snapshot needs it that is kept.
  case snapshot
  /// An apply that was interrupted.
  case pending
  case lock
  /// A saved plan.
  case plan
  /// Another project that uses the store.
  case project
  /// Some name outside the store is the same file.
  case linked
  /// It was published, or lost a name, within the grace period.
  case young
  /// It was the user's own file.
  case adopted
  /// It was declared by its digest, without an address.
  case local
  /// The site has it no more, or not for everybody.
  case gone
  /// No snapshot knows it.
  case unknown
  /// The site did not say whether it still has it.
  case unanswered

  /// Of several the first is said.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether `--irreplaceable` lets it go.
  package var isIrreplaceable: Bool {
    switch self {
    case .adopted, .local, .gone, .unknown, .unanswered: true
    case .placed, .snapshot, .pending, .lock, .plan, .project, .linked, .young: false
    }
  }
}

/// What a collection takes away, or would, and what stays.
package struct CollectReport: Sendable {
  package struct Object: Sendable, Equatable {
    package var digest: Digest
    package var bytes: ByteCount
    /// What it was, where a snapshot knows.
    package var title: String?

    package init(digest: Digest, bytes: ByteCount, title: String? = nil) {
      self.digest = digest
      self.bytes = bytes
      self.title = title
    }
  }

  /// Objects that stay for one reason.
  package struct Stay: Sendable, Equatable {
    package var reason: StayReason
    package var count = 0
    /// `nil` where nobody looked: they are needed, whatever they take.
    package var bytes: ByteCount?

    package init(reason: StayReason, count: Int = 0, bytes: ByteCount? = nil) {
      self.reason = reason
      self.count = count
      self.bytes = bytes
    }
  }

  package struct ProjectStanding: Sendable, Equatable {
    package enum State: String, Sendable {
      case there
      /// Its state folder is not there, or is another project's now.
      case gone
      /// It says that it has another store.
      case elsewhere
    }

    package var id: String
    package var folder: String
    package var state: State
    /// How many objects it needs.
    package var objects: Int

    package init(id: String, folder: String, state: State, objects: Int) {
      self.id = id
      self.folder = folder
      self.state = state
      self.objects = objects
    }
  }

  package struct Failure: Sendable, Equatable {
    package var digest: Digest
    package var message: String

    package init(digest: Digest, message: String) {
      self.digest = digest
      self.message = message
    }
  }

  package var isDone: Bool
  package var store: AbsolutePath
  package var keep: KeepSpec
  package var grace: Int64
  /// In the store before.
  package var objects = 0
  /// Sorted by digest.
  package var freed: [Object] = []
  /// In the order of the reasons.
  package var stays: [Stay] = []
  /// Snapshots, newest first, that could be gone back to offline before and cannot after.
  package var losing: [SnapshotInfo] = []
  /// How many cannot already.
  package var incomplete = 0
  package var snapshots = 0
  package var keptSnapshots = 0
  package var projects: [ProjectStanding] = []
  package var forgotten: [ProjectStanding] = []
  /// Files of saved plans that count.
  package var plans: [String] = []
  /// Bytes of downloads that nobody went on with for a week.
  package var leftovers = FileTotals()
  package var failures: [Failure] = []
  /// Why the site did not answer.
  package var unanswered: String?
  package var pending: String?
  /// The user stopped it: what is told was done.
  package var isStopped = false

  package init(isDone: Bool, store: AbsolutePath, keep: KeepSpec, grace: Int64) {
    self.isDone = isDone
    self.store = store
    self.keep = keep
    self.grace = grace
  }

  package var freedBytes: ByteCount { freed.reduce(leftovers.bytes) { $0 + $1.bytes } }

  package var exit: CommandExit {
    if isStopped { return .interrupted }
    if !failures.isEmpty { return .failed }
    return stays.contains { $0.reason == .unanswered } ? .partial : .ok
  }
}
