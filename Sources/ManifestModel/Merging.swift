internal import Core
internal import Diagnostics
internal import YAMLSource

/// Lays documents one over another: maps are merged key by key, everything else is replaced by what
/// lies above. Every value keeps its own place.
///
/// In the overlay alone, an empty value takes away what lies beneath: a key, or a whole collection.
struct Merger {
  /// Where in the document a map stands, as far as that matters.
  private enum Level {
    case document, collections, collection, defaults, other

    func below(_ key: String) -> Level {
      switch (self, key) {
      case (.document, "collections"): .collections
      case (.document, "defaults"): .defaults
      case (.collections, _): .collection
      default: .other
      }
    }

    /// `versions: { newest: 3 }` is one rule: two of them have no sum.
    func isOneValue(_ key: String) -> Bool {
      switch self {
      case .collection, .defaults: key == "versions"
      default: false
      }
    }
  }

  /// A map and the layer it comes from.
  private struct Part {
    var pairs: [YAMLPair]
    var span: Span
    var role: ManifestRole
  }

  private struct Entry {
    var pair: YAMLPair
    var role: ManifestRole
  }

  let decoder: Decoder

  /// - Parameter layers: the lowest first.
  /// - Returns: one document, without the keys that each file has for itself.
  func merge(_ layers: [Layer]) -> YAMLNode? {
    let parts = layers.compactMap { layer -> Part? in
      guard case .mapping(let pairs) = layer.root.content else { return nil }
      return Part(
        pairs: pairs.filter { !["version", "include"].contains($0.name) }, span: layer.root.span,
        role: layer.role)
    }
    return parts.isEmpty ? nil : merge(parts, .document)
  }

  private func merge(_ parts: [Part], _ level: Level) -> YAMLNode {
    var order: [String] = []
    var entries: [String: [Entry]] = [:]
    for part in parts {
      for pair in part.pairs {
        if entries[pair.name] == nil { order.append(pair.name) }
        entries[pair.name, default: []].append(Entry(pair: pair, role: part.role))
      }
    }
    let pairs = order.compactMap { name in join(entries[name] ?? [], level) }
    return YAMLNode(content: .mapping(pairs), span: parts[0].span)
  }

  /// All that the layers say under one key, the lowest first.
  private func join(_ entries: [Entry], _ level: Level) -> YAMLPair? {
    var entries = entries
    if level == .collections { entries = ownersOnly(entries) }
    var stack: [Entry] = []
    var wasTaken = false
    for entry in entries {
      let name = entry.pair.name
      if entry.role == .overlay, entry.pair.value.isNull {
        // What is not there can be taken away all the same, when it is a key that could be.
        if !stack.isEmpty || level == .collection && Decoder.collectionKeys.contains(name) {
          stack = []
          wasTaken = true
          continue
        }
      }
      let isMap = if case .mapping = entry.pair.value.content { true } else { false }
      let isOnMap =
        if let last = stack.last, case .mapping = last.pair.value.content { true } else { false }
      if !(isMap && isOnMap) || level.isOneValue(name) { stack = [] }
      stack.append(entry)
      wasTaken = false
    }
    guard let lowest = stack.first, !wasTaken else { return nil }
    if stack.count == 1 { return lowest.pair }
    let parts = stack.compactMap { entry -> Part? in
      guard case .mapping(let pairs) = entry.pair.value.content else { return nil }
      return Part(pairs: pairs, span: entry.pair.value.span, role: entry.role)
    }
    let name = lowest.pair.name
    return YAMLPair(
      name: name, keySpan: lowest.pair.keySpan, value: merge(parts, level.below(name)))
  }

  /// A collection belongs to one file, and only the overlay may change it.
  private func ownersOnly(_ entries: [Entry]) -> [Entry] {
    let owners = entries.filter { $0.role != .overlay }
    guard let first = owners.first else { return entries }
    for other in owners.dropFirst() {
      decoder.report(
        .collectionTwice, "the collection \(quoted(other.pair.name)) is in two files",
        at: other.pair.keySpan,
        secondary: [Diagnostic.Label(span: first.pair.keySpan, text: "the other one")],
        help: "give each its own name; what differs on one machine goes into "
          + "`\(LayerReader.overlayName)`")
    }
    return [first] + entries.filter { $0.role == .overlay }
  }
}
