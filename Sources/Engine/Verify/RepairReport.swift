package import Core
package import GitStore

/// Where the bytes of an object come from that is to be restored.
package enum CureSource: Sendable, Equatable {
  /// A file in a tree that has bytes of its own.
  case place(Place)
  /// A file that was kept aside once: its path, from the project's folder where it is below it.
  case kept(String)
  case network
}

/// One damaged or missing object, and what can be done about it.
package struct Cure: Sendable, Equatable {
  package var damage: VerifyReport.Damage
  /// `nil`: nobody is known to have its bytes.
  package var source: CureSource?
  /// Why not, and what to do, in words.
  package var obstacle: String?

  package init(damage: VerifyReport.Damage, source: CureSource? = nil, obstacle: String? = nil) {
    self.damage = damage
    self.source = source
    self.obstacle = obstacle
  }

  /// Where what stands at its name is kept when it makes way, in words; `nil` where there is nothing.
  package var keptIn: String?
}

/// What a repair would do, for whoever is asked.
package struct RepairPlan: Sendable, Equatable {
  package var verification: VerifyReport
  /// By digest.
  package var cures: [Cure] = []

  package init(verification: VerifyReport) { self.verification = verification }

  package var hasWork: Bool {
    cures.contains { $0.source != nil } || !verification.remarks.isEmpty
  }
}

package struct RepairReview {
  package var show: (RepairPlan) -> Void
  package var confirm: () -> Bool

  package init(show: @escaping (RepairPlan) -> Void, confirm: @escaping () -> Bool) {
    self.show = show
    self.confirm = confirm
  }
}

/// What a repair came to.
package struct RepairOutcome: Sendable {
  package var plan: RepairPlan
  package var restored: [Cure] = []
  /// What stays damaged; each with its obstacle.
  package var failed: [Cure] = []
  /// Sound objects that got their time or their permissions back.
  package var setRight = 0
  /// What damaged objects held, from the project's folder where it is below it.
  package var aside: [String] = []
  /// Places where something else turned up meanwhile.
  package var left: [String] = []
  /// Places that were linked anew.
  package var relinked: [Place] = []
  package var fetchedBytes = ByteCount.zero
  package var snapshot: CommitID?

  package init(plan: RepairPlan) { self.plan = plan }

  package var exit: CommandExit {
    if plan.verification.isStopped { return .interrupted }
    if !failed.isEmpty { return .verificationFailed }
    return left.isEmpty ? .ok : .partial
  }
}
