internal import Core
internal import Diagnostics

/// What only shows when a collection is seen whole.
extension Decoder {
  func warnExcluded(models: [Located<ModelID>], _ spec: CollectionSpec) {
    for excluded in models {
      if let selector = spec.models.first(where: { $0.id == excluded.value }) {
        excludedSelected("model \(excluded.value)", excluded.span, selector.span)
      }
    }
  }

  func warnExcluded(versions: [Located<VersionID>], _ spec: CollectionSpec) {
    for excluded in versions {
      let place =
        spec.versionIDs.first { $0.value == excluded.value }?.span
        ?? spec.models.first { $0.version == excluded.value }?.span
      if let place { excludedSelected("version \(excluded.value)", excluded.span, place) }
    }
  }

  func warnExcluded(users: [Located<String>], _ spec: CollectionSpec) {
    for excluded in users {
      let name = excluded.value.lowercased()
      if let user = spec.users.first(where: { $0.value.lowercased() == name }) {
        excludedSelected("creator \(quoted(excluded.value))", excluded.span, user.span)
      }
    }
  }

  /// Of words that are let pass: only equal ones are held together, not what patterns may share.
  func warnExcluded(
    _ words: [Located<Pattern>], _ what: String, from allowed: [Located<Pattern>]
  ) {
    for excluded in words {
      let word = excluded.value.text.lowercased()
      if let other = allowed.first(where: { $0.value.text.lowercased() == word }) {
        excludedSelected("\(what) \(quoted(excluded.value.text))", excluded.span, other.span)
      }
    }
  }

  private func excludedSelected(_ what: String, _ span: Span, _ selected: Span) {
    report(
      .excludedSelected, "\(what) is selected and excluded at once", at: span,
      secondary: [Diagnostic.Label(span: selected, text: "selected here")],
      help: "it is left out; remove one of the two", severity: .warning)
  }

  /// Warns of what one collection names twice.
  func warnTwice(_ spec: CollectionSpec) {
    warnTwice(spec.users.map { ($0.value.lowercased(), "creator \(quoted($0.value))", $0.span) })
    warnTwice(
      spec.models.map { ModelReference($0) }.enumerated().map { index, reference in
        (reference, "model \(reference.model)", spec.models[index].span)
      })
    warnTwice(spec.versionIDs.map { ($0.value, "version \($0.value)", $0.span) })
    warnTwice(
      spec.objects.map { object in
        (
          // With another address each, they are mirrors of one another.
          ObjectKey(
            digest: object.digest, place: object.place.string.lowercased(), url: object.url),
          "the object at \(quoted(object.place.string))", object.span
        )
      })
  }

  private func warnTwice<Key: Hashable>(_ things: [(key: Key, what: String, span: Span)]) {
    var first: [Key: Span] = [:]
    for thing in things {
      guard let place = first[thing.key] else {
        first[thing.key] = thing.span
        continue
      }
      report(
        .listedTwice, "\(thing.what) is listed twice", at: thing.span,
        secondary: [Diagnostic.Label(span: place, text: "first here")],
        help: "remove one of them", severity: .warning)
    }
  }

  /// Equal explicit places of what cannot be one file.
  func checkPlaces(_ collections: [CollectionSpec]) {
    var first: [String: Claim] = [:]
    for spec in collections {
      for claim in claims(spec) { check(claim, spec.trees, &first) }
    }
  }

  private func check(_ claim: Claim, _ trees: [TreeName], _ first: inout [String: Claim]) {
    for tree in trees {
      // The same name to file systems that compare without case; `String` compares without regard
      // to how accents are composed.
      let key = "\(tree.name)\0\(claim.place.lowercased())"
      guard let other = first[key] else {
        first[key] = claim
        continue
      }
      if claim.mayBe(other) { continue }
      report(
        .samePlace, "two different files have the place \(quoted(claim.place))", at: claim.span,
        secondary: [Diagnostic.Label(span: other.span, text: "the other one")],
        help: "give each its own `place`, or use a placeholder such as `{file}`")
      return
    }
  }

  private func claims(_ spec: CollectionSpec) -> [Claim] {
    var claims = spec.objects.map {
      Claim(place: $0.place.string, digest: $0.digest, span: $0.span)
    }
    claims += spec.models.compactMap { selector -> Claim? in
      guard let place = selector.place, !place.hasPlaceholders else { return nil }
      return Claim(
        place: place.text, model: selector.id, version: selector.version, file: selector.file,
        span: selector.span)
    }
    guard let place = spec.place, !place.hasPlaceholders else { return claims }
    claims += spec.versionIDs.map {
      Claim(place: place.text, version: $0.value, span: $0.span)
    }
    claims += spec.users.map {
      Claim(place: place.text, user: $0.value.lowercased(), span: $0.span)
    }
    return claims
  }
}

private struct ObjectKey: Hashable {
  var digest: Digest
  var place: String
  var url: SafeURL?
}

/// Someone who asks for a path.
private struct Claim {
  var place: String
  var digest: Digest?
  var user: String?
  var model: ModelID?
  var version: VersionID?
  var file: FileID?
  var span: Span

  /// Whether both may mean one file, for all that the manifest says.
  func mayBe(_ other: Claim) -> Bool {
    func agree<T: Equatable>(_ left: T?, _ right: T?) -> Bool {
      left == nil || right == nil || left == right
    }
    return agree(digest, other.digest) && agree(user, other.user) && agree(model, other.model)
      && agree(version, other.version)
      && agree(file, other.file)
  }
}
