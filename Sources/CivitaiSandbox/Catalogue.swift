internal import Core

/// All models that the sandbox knows now: hand-made or recorded ones, generated ones behind them,
/// and what the control route changed.
struct Catalogue: Sendable {
  /// Models that are kept as values: hand-made, recorded, and generated ones that were changed.
  private var kept: [ModelID: ModelRecord] = [:]
  /// The first models of the catalogue, oldest first.
  private var first: [ModelID] = []
  private let generated: GeneratedModels
  private let generatedNumbers: Range<Int>
  private var deleted: Set<ModelID> = []
  private var owners: [VersionID: ModelID] = [:]
  /// Models that got a new version since: the order is by the latest version, so that they stand
  /// behind all others.
  private var moved: [ModelID] = []
  private var places: [ModelID: Int] = [:]

  /// - Parameter total: how many models in all; more than `models` are generated.
  init(models: [ModelRecord], total: Int, seed: UInt64, scale: Double) {
    generated = GeneratedModels(seed: seed, scale: scale)
    generatedNumbers = models.count..<max(models.count, total)
    for var model in models {
      model.adaptFiles(scale: scale, seed: seed)
      first.append(model.id)
      update(model)
    }
  }

  /// Positions run from the model whose latest version is the oldest to the one with the newest.
  /// What was deleted, or moved to another position, leaves a gap.
  var positions: Range<Int> { 0..<(generatedNumbers.upperBound + moved.count) }

  func model(_ id: ModelID) -> ModelRecord? {
    guard !deleted.contains(id) else { return nil }
    if let model = kept[id] { return model }
    return number(of: id).map(generated.model)
  }

  private func number(of id: ModelID) -> Int? {
    let (number, overflow) = id.rawValue.subtractingReportingOverflow(GeneratedModels.firstID)
    guard !overflow, generatedNumbers.contains(Int(number)) else { return nil }
    return Int(number)
  }

  func model(at position: Int) -> ModelRecord? {
    let id = id(at: position)
    if let place = places[id], place != position { return nil }
    return model(id)
  }

  private func id(at position: Int) -> ModelID {
    if position >= generatedNumbers.upperBound {
      return moved[position - generatedNumbers.upperBound]
    }
    return position < first.count
      ? first[position] : ModelID(GeneratedModels.firstID + Int64(position))
  }

  /// What a list may filter by before the model is made; `nil` where only the model itself tells.
  func traits(at position: Int) -> GeneratedModels.Traits? {
    guard position >= first.count, kept[id(at: position)] == nil else { return nil }
    return generated.traits(position)
  }

  func owner(of version: VersionID) -> ModelRecord? {
    model(owners[version] ?? ModelID(version.rawValue / 10)).flatMap { model in
      model.versions.contains { $0.id == version } ? model : nil
    }
  }

  /// The model and the version whose own file that is; linked copies do not count.
  func owner(of file: FileID) -> (model: ModelRecord, version: VersionRecord)? {
    let guess = ModelID(file.rawValue / 100)
    for candidate in [guess] + first + Array(kept.keys) {
      guard let model = model(candidate) else { continue }
      for version in model.versions
      where version.files.contains(where: { $0.id == file && $0.linkedTo == nil }) {
        return (model, version)
      }
    }
    return nil
  }

  func hasCreator(_ name: String) -> Bool {
    if !generatedNumbers.isEmpty, GeneratedModels.creators.contains(name) { return true }
    return kept.values.contains { $0.creator == name }
  }

  /// Creators with the number of their models, by name.
  var creators: [(name: String, models: Int)] {
    var counts: [String: Int] = [:]
    for position in positions {
      if let name = traits(at: position)?.creator ?? model(at: position)?.creator {
        counts[name, default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { (name: $0.key, models: $0.value) }
  }

  mutating func update(_ model: ModelRecord) {
    kept[model.id] = model
    for version in model.versions { owners[version.id] = model.id }
  }

  /// A model has a new version: it is the newest of all.
  mutating func moveToEnd(_ id: ModelID) {
    places[id] = positions.upperBound
    moved.append(id)
  }

  mutating func delete(_ id: ModelID) {
    deleted.insert(id)
    kept[id] = nil
  }
}
