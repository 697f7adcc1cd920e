package import CatalogueModel
package import Core
package import Engine
package import Planning
import Resolution

/// A plan for programs: the format is described in `Docs/Formats.md`. Every key is always there,
/// in the same order; what there is none of is `null`.
package enum PlanJSON {
  /// One line of UTF-8.
  package static func encode(_ plan: Plan) -> [UInt8] { node(plan).line }

  /// - Parameter estimatedSeconds: how long fetching should take, where that was measured.
  /// - Parameter manifests: what a rollback does to the manifests themselves.
  /// - Parameter catalogue: what asking the site came to; `nil` where it was not asked.
  package static func node(
    _ plan: Plan, estimatedSeconds: Double? = nil, manifests: [ManifestReturn] = [],
    catalogue: CatalogueUse? = nil
  ) -> JSONNode {
    .object([
      ("version", .int(1)),
      ("hasChanges", .bool(plan.hasChanges)),
      ("actions", .array(plan.actions.map(action))),
      ("companions", .array(plan.companions.map(companion))),
      ("blocked", .array(plan.blocked.map(blocked))),
      ("replaced", .array(plan.replaced.map(replaced))),
      ("marks", .array(plan.marks.map(mark))),
      ("notes", .array(plan.notes.map(note))),
      ("unanswered", .array(plan.unanswered.map(unanswered))),
      ("manifests", .array(manifests.map(ManifestsView.node))),
      ("catalogue", .optional(catalogue, node)),
      ("summary", summary(plan, estimatedSeconds)),
    ])
  }

  private static func node(_ use: CatalogueUse) -> JSONNode {
    let counts = CatalogueState.allCases.compactMap { state -> (String, JSONNode)? in
      let count = use.states.count { $0.state == state }
      return count == 0 ? nil : (state.rawValue, .int(count))
    }
    let others = use.states.filter { $0.state != .ok }.map { state in
      JSONNode.object([
        ("model", .int(state.model.rawValue)), ("state", .string(state.state.rawValue)),
        ("until", .optional(state.until) { .string($0.description) }),
      ])
    }
    return .object(
      [("calls", .int(use.calls))] + use.kept.fields + [
        ("states", .object(counts)), ("models", .array(others)),
      ])
  }

  private static func action(_ action: Action) -> JSONNode {
    .object([
      ("kind", .string(action.kind.rawValue)),
      ("place", place(action.place)),
      ("from", .optional(action.from, place)),
      ("entry", .optional(action.entry, entry)),
      ("former", .optional(action.former, entry)),
      ("source", .string(action.source.rawValue)),
      ("aside", .bool(action.movesAside)),
      ("requires", .optional(action.requires, identity)),
      ("reason", .optional(action.reason, JSONNode.string)),
    ])
  }

  package static func place(_ place: Place) -> JSONNode {
    .object([("tree", .string(place.tree.name)), ("path", .string(place.path.string))])
  }

  /// An entry with its ids, names and content.
  package static func entry(_ entry: Entry) -> JSONNode {
    .object(
      ids(entry.key) + [
        ("modelName", .string(entry.model.name)),
        ("versionName", .string(entry.version.name)),
        ("fileName", .string(entry.file.name)),
        ("modelType", .string(entry.model.type)),
        ("baseModel", .string(entry.version.baseModel)),
        ("creator", .optional(entry.model.creator, JSONNode.string)),
        ("sha256", .string(entry.digest.hex)),
        ("bytes", .int(entry.file.bytes.bytes)),
        ("collections", .array(entry.file.collections.map(JSONNode.string))),
        ("state", .string(entry.file.state.rawValue)),
        ("origin", .string(entry.file.origin.rawValue)),
        ("protected", .bool(entry.file.isProtected)),
      ])
  }

  private static func ids(_ key: FileKey) -> [(String, JSONNode)] {
    [
      ("model", .int(key.model.rawValue)), ("version", .int(key.version.rawValue)),
      ("file", .int(key.file.rawValue)),
    ]
  }

  private static func identity(_ identity: EntryIdentity) -> JSONNode {
    .object(ids(identity.key) + [("sha256", .string(identity.digest.hex))])
  }

  package static func blocked(_ entry: BlockedEntry) -> JSONNode {
    var until: Timestamp?
    var location: Place?
    switch entry.reason {
    case .gated(let end): until = end
    case .fileInTheWay(let place), .pathUnsafe(let place, _), .folderUnusable(let place, _, _):
      location = place
    default: break
    }
    return .object([
      ("model", .optional(entry.model) { .int($0.rawValue) }),
      ("version", .optional(entry.version) { .int($0.rawValue) }),
      ("file", .optional(entry.file) { .int($0.rawValue) }),
      ("title", .string(entry.title)),
      ("code", .string(entry.reason.code)),
      ("by", .string(entry.reason.isByUs ? "us" : "upstream")),
      ("text", .string(entry.reason.text)),
      ("until", .optional(until) { .string($0.description) }),
      ("place", .optional(location, place)),
      ("collections", .array(entry.collections.map(JSONNode.string))),
    ])
  }

  private static func replaced(_ file: ReplacedFile) -> JSONNode {
    .object(
      ids(file.key) + [
        ("title", .string(file.title)), ("kept", .string(file.kept.hex)),
        ("offered", .string(file.offered.hex)),
      ])
  }

  private static func mark(_ mark: Mark) -> JSONNode {
    .object(
      ids(mark.entry.key) + [
        ("sha256", .string(mark.entry.digest.hex)),
        ("title", .string(mark.entry.title)),
        ("was", .string(mark.was.rawValue)),
        ("state", .string(mark.entry.file.state.rawValue)),
      ])
  }

  private static func note(_ note: ResolutionNote) -> JSONNode {
    let (code, model) = note.coded
    return .object([
      ("code", .string(code)),
      ("model", .optional(model) { .int($0.rawValue) }),
      ("text", .string(note.text)),
    ])
  }

  private static func unanswered(_ selector: UnansweredSelector) -> JSONNode {
    .object([("selector", .string(selector.selector)), ("reason", .string(selector.reason))])
  }

  private static func summary(_ plan: Plan, _ estimatedSeconds: Double?) -> JSONNode {
    .object(
      ActionKind.allCases.map { ($0.rawValue, .int(plan.count($0))) } + [
        ("companions", .int(plan.companions.count)),
        ("keep", .int(plan.kept)),
        ("blocked", .int(plan.blocked.count)),
        ("blockedByUs", .int(plan.blocked.count { $0.reason.isByUs })),
        ("needYourWord", .int(plan.replaced.count)),
        ("fetchBytes", .int(plan.space.fetch.bytes)),
        ("inStoreBytes", .int(plan.space.inStore.bytes)),
        ("neededBytes", .int(plan.space.needed.bytes)),
        ("freeBytes", .optional(plan.space.free) { .int($0.bytes) }),
        ("fits", .bool(plan.space.fits)),
        ("estimatedSeconds", .optional(estimatedSeconds, JSONNode.number)),
      ]
        + (plan.space.reserve > .zero
          ? [("reserveBytes", .int(plan.space.reserve.bytes))] : []))
  }
}

/// What asking the site for a plan came to.
package struct CatalogueUse: Sendable {
  package var calls: Int
  package var kept: KeptCount
  package var states: [ModelState]

  package init(calls: Int, kept: KeptCount = KeptCount(), states: [ModelState]) {
    self.calls = calls
    self.kept = kept
    self.states = states
  }
}
