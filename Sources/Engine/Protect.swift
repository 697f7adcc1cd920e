package import CatalogueModel
import Core
package import GitStore
import History
import ManifestModel
import Planning
import SystemIO

/// What of the records a command is about.
package enum ProtectRequest: Sendable {
  case all
  /// As the user wrote them; at least one.
  case named([String])
}

/// What protecting or giving free came to.
package struct ProtectOutcome: Sendable {
  /// The new snapshot; `nil` when all was so already.
  package var snapshot: CommitID?
  /// Those whose record changed.
  package var changed: [Entry]
  /// How many of those that were meant were so already.
  package var already: Int
  /// Of those that were given free, how many a collection with `protect: true` asks for: the next
  /// apply protects them again.
  package var protectedAgain: Int

  package init(
    snapshot: CommitID? = nil, changed: [Entry] = [], already: Int = 0, protectedAgain: Int = 0
  ) {
    self.snapshot = snapshot
    self.changed = changed
    self.already = already
    self.protectedAgain = protectedAgain
  }
}

extension Engine {
  /// Protects recorded entries, or gives them free: a new snapshot, and no change to any tree.
  /// - Parameter isOn: whether they shall be protected.
  package func protect(_ request: ProtectRequest, isOn: Bool) async throws -> ProtectOutcome {
    // Said before anything is made: what is not recorded cannot be protected.
    try await disk.run { () throws(EngineError) in try self.requireHeadOrRun() }
    let lock = try await acquireLock()
    defer { lock.release() }
    try await recover()
    let head = try await disk.run { () throws(EngineError) in try self.requireHead() }
    let workspace = try workspace(trees: head.treeRoots, store: nil)
    try checkRoots(workspace, claimed: head.roots)
    try await disk.run { () throws(EngineError) in try self.requireStore(workspace.store) }
    let entries = head.entries
    let meant = try chosen(request, among: entries)
    var outcome = ProtectOutcome()
    let records = entries.map { entry in
      var entry = entry
      guard meant.contains(entry.identity) else { return entry }
      if entry.file.isProtected == isOn {
        outcome.already += 1
        return entry
      }
      entry.file.isProtected = isOn
      outcome.changed.append(entry)
      return entry
    }
    if !isOn { outcome.protectedAgain = countProtected(outcome.changed) }
    guard !outcome.changed.isEmpty else { return outcome }
    var run = RunOutcome()
    let count = outcome.changed.count
    try await record(
      Recording(
        head: head, workspace: workspace, manifests: head.manifests, actions: [],
        entries: records,
        title: "\(isOn ? "protect" : "unprotect"): \(count) \(count == 1 ? "file" : "files")",
        body: ""),
      &run)
    outcome.snapshot = run.snapshot
    return outcome
  }

  private func chosen(
    _ request: ProtectRequest, among entries: [Entry]
  ) throws(EngineError) -> Set<EntryIdentity> {
    guard case .named(let texts) = request else { return Set(entries.map(\.identity)) }
    let collections = Set(entries.flatMap(\.file.collections))
    var chosen: Set<EntryIdentity> = []
    for text in texts {
      let selector = EntrySelector(parsing: text, collections: collections)
      let found = entries.filter { selector?.matches($0) ?? false }
      guard !found.isEmpty else {
        let near = EntrySelector.near(text, collections: collections, entries: entries)
        throw EngineError(
          "C110", "`\(text)` names nothing that is placed",
          notes: near.map { "did you mean \($0)?" },
          help:
            "name a collection, a model (`123`, `123@456`), a path or pattern as `civsync plan` "
            + "prints it, or the first digits of a SHA-256", exit: .usage)
      }
      chosen.formUnion(found.map(\.identity))
    }
    return chosen
  }

  /// How many of these the manifest, where it can be read, protects by itself.
  private func countProtected(_ entries: [Entry]) -> Int {
    guard let (manifest, _) = try? loadManifest() else { return 0 }
    let names = Set(manifest.collections.lazy.filter(\.protect).map(\.name))
    return entries.count { !names.isDisjoint(with: $0.file.collections) }
  }
}
