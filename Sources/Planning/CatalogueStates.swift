package import CatalogueModel
package import Core
import Resolution

/// How a model stands at the site, in the words that programs get.
package enum CatalogueState: String, CaseIterable, Sendable {
  case ok
  /// It, or a version of it, is not here yet.
  case new
  /// The creator put another content in the place of a file.
  case changed
  case renamed
  /// A grant is needed until a date, or without a known end.
  case gated
  case login
  case downloadsDisabled = "downloads-disabled"
  case archived
  case takenDown = "taken-down"
  /// 404 on the model itself from every endpoint, twice.
  case gone
  /// The site could not tell. Unknown never becomes gone.
  case unknown
  case region
  case quota
}

/// The state of one model.
package struct ModelState: Sendable, Equatable {
  package var model: ModelID
  package var state: CatalogueState
  /// When a gate ends, where that is known.
  package var until: Timestamp?

  package init(model: ModelID, state: CatalogueState, until: Timestamp? = nil) {
    self.model = model
    self.state = state
    self.until = until
  }
}

extension CatalogueAnswers {
  /// The state of every model that was asked for or is placed, by its id: what the site says of the model itself
  /// before what is the matter with its files, and that before what is new.
  package func states(former: [Entry], plan: Plan) -> [ModelState] {
    var judge = StateJudge(former: former, plan: plan)
    for (id, answer) in models { judge.take(id, answer) }
    for listing in Array(users.values) + [favorites].compactMap(\.self) {
      switch listing {
      case .complete(let models, _), .partial(let models, _, _):
        for model in models { judge.take(model.id, model) }
      case .notFound, .refused, .unavailable: break
      }
    }
    // A list's silence says nothing.
    for entry in former where !entry.isObject { judge.take(entry.model.id, as: .unknown) }
    return judge.states.values.sorted { $0.model < $1.model }
  }
}

/// Says of one model after the other how it stands; the first word on each counts.
private struct StateJudge {
  private(set) var states: [ModelID: ModelState] = [:]
  /// What the records call the models.
  private let names: [ModelID: String]
  private let blocked: [ModelID?: [BlockedEntry]]
  private let replaced: Set<ModelID>
  private let created: Set<ModelID>

  init(former: [Entry], plan: Plan) {
    names = Dictionary(
      former.lazy.map { ($0.model.id, $0.model.name) }, uniquingKeysWith: { first, _ in first })
    blocked = Dictionary(grouping: plan.blocked, by: \.model)
    replaced = Set(plan.replaced.map(\.key.model))
    created = Set(
      plan.actions.lazy.filter { $0.kind == .create || $0.kind == .replace }
        .compactMap { $0.entry?.model.id })
  }

  mutating func take(_ id: ModelID, _ answer: ModelAnswer) {
    switch answer {
    case .gone: take(id, as: .gone)
    case .unavailable: take(id, as: .unknown)
    case .region: take(id, as: .region)
    case .found(let model, _): take(id, model)
    }
  }

  mutating func take(_ id: ModelID, _ model: Model) {
    guard states[id] == nil else { return }
    states[id] = state(of: model, id)
  }

  mutating func take(_ id: ModelID, as state: CatalogueState) {
    guard states[id] == nil else { return }
    states[id] = ModelState(model: id, state: state)
  }

  private func state(of model: Model, _ id: ModelID) -> ModelState {
    switch model.mode {
    case .archived: return ModelState(model: id, state: .archived)
    case .takenDown: return ModelState(model: id, state: .takenDown)
    case .normal: break
    }
    if replaced.contains(id) { return ModelState(model: id, state: .changed) }
    let own = blocked[.some(id)] ?? []
    if let state = own.lazy.compactMap({ $0.reason.state }).first {
      return ModelState(model: id, state: state.0, until: state.1)
    }
    if let name = names[id], name != model.name { return ModelState(model: id, state: .renamed) }
    return ModelState(model: id, state: created.contains(id) ? .new : .ok)
  }
}

extension BlockedReason {
  /// What it says of the model at the site; `nil` where the reason is one of this machine.
  fileprivate var state: (CatalogueState, Timestamp?)? {
    switch self {
    case .gated(let until): (.gated, until)
    case .noGrant: (.gated, nil)
    case .loginRequired, .tokenRefused: (.login, nil)
    case .downloadsDisabled: (.downloadsDisabled, nil)
    case .archived: (.archived, nil)
    case .takenDown: (.takenDown, nil)
    case .gone: (.gone, nil)
    case .region: (.region, nil)
    case .quota: (.quota, nil)
    case .fileInTheWay, .pathUnsafe, .folderUnusable, .policy, .budget, .space, .offline,
      .objectMissing, .addressRefused, .scanFailed, .scanPending, .noDigest, .noMatchingFile:
      nil
    }
  }
}
