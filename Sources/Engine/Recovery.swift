import CatalogueModel
import ContentStore
import Core
import Diagnostics
import GitStore
import History
import SystemIO
import Tree

extension Engine {
  /// What an interrupted switch left, in words; `nil` when there is nothing.
  func pendingText() throws(EngineError) -> String? {
    guard let journal = try loadJournal() else { return nil }
    let run = run(of: journal)
    return "\(run.article) \(run.word) begun at \(journal.started) did not come to its end; "
      + "the next `civsync apply` or `civsync rollback` brings it there"
  }

  /// What the switch belongs to: the snapshot that it makes true says it.
  private func run(of journal: SwitchJournal) -> (article: String, word: String) {
    let title = CommitID(hex: journal.commit).flatMap { commit in
      try? reading { history throws(HistoryError) in try history.entry(commit).title }
    }
    return RunTitle.name(title)
  }

  /// Rolls an interrupted switch forward. Before its commit point nothing had happened, after it
  /// everything is there to go on.
  func recover() async throws {
    await disk.run { Trials.clear(in: self.project.state, files: self.fileSystem) }
    guard let journal = try loadJournal() else { return }
    let run = run(of: journal)
    let outcome = try await disk.run { () throws(EngineError) in
      try self.rollForward(journal)
    }
    hasRecovered.withLock { $0 = true }
    observer.handle(
      .recovered("the \(run.word) begun at \(journal.started) was brought to its end"))
    for path in outcome.aside { observer.handle(.notice("kept aside: `\(path)`")) }
    for left in outcome.left { observer.handle(.notice("left as it is: \(left)")) }
  }

  private func rollForward(_ journal: SwitchJournal) throws(EngineError) -> RunOutcome {
    guard let commit = CommitID(hex: journal.commit) else {
      throw EngineError(
        "C057", "the journal names no snapshot: `\(journal.commit)`",
        help: "restore `.civsync/journal/switch.json`, or remove it to keep the trees as they are")
    }
    let snapshot = try snapshot(commit)
    let workspace = try workspace(trees: [], store: nil)
    try requireStore(workspace.store)
    let switcher = Switcher(state: project.state, objects: workspace.store, files: fileSystem)
    var outcome = RunOutcome()
    try finish(
      journal, commit, Recorded(snapshot), switcher, recovering: true,
      &outcome)
    return outcome
  }

  func loadJournal() throws(EngineError) -> SwitchJournal? {
    do {
      return try SwitchJournal.load(in: project.state, files: fileSystem)
    } catch {
      throw EngineError(
        "C057", "the journal of an interrupted switch cannot be used: \(error)",
        help: "to give that switch up, remove `.civsync/journal/switch.json`: nothing is lost, and "
          + "`civsync plan` shows what differs from the last snapshot")
    }
  }

  /// Does something after a recovery, which an error must not deny.
  func tellingRecovery<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as EngineError where hasRecovered.withLock({ $0 }) {
      throw error.afterRecovery
    }
  }
}

extension EngineError {
  /// The same, said by a run that brought an interrupted one to its end first.
  fileprivate var afterRecovery: EngineError {
    let (before, after) = ("nothing was changed", "nothing was changed after the recovery")
    var error = self
    for index in error.diagnostics.indices {
      error.diagnostics[index].message.replace(before, with: after)
      for note in error.diagnostics[index].notes.indices {
        error.diagnostics[index].notes[note].replace(before, with: after)
      }
    }
    return error
  }
}
