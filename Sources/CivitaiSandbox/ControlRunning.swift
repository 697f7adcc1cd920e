internal import Core

/// Carrying commands out.
extension World {
  func perform(_ command: ControlCommand) throws(ControlError) -> ControlAnswer {
    // Through a result, because a rethrowing lock forgets the error's type.
    let result: Result<ControlAnswer, ControlError> = change { state in
      do throws(ControlError) {
        return .success(try state.perform(command))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

extension World.State {
  mutating func perform(_ command: ControlCommand) throws(ControlError) -> ControlAnswer {
    switch command {
    case .rename(let id, let name): try edit(id) { $0.rename(name) }
    case .replace(let file): return try replace(file)
    case .deleteModel(let id):
      _ = try model(id)
      catalogue.delete(id)
    case .deleteVersion(let id): try edit(try owner(id)) { $0.removeVersion(id) }
    case .publish(let id, let version, let baseModel):
      return try publish(id, version: version, baseModel: baseModel)
    case .archive(let id): try edit(id) { $0.mode = .archived }
    case .takeDown(let id): try edit(id) { $0.mode = .takenDown }
    case .hide(let id): try edit(id) { $0.isHidden = true }
    case .restore(let id):
      try edit(id) {
        $0.mode = nil
        $0.isHidden = false
      }
    case .gate(let id, let endsAt, let permanent):
      try edit(version: id) { $0.gate = .paid(permanent: permanent, endsAt: endsAt) }
    case .open(let id):
      try edit(version: id) {
        $0.gate = nil
        $0.access = .open
      }
    case .requireLogin(let id): try edit(version: id) { $0.access = .loginRequired }
    case .disableDownloads(let id): try edit(version: id) { $0.access = .downloadsDisabled }
    case .retag(let id, let tags): try edit(id) { $0.retag(tags) }
    case .images(let id, let images): try edit(version: id) { $0.images = Array(images.prefix(9)) }
    case .favorites(let models): favorites = models.map { Set($0) }
    case .fault(let fault): faults.add(fault)
    case .clear:
      faults.clear()
      quota = nil
    case .throttle(let rate): throttle = rate
    case .quota(let left): quota = left
    case .resetCounts: counts = RequestCounts()
    }
    return ControlAnswer()
  }

  private func model(_ id: ModelID) throws(ControlError) -> ModelRecord {
    guard let model = catalogue.model(id) else { throw .unknownModel(id) }
    return model
  }

  private func owner(_ id: VersionID) throws(ControlError) -> ModelID {
    guard let model = catalogue.owner(of: id) else { throw .unknownVersion(id) }
    return model.id
  }

  private mutating func edit(
    _ id: ModelID, _ body: (inout ModelRecord) -> Void
  ) throws(ControlError) {
    var model = try model(id)
    body(&model)
    catalogue.update(model)
  }

  private mutating func edit(
    version id: VersionID, _ body: (inout VersionRecord) -> Void
  ) throws(ControlError) {
    try edit(try owner(id)) { model in
      for index in model.versions.indices where model.versions[index].id == id {
        body(&model.versions[index])
      }
    }
  }

  private mutating func replace(_ id: FileID) throws(ControlError) -> ControlAnswer {
    guard let place = catalogue.owner(of: id) else { throw .unknownFile(id) }
    replacements += 1
    let moment = SandboxDate.day(replacements)
    try edit(version: place.version.id) { version in
      for index in version.files.indices where version.files[index].id == id {
        version.files[index].replaceContent(at: moment)
      }
    }
    return ControlAnswer(file: id)
  }

  private mutating func publish(
    _ id: ModelID, version name: String, baseModel: String?
  ) throws(ControlError) -> ControlAnswer {
    let model = try model(id)
    published += 1
    let newest = model.versions.max { ($0.publishedAt ?? "") < ($1.publishedAt ?? "") }
    // Far above every made or recorded id, and `owner(of:)` finds it by the table.
    let versionID = VersionID(90_000_000 + published)
    let moment = SandboxDate.day(published)
    let version = VersionRecord.published(
      id: versionID, name: name, baseModel: baseModel ?? newest?.baseModel ?? "Other",
      moment: moment, model: model)
    try edit(id) { $0.insertNewest(version) }
    catalogue.moveToEnd(id)
    return ControlAnswer(version: versionID, file: version.files.first?.id)
  }
}
