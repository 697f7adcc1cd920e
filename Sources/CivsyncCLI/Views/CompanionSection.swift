import CatalogueModel
import Core
import Planning

/// How many sidecars and previews there are, in words.
struct CompanionCount {
  private let sidecars: Int
  private let previews: Int

  init(_ actions: [CompanionAction]) {
    previews = actions.count { $0.slot.kind == .preview }
    sidecars = actions.count - previews
  }

  /// `12 sidecars and 4 previews`
  var text: String {
    [
      sidecars > 0 ? Measures.count(sidecars, "sidecar") : nil,
      previews > 0 ? Measures.count(previews, "preview") : nil,
    ].compactMap { $0 }.joined(separator: " and ")
  }

  /// `4 sidecars and 2 previews made`, for each kind of work that was done.
  static func done(_ actions: [CompanionAction]) -> [String] {
    let words: [(CompanionAction.Kind, String)] = [
      (.create, "made"), (.move, "moved along"), (.repair, "put back"), (.replace, "replaced"),
      (.remove, "removed"),
    ]
    return words.compactMap { kind, word in
      let some = actions.filter { $0.kind == kind }
      return some.isEmpty ? nil : "\(CompanionCount(some).text) \(word)"
    }
  }
}

extension PlanView {
  /// One line for each kind of work. What the user has changed and goes aside is named.
  static func companions(_ plan: Plan, _ page: inout Page) {
    guard !plan.companions.isEmpty else { return }
    page.heading("Beside the files")
    let kinds: [(CompanionAction.Kind, String, TextMeaning, (String) -> String)] = [
      (.create, "+", .added, { "with \($0)" }),
      (.move, ">", .changed, { "\($0) along with the files" }),
      (.repair, "!", .changed, { "\($0) put back" }),
      (.replace, "~", .changed, { "\($0) for a newer file" }),
      (.remove, "-", .removed, { "\($0) removed" }),
    ]
    for (kind, symbol, meaning, words) in kinds {
      let actions = plan.companions.filter { $0.kind == kind }
      guard !actions.isEmpty else { continue }
      page.item(symbol, words(CompanionCount(actions).text), meaning: meaning)
    }
    for action in plan.companions where action.movesAside {
      page.pathItem(">", "\(action.place): changed by you, goes aside", meaning: .attention)
    }
  }
}

extension PlanJSON {
  static func companion(_ action: CompanionAction) -> JSONNode {
    let identity = action.slot.entry
    var source = "none"
    var url: SafeURL?
    switch action.source {
    case .generated: source = "generated"
    case .network(let address): (source, url) = ("network", address)
    case .store: source = "store"
    case .none: break
    }
    return .object([
      ("action", .string(action.kind.rawValue)),
      ("kind", .string(action.slot.kind.rawValue)),
      ("number", .int(Int64(action.slot.number))),
      ("model", .int(identity.key.model.rawValue)),
      ("version", .int(identity.key.version.rawValue)),
      ("file", .int(identity.key.file.rawValue)),
      ("place", place(action.place)),
      ("from", .optional(action.from, place)),
      ("beside", place(action.beside)),
      ("source", .string(source)),
      ("url", .optional(url) { .string($0.description) }),
      ("sha256", .optional(action.digest) { .string($0.hex) }),
      ("aside", .bool(action.movesAside)),
    ])
  }
}
