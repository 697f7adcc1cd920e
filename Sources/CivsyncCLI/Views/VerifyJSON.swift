import Core
package import Engine

extension VerifyView {
  package static func json(_ report: VerifyReport) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("exit", .int(Int64(report.exit.rawValue))),
      ("store", .string(report.store.string)),
      ("objects", .int(report.objects)),
      ("bytes", .int(report.bytes.bytes)),
      ("read", .int(report.read)),
      ("readBytes", .int(report.readBytes.bytes)),
      ("sound", .int(report.sound)),
      ("damaged", .array(report.damaged.map(node))),
      ("remarks", .array(report.remarks.map(node))),
      ("strays", .array(report.strays.map(node))),
      ("setAside", .int(report.setAside)),
      (
        "sample",
        .optional(report.sample) { sample in
          // Beyond 2^53 most programs read a number as another one.
          .object([("share", .number(sample.share)), ("seed", .string(String(sample.seed)))])
        }
      ),
      ("outOfTime", .bool(report.isOutOfTime)),
      ("stopped", .bool(report.isStopped)),
      (
        "leftOut",
        .array(
          report.leftOut.map { tree in
            .object([
              ("tree", .string(tree.tree.name)), ("root", .string(tree.root.string)),
              ("why", .string(tree.why)),
            ])
          })
      ),
      ("neverRead", .int(report.neverRead)),
      ("oldest", .optional(report.oldest, JSONNode.int)),
      ("seconds", .number(report.seconds)),
      ("pending", .optional(report.pending, JSONNode.string)),
    ])
  }

  static func node(_ damage: VerifyReport.Damage) -> JSONNode {
    .object([
      ("sha256", .string(damage.digest.hex)),
      ("kind", .string(damage.kind.rawValue)),
      ("bytes", .optional(damage.bytes, JSONNode.int)),
      ("expectedBytes", .optional(damage.expectedBytes, JSONNode.int)),
      ("reason", .optional(damage.reason, JSONNode.string)),
      (
        "places",
        .array(
          damage.places.map { shown in
            .object([
              ("place", PlanJSON.place(shown.place)),
              ("standing", .string(shown.standing.rawValue)),
            ])
          })
      ),
    ])
  }

  private static func node(_ remark: VerifyReport.Remark) -> JSONNode {
    .object([
      ("sha256", .string(remark.digest.hex)), ("kind", .string(remark.kind.rawValue)),
      ("mode", .optional(remark.mode) { .string(String($0, radix: 8)) }),
    ])
  }

  private static func node(_ stray: VerifyReport.Stray) -> JSONNode {
    .object([
      ("path", .string(stray.path)), ("bytes", .optional(stray.bytes, JSONNode.int)),
      ("temporary", .bool(stray.isTemporary)),
    ])
  }
}
