package import CatalogueModel
import Core
import GitStore
import History
import ManifestModel
import Planning
import SystemIO

/// What differs between two snapshots, or between a snapshot and what the manifest comes to.
package struct SnapshotComparison: Sendable {
  /// `nil`: nothing placed.
  package var from: SnapshotInfo?
  package var to: SnapshotInfo?
  package var old: [Entry]
  package var new: [Entry]
  /// Entries of both, with other facts.
  package var facts: [FactChange]
  package var manifests: [ManifestChange]

  package struct FactChange: Sendable, Equatable {
    package var entry: Entry
    package var changes: [Fact]
  }

  package struct Fact: Sendable, Equatable {
    package var name: String
    package var old: String
    package var new: String
  }

  package struct ManifestChange: Sendable, Equatable {
    package enum Kind: String, Sendable { case added, removed, changed }

    package var name: String
    package var kind: Kind
    /// `nil` where the texts are too long or too different to be shown line by line.
    package var lines: LineDifference?
  }

  init(from old: Snapshot, to new: Snapshot, comparesCompanions: Bool = true) {
    self.old = old.entries
    self.new = new.entries
    facts = SnapshotDifference(from: old.models, to: new.models).changed.compactMap {
      Self.facts($0.old, $0.new, companions: comparesCompanions)
    }
    manifests = Self.manifests(old.manifests, new.manifests)
  }

  private static func facts(_ old: Entry, _ new: Entry, companions: Bool) -> FactChange? {
    let all: [(String, (Entry) -> String)] = [
      ("state", { $0.file.state.rawValue }),
      ("collections", { $0.file.collections.joined(separator: ", ") }),
      ("protected", { $0.file.isProtected ? "yes" : "no" }),
      ("editable", { $0.file.isEditable ? "yes" : "no" }),
      ("origin", { $0.file.origin.rawValue }),
      (
        "companions",
        { entry in
          companions
            ? entry.file.companions.map { "\($0.kind.rawValue) \($0.number) \($0.digest.short)" }
              .joined(separator: ", ") : ""
        }
      ),
      ("model", { "\($0.model.name) (\($0.model.type))" }),
      ("creator", { $0.model.creator ?? "" }),
      ("tags", { $0.model.tags.joined(separator: ", ") }),
      ("nsfw", { String($0.model.nsfwLevel) }),
      ("version", { $0.version.name }),
      ("base model", { $0.version.baseModel }),
      ("published", { $0.version.publishedAt.map(\.description) ?? "" }),
      ("file name", { $0.file.name }),
    ]
    let changes = all.compactMap { name, value -> Fact? in
      let (before, after) = (value(old), value(new))
      return before == after ? nil : Fact(name: name, old: before, new: after)
    }
    return changes.isEmpty ? nil : FactChange(entry: new, changes: changes)
  }

  private static func manifests(
    _ old: [ManifestCopy], _ new: [ManifestCopy]
  ) -> [ManifestChange] {
    let before = Dictionary(old.map { ($0.path, $0.bytes) }, uniquingKeysWith: { $1 })
    let after = Dictionary(new.map { ($0.path, $0.bytes) }, uniquingKeysWith: { $1 })
    return Set(before.keys).union(after.keys).sorted().compactMap { name in
      let (was, now) = (before[name], after[name])
      if was == now { return nil }
      return ManifestChange(
        name: name, kind: was == nil ? .added : now == nil ? .removed : .changed,
        lines: LineDifference(from: was ?? [], to: now ?? []))
    }
  }
}

extension Engine {
  /// Compares two snapshots.
  /// - Parameters: revisions as git understands them, or `@empty`.
  package func compare(_ old: String, _ new: String) async throws -> SnapshotComparison {
    try await disk.run { () throws(EngineError) in
      let (before, after) = (try self.snapshot(old), try self.snapshot(new))
      var comparison = SnapshotComparison(from: before, to: after)
      comparison.from = try before.id.map { id throws(EngineError) in try self.info(id) }
      comparison.to = try after.id.map { id throws(EngineError) in try self.info(id) }
      return comparison
    }
  }

  /// Compares a snapshot with what applying the manifest would make of things.
  /// - Parameter run: that plan.
  package func compare(_ old: String, with run: PlannedRun) async throws -> SnapshotComparison {
    let entries = run.plan.result
    return try await disk.run { () throws(EngineError) in
      let before = try self.snapshot(old)
      let manifests = try self.loadManifest().manifest.sources.map {
        ManifestCopy(path: $0.name, role: $0.role, bytes: $0.bytes)
      }
      // Companions are pinned when they are made.
      var comparison = SnapshotComparison(
        from: before, to: Snapshot(entries: entries, manifests: manifests),
        comparesCompanions: false)
      comparison.from = try before.id.map { id throws(EngineError) in try self.info(id) }
      return comparison
    }
  }

  private func info(_ id: CommitID) throws(EngineError) -> SnapshotInfo {
    SnapshotInfo(try reading { history throws(HistoryError) in try history.entry(id) })
  }
}
