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
    let recorded = Dictionary(grouping: former, by: \.model.id)
    let blocked = Dictionary(grouping: plan.blocked, by: \.model)
    let replaced = Set(plan.replaced.map(\.key.model))
    let created = Set(
      plan.actions.lazy.filter { $0.kind == .create || $0.kind == .replace }
        .compactMap { $0.entry?.model.id })
    var answers = everyModel()
    // A list's silence says nothing.
    for entry in former where !entry.isObject && answers[entry.model.id] == nil {
      answers[entry.model.id] = .unavailable(reason: "no list shows it")
    }
    return answers.sorted { $0.key < $1.key }.map { id, answer in
      let model: Model
      switch answer {
      case .gone: return ModelState(model: id, state: .gone)
      case .unavailable: return ModelState(model: id, state: .unknown)
      case .region: return ModelState(model: id, state: .region)
      case .found(let found, _): model = found
      }
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
      guard let before = recorded[id]?.first else {
        return ModelState(model: id, state: created.contains(id) ? .new : .ok)
      }
      if before.model.name != model.name { return ModelState(model: id, state: .renamed) }
      return ModelState(model: id, state: created.contains(id) ? .new : .ok)
    }
  }

  /// What was asked for by id, and what listings showed, each once.
  private func everyModel() -> [ModelID: ModelAnswer] {
    var all = models
    for listing in Array(users.values) + [favorites].compactMap(\.self) {
      switch listing {
      case .complete(let models, let fromFallback), .partial(let models, _, let fromFallback):
        for model in models where all[model.id] == nil {
          all[model.id] = .found(model, fromFallback: fromFallback)
        }
      case .notFound, .refused, .unavailable: break
      }
    }
    return all
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
    case .fileInTheWay, .pathUnsafe, .policy, .budget, .space, .offline, .objectMissing,
      .addressRefused, .scanFailed, .scanPending, .noDigest, .noMatchingFile:
      nil
    }
  }
}
