package import Core

/// One change to a tree. Each can be done again after it was done, wholly or in part, with the
/// same result.
package struct SwitchStep: Hashable, Sendable {
  package enum Action: String, Hashable, Sendable, Codable {
    /// Where nothing stands. What has appeared there meanwhile is kept, and the step refused.
    case place
    /// In place of `previous`, or, with `from`, beside taking away `previous` there.
    case replace
    /// In place of what is missing, changed or linked wrongly.
    case repair
    /// From `from` to `place`; the content stays.
    case move
    /// Takes away what civsync placed.
    case remove
    /// Leaves the user's own file in place and knows it from now on as the object's.
    case adopt
    /// Moves whatever file stands there to `aside/`.
    case aside
  }

  package var action: Action
  package var place: Place
  /// What stands at `place` afterwards; `nil` for `remove` and `aside`.
  package var digest: Digest?
  /// The place that is left.
  package var from: Place?
  /// What civsync had placed before: at `from` when there is one, else at `place`.
  package var previous: Digest?
  /// The plan has said that the user changed what stands there, so its going aside is no surprise.
  package var knownModified: Bool
  /// How the object is linked, where that is not the tree's own way.
  package var link: LinkKind?
  /// Set for a companion: the file that it goes along with, in the same tree. It becomes a copy
  /// that can be written to, and what else stands at its name is left alone.
  package var beside: TreePath?
  /// Tools may write to it: it becomes a file of its own that can be written to, whatever the tree's
  /// way to link is.
  package var isEditable = false

  package init(
    _ action: Action, _ place: Place, digest: Digest? = nil, from: Place? = nil,
    previous: Digest? = nil, knownModified: Bool = false, link: LinkKind? = nil,
    beside: TreePath? = nil
  ) {
    self.beside = beside
    self.link = link
    self.action = action
    self.place = place
    self.digest = digest
    self.from = from
    self.previous = previous
    self.knownModified = knownModified
  }

  package static func place(_ place: Place, _ digest: Digest) -> SwitchStep {
    SwitchStep(.place, place, digest: digest)
  }

  package static func replace(
    _ place: Place, _ digest: Digest, previous: Digest, from: Place? = nil,
    knownModified: Bool = false
  ) -> SwitchStep {
    SwitchStep(
      .replace, place, digest: digest, from: from, previous: previous,
      knownModified: knownModified)
  }

  package static func repair(
    _ place: Place, _ digest: Digest, knownModified: Bool = false
  ) -> SwitchStep {
    SwitchStep(
      .repair, place, digest: digest, previous: digest, knownModified: knownModified)
  }

  package static func move(from: Place, to place: Place, _ digest: Digest) -> SwitchStep {
    SwitchStep(.move, place, digest: digest, from: from, previous: digest)
  }

  package static func remove(
    _ place: Place, previous: Digest, knownModified: Bool = false
  ) -> SwitchStep {
    SwitchStep(.remove, place, previous: previous, knownModified: knownModified)
  }

  package static func adopt(_ place: Place, _ digest: Digest) -> SwitchStep {
    SwitchStep(.adopt, place, digest: digest)
  }

  package static func aside(_ place: Place) -> SwitchStep {
    SwitchStep(.aside, place, knownModified: true)
  }
}

extension SwitchStep: Codable {
  private struct Record: Codable {
    var action: Action
    var tree: String
    var path: String
    var digest: String?
    var fromTree: String?
    var fromPath: String?
    var previous: String?
    var knownModified: Bool?
    var link: LinkKind?
    /// Absent in journals of before there were companions, and for all that is none.
    var beside: String?
    /// Only where it is so.
    var editable: Bool?
  }

  package init(from decoder: any Decoder) throws {
    let record = try Record(from: decoder)
    func wrong(_ what: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "bad \(what)"))
    }
    func place(_ tree: String, _ path: String) throws -> Place {
      guard let path = TreePath(path) else { throw wrong("path") }
      return Place(tree: TreeName(tree), path: path)
    }
    func digest(_ hex: String?) throws -> Digest? {
      guard let hex else { return nil }
      guard let digest = Digest(hex: hex) else { throw wrong("digest") }
      return digest
    }
    var from: Place?
    if let path = record.fromPath { from = try place(record.fromTree ?? record.tree, path) }
    let beside = try record.beside.map { try place(record.tree, $0).path }
    self.init(
      record.action, try place(record.tree, record.path), digest: try digest(record.digest),
      from: from, previous: try digest(record.previous),
      knownModified: record.knownModified ?? false, link: record.link,
      beside: beside)
    isEditable = record.editable ?? false
  }

  package func encode(to encoder: any Encoder) throws {
    try Record(
      action: action, tree: place.tree.name, path: place.path.string, digest: digest?.hex,
      fromTree: from?.tree.name, fromPath: from?.path.string, previous: previous?.hex,
      knownModified: knownModified ? true : nil, link: link,
      beside: beside?.string, editable: isEditable ? true : nil
    ).encode(to: encoder)
  }
}
