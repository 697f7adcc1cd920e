import CatalogueModel
import ContentStore
import Core
package import Engine
import GitStore
import ManifestModel

extension CollectView {
  package static func json(_ report: CollectReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("exit", .int(Int64(report.exit.rawValue))),
      ("done", .bool(report.isDone)),
      ("store", .string(report.store.string)),
      (
        "keep",
        .object([
          ("last", .int(report.keep.last)), ("withinDays", .int(report.keep.withinDays)),
          ("tags", .bool(report.keep.tagged)),
        ])
      ),
      ("graceSeconds", .int(report.grace)),
      ("objects", .int(report.objects)),
      ("freed", .array(report.freed.map(node))),
      ("freedBytes", .int(report.freedBytes.bytes)),
      (
        "leftovers",
        .object([
          ("count", .int(report.leftovers.count)), ("bytes", .int(report.leftovers.bytes.bytes)),
        ])
      ),
      ("stays", .array(report.stays.map(node))),
      ("snapshots", .int(report.snapshots)),
      ("keptSnapshots", .int(report.keptSnapshots)),
      ("incomplete", .int(report.incomplete)),
      ("losing", .array(report.losing.map(node))),
      ("projects", .array(report.projects.map(node))),
      ("forgotten", .array(report.forgotten.map(node))),
      ("plans", .array(report.plans.map(JSONNode.string))),
      (
        "failures",
        .array(
          report.failures.map {
            .object([("sha256", .string($0.digest.hex)), ("message", .string($0.message))])
          })
      ),
      ("unanswered", .optional(report.unanswered, JSONNode.string)),
      ("stopped", .bool(report.isStopped)),
      ("pending", .optional(report.pending, JSONNode.string)),
    ])
  }

  private static func node(_ object: CollectReport.Object) -> JSONNode {
    .object([
      ("sha256", .string(object.digest.hex)), ("bytes", .int(object.bytes.bytes)),
      ("title", .optional(object.title, JSONNode.string)),
    ])
  }

  private static func node(_ stay: CollectReport.Stay) -> JSONNode {
    .object([
      ("reason", .string(stay.reason.rawValue)), ("count", .int(stay.count)),
      ("bytes", .optional(stay.bytes) { .int($0.bytes) }),
      ("irreplaceable", .bool(stay.reason.isIrreplaceable)),
    ])
  }

  private static func node(_ snapshot: SnapshotInfo) -> JSONNode {
    .object([
      ("id", .string(snapshot.id.hex)), ("short", .string(snapshot.id.short)),
      ("time", .string(Timestamp(milliseconds: snapshot.time.seconds * 1_000).description)),
      ("title", .string(snapshot.title)),
    ])
  }

  private static func node(_ project: CollectReport.ProjectStanding) -> JSONNode {
    .object([
      ("id", .string(project.id)), ("folder", .string(project.folder)),
      ("state", .string(project.state.rawValue)), ("objects", .int(project.objects)),
    ])
  }
}
