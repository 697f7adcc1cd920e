import CatalogueModel
import Core
import Diagnostics
package import Engine
import GitStore
import Resolution

extension WhyView {
  package static func json(_ report: WhyReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("entries", .array(report.entries.map(node))),
      ("notPlaced", .array(report.kept.map(node))),
      ("removed", .array(report.removed.map(node))),
      ("manifestProblem", .optional(report.manifestProblem, JSONNode.string)),
      ("pending", .optional(report.pending, JSONNode.string)),
    ])
  }

  private static func node(_ known: WhyReport.KnownEntry) -> JSONNode {
    let file = known.entry.file
    return .object([
      ("entry", PlanJSON.entry(known.entry)),
      ("placed", .bool(known.isPlaced)),
      ("selectedBy", .array(known.selectedBy.map(node))),
      ("places", .array(known.standing.map(node))),
      ("stored", .bool(known.isStored)),
      ("page", .optional(known.page, JSONNode.string)),
      ("download", .optional(known.download, JSONNode.string)),
      ("protected", .bool(file.isProtected)),
      (
        "companions",
        .array(
          file.companions.map {
            .object([
              ("kind", .string($0.kind.rawValue)), ("number", .int($0.number)),
              ("sha256", .string($0.digest.hex)), ("bytes", .int($0.bytes.bytes)),
            ])
          })
      ),
    ])
  }

  private static func node(_ line: SelectedBy) -> JSONNode {
    let start = line.span.start
    return .object([
      ("collection", .string(line.collection)),
      ("key", .optional(line.key, JSONNode.string)),
      ("manifest", .string(line.span.file.name)),
      ("line", .int(start.line)),
      ("column", .int(start.column)),
      ("file", .string(line.file)),
    ])
  }

  private static func node(_ standing: WhyReport.Standing) -> JSONNode {
    let (code, text): (String, String?) =
      switch standing.origin {
      case .place(let text): ("place", text)
      case .layout(let name): ("layout", name)
      case .suffixed(let plain): ("suffixed", plain)
      case .kept(let today): ("kept", today)
      case .unknown: ("unknown", nil)
      }
    return .object([
      ("place", PlanJSON.place(standing.place)),
      ("onDisk", .optional(standing.path) { .string($0.string) }),
      ("path", .string(code)),
      ("pathText", .optional(text, JSONNode.string)),
      ("since", .optional(standing.since, node)),
    ])
  }

  private static func node(_ info: SnapshotInfo) -> JSONNode {
    .object([
      ("id", .string(info.id.hex)),
      ("time", .string(Timestamp(milliseconds: info.time.seconds * 1_000).description)),
      ("title", .string(info.title)),
    ])
  }

  private static func node(_ item: WhyReport.KeptOut) -> JSONNode {
    .object([
      ("title", .string(item.title)),
      ("selectedBy", .array(item.selectedBy.map(node))),
      ("collections", .array(item.collections.map(JSONNode.string))),
      ("code", .optional(item.code, JSONNode.string)),
      ("text", .string(item.text)),
    ])
  }

  private static func node(_ item: WhyReport.RemovedFile) -> JSONNode {
    .object([
      ("entry", PlanJSON.entry(item.entry)),
      ("places", .array(item.entry.file.places.map(PlanJSON.place))),
      ("by", node(item.by)),
      ("last", .string(item.last.hex)),
      ("stored", .bool(item.isStored)),
    ])
  }
}
