package import CatalogueModel

/// What a plan may take for granted, and what it shall be about.
package struct PlanRequest: Sendable {
  /// The project's snapshots may go on with another manifest.
  package var changesManifests = false
  /// Refusals that earlier runs met are asked about again.
  package var asksAgain = false
  /// The lock is what is wanted, exactly: the catalogue is not asked.
  package var followsLock = false
  /// No network may be used: what would have to be fetched is blocked.
  package var isOffline = false
  /// What does not fit on the disk is put off instead of refused.
  package var fits = false
  /// Only what one of these names changes, as the user wrote them; empty: everything.
  package var targets: [String] = []
  /// What one of these names stays as it is recorded.
  package var exclusions: [String] = []
  /// The content of every placed file is read, for what its time and size do not tell.
  package var verifies = false
  /// What only the user can say.
  package var word: UserWord?
  /// How files that are the user's get into the store.
  package var adoption = AdoptionMethod.reflink
  /// Whether an apply runs the manifest's checks.
  package var runsChecks = true

  package init(changesManifests: Bool = false, asksAgain: Bool = false) {
    self.changesManifests = changesManifests
    self.asksAgain = asksAgain
  }

  /// Whether it asks for nothing but how things stand, as far as that is known here: the plan that
  /// may be known already.
  var isPlainOffline: Bool {
    isOffline && !changesManifests && !asksAgain && !followsLock && !fits && !verifies
      && targets.isEmpty && exclusions.isEmpty && word == nil
  }

  /// What the history calls a run of it.
  var runName: String {
    switch word {
    case nil: "apply"
    case .accept: "accept"
    case .rename: "rename"
    case .prune: "prune"
    }
  }
}

/// How a file that is the user's gets into the store.
package enum AdoptionMethod: String, Sendable, CaseIterable {
  /// Sharing its bytes where the file system can, else by a copy.
  case reflink
  case copy
  /// As a further name of the store's file: the original gets read-only, and costs nothing.
  case link
}

/// A decision that no manifest takes: it holds for the entries that it names, and for one run.
package enum UserWord: Sendable {
  /// What a creator put in the place of another content is taken.
  case accept(EntryChoice)
  /// What is called otherwise upstream now is called so here too.
  case rename(EntryChoice)
  /// What stays only because nothing removes it goes.
  case prune(EntryChoice, states: Set<RecordedState>)
}

/// Which entries a user means.
package enum EntryChoice: Sendable {
  case all
  /// As the user wrote them.
  case named([String])
}
