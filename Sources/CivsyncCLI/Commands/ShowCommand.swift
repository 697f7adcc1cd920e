import ArgumentParser
import CatalogueModel
import Core
import Engine
import GitStore
import Planning

struct ShowCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a snapshot and what it changed, or a saved plan.")

  @Argument(help: "The snapshot, HEAD being the last one; or the file of a saved plan.")
  var revision = "HEAD"

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    if let plan = try savedPlan(context) {
      reporter.show(PlannedRun(plan: plan), goal: .manifest)
      return .ok
    }
    let engine = try project.engine(context, SilentObserver())
    let report = SnapshotReport(try await engine.show(revision))
    reporter.show(SnapshotView.human(report, reporter.view), json: SnapshotView.json(report))
    return .ok
  }

  /// The plan in the file of that name, if it is one: files that only look like a revision are rare,
  /// and no revision is a saved plan.
  private func savedPlan(_ context: CommandContext) throws -> Plan? {
    guard let path = context.workingFolder.resolving(revision),
      SavedPlan.isSavedPlan(path, context.engine.fileSystem)
    else { return nil }
    return try SavedPlan.load(path, context.engine.fileSystem).plan()
  }
}

extension SnapshotReport {
  init(_ detail: SnapshotDetail) {
    let contents = Dictionary(
      detail.entries.map { ($0.digest, $0.file.bytes) }, uniquingKeysWith: { first, _ in first })
    self.init(
      item: LogItem(detail.info), body: detail.info.body, manifests: detail.manifests,
      files: Set(detail.entries.flatMap(\.file.places)).count,
      bytes: contents.values.reduce(.zero, +), comparedTo: detail.parent?.id.short,
      changes: SnapshotChange.between(detail.parentEntries, detail.entries))
  }
}

extension SnapshotChange {
  /// What stands at each place in one set of entries and not in the other, by kind and place.
  static func between(_ old: [Entry], _ new: [Entry]) -> [SnapshotChange] {
    let before = places(old)
    let after = places(new)
    var left = Dictionary(
      before.filter { after[$0.key] == nil }.map { ($0.value.identity, $0.key) },
      uniquingKeysWith: { min($0, $1) })
    var changes: [SnapshotChange] = []
    for (place, entry) in after.sorted(by: { $0.key < $1.key }) {
      if let known = before[place] {
        if known.digest != entry.digest {
          changes.append(change(.changed, place, entry, former: known.digest))
        }
      } else {
        let from = left.removeValue(forKey: entry.identity)
        changes.append(change(from == nil ? .added : .moved, place, entry, from: from))
      }
    }
    let moved = Set(changes.compactMap(\.from))
    for (place, entry) in before.sorted(by: { $0.key < $1.key })
    where after[place] == nil && !moved.contains(place) {
      changes.append(change(.removed, place, entry))
    }
    return changes
  }

  private static func places(_ entries: [Entry]) -> [Place: Entry] {
    Dictionary(
      entries.flatMap { entry in entry.file.places.map { ($0, entry) } },
      uniquingKeysWith: { first, _ in first })
  }

  private static func change(
    _ kind: Kind, _ place: Place, _ entry: Entry, from: Place? = nil, former: Digest? = nil
  ) -> SnapshotChange {
    SnapshotChange(
      kind: kind, place: place, from: from, title: entry.title, digest: entry.digest,
      former: former, bytes: entry.file.bytes)
  }
}
