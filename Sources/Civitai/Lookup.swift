internal import CatalogueModel
internal import Core

/// What all endpoints together say of one thing asked for by its id.
enum Lookup<Value: Sendable>: Sendable {
  case found(Value, endpoint: Int)
  /// Every endpoint answered 404.
  case missing
  case unavailable(reason: String)
  /// The first endpoint serves nobody in this region, and no other shows it.
  case region
}

extension CatalogueSession {
  func models(_ ids: [ModelID]) async -> [(ModelID, Lookup<Model>)] {
    let details = details
    let read: Reader<ModelID, Model> = { (value, id, odd) throws(DecodingProblem) in
      let model = try modelValue(value, subject: "model \(id)", details: details, &odd)
      try expect(model.id.rawValue, id.rawValue, subject: "model \(id)")
      try requireVersions(value)
      return model
    }
    return await lookUpTwice(ids, path: { "/models/\($0)" }, read: read)
  }

  func versions(_ ids: [VersionID]) async -> [(VersionID, Lookup<VersionDetail>)] {
    let details = details
    let read: Reader<VersionID, VersionDetail> = { (value, id, odd) throws(DecodingProblem) in
      let detail = try versionDetail(value, details: details, &odd)
      try expect(detail.version.id.rawValue, id.rawValue, subject: "version \(id)")
      try requireFiles(value, subject: "model \(detail.model), version \(id)")
      return detail
    }
    return await lookUpTwice(ids, path: { "/model-versions/\($0)" }, read: read)
  }

  private typealias Reader<ID, Value> =
    @Sendable (JSONValue, ID, inout Oddities) throws(DecodingProblem) -> Value

  /// Asks for every id, and once more, after a pause, for those that no endpoint knew: gone is a
  /// strong word.
  private func lookUpTwice<ID: CatalogueIdentifier, Value: Sendable>(
    _ ids: [ID], path: @escaping @Sendable (ID) -> String, read: @escaping Reader<ID, Value>
  ) async -> [(ID, Lookup<Value>)] {
    var results = await each(ids) { id in
      (id, await lookUp(id, path: path(id), read: read))
    }
    let missing = results.indices.filter { index in
      if case .missing = results[index].1 { true } else { false }
    }
    guard !missing.isEmpty else { return results }
    // Cancelled in the pause: the second questions then say so themselves.
    try? await clock.sleep(for: policy.recheckDelay)
    let again = await each(missing.map { results[$0].0 }) { id in
      await lookUp(id, path: path(id), read: read)
    }
    for (index, lookup) in zip(missing, again) { results[index].1 = lookup }
    return results
  }

  private func lookUp<ID: CatalogueIdentifier, Value: Sendable>(
    _ id: ID, path: String, read: Reader<ID, Value>
  ) async -> Lookup<Value> {
    var reasons: [String] = []
    var isRegion = false
    for endpoint in endpoints.indices {
      let request = request(path, [], endpoint)
      switch await look(request, endpoint: endpoint) {
      case .notFound: continue
      case .region where endpoint == 0: isRegion = true
      case .unavailable(let reason), .unauthorized(let reason), .region(let reason):
        reasons.append(reason)
      case .json(let answer):
        var odd = Oddities()
        do throws(DecodingProblem) {
          let found = try read(answer.value, id, &odd)
          await took(answer, of: request, odd)
          return .found(found, endpoint: endpoint)
        } catch {
          reasons.append("`\(endpoints[endpoint])` answered what cannot be read: \(error)")
        }
      }
    }
    if isRegion { return .region }
    if reasons.isEmpty, !endpoints.isEmpty { return .missing }
    return .unavailable(reason: joined(reasons))
  }
}

private func expect(_ told: Int64, _ asked: Int64, subject: String) throws(DecodingProblem) {
  guard told == asked else {
    throw DecodingProblem(subject: subject, field: "id", message: "the answer is about \(told)")
  }
}
