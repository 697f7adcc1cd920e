package import CatalogueModel
import Civitai
package import Core
import History
import SystemIO
import Transfer

/// A placed model that is not what the site has now.
package struct OutdatedModel: Sendable {
  package enum Change: Sendable {
    case newer(NewerVersion)
    /// The creator put another content in the place of a file.
    case replaced(FileID)
    case gone
    case archived
    case takenDown
  }

  package var model: ModelID
  package var name: String
  /// The newest version that is here.
  package var version: VersionID
  package var versionName: String
  package var baseModel: String
  package var places: [Place]
  package var change: Change
}

/// How what is placed stands to what the site has.
package struct OutdatedReport: Sendable {
  package var models: [OutdatedModel] = []
  /// Models of which the newest version is here.
  package var current = 0
  /// Models that the site could not tell about, and why.
  package var unanswered: [(model: ModelID, reason: String)] = []
  package var calls = 0
  /// What was known from earlier runs and was not asked again.
  package var kept = KeptCount()
}

extension Engine {
  /// What has a newer version upstream, or is otherwise not as it is here. Nothing is changed, and
  /// the manifest does not matter: it is asked about what is placed.
  /// - Parameter asksAnew: answers of earlier runs are not used.
  package func outdated(asksAnew: Bool = false) async throws -> OutdatedReport {
    let head = try await disk.run { () throws(EngineError) in try self.headSnapshot() }
    let entries = (head?.entries ?? []).filter { !$0.isObject }
    let groups = Dictionary(grouping: entries, by: \.model.id)
    var report = OutdatedReport()
    guard !groups.isEmpty else { return report }
    let (endpoints, transfer) = try askedEndpoints()
    observer.handle(.askingCatalogue)
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let cache = try await answerCache(asksAnew: asksAnew)
    let answers = await context.catalogue(endpoints, http, transfer, cache)
      .answer(CatalogueQuery(models: Set(groups.keys))) { self.observer.handle($0) }
    if Task.isCancelled { throw EngineError.interrupted }
    report.calls = answers.calls
    report.kept = answers.kept
    for (id, own) in groups.sorted(by: { $0.key < $1.key }) {
      switch answers.models[id] {
      case .found(let model, _): report.judge(own, model)
      case .gone: report.add(own, .gone)
      case .unavailable(let reason): report.unanswered.append((id, reason))
      case .region: report.unanswered.append((id, "the site does not serve this region"))
      case nil: report.unanswered.append((id, "it was not asked about"))
      }
    }
    return report
  }
}

extension OutdatedReport {
  fileprivate mutating func judge(_ own: [Entry], _ model: Model) {
    switch model.mode {
    case .archived: return add(own, .archived)
    case .takenDown: return add(own, .takenDown)
    case .normal: break
    }
    guard let newest = own.max(by: { $0.version.age < $1.version.age }) else { return }
    let known = model.versions.contains { $0.id == newest.version.id }
    if let newer = known ? model.newer(than: newest.version.id) : nil {
      return add(own, .newer(newer))
    }
    for entry in own where entry.version.id == newest.version.id {
      let offered = model.versions.first { $0.id == entry.version.id }?.files
        .first { $0.id == entry.file.id }?.digest
      if let offered, offered != entry.digest { return add(own, .replaced(entry.file.id)) }
    }
    current += 1
  }

  fileprivate mutating func add(_ own: [Entry], _ change: OutdatedModel.Change) {
    guard let newest = own.max(by: { $0.version.age < $1.version.age }) else { return }
    models.append(
      OutdatedModel(
        model: newest.model.id, name: newest.model.name, version: newest.version.id,
        versionName: newest.version.name, baseModel: newest.version.baseModel,
        places: own.filter { $0.version.id == newest.version.id }.flatMap(\.file.places),
        change: change))
  }
}
