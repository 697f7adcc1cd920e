internal import Core

/// A path below a tree's root, in which names between braces stand for facts of the file.
package struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
  package enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case type, folder, baseModel, creator, model, modelId, version, versionId, fileId, file, stem
    case ext, precision, collection
  }

  package enum Piece: Hashable, Sendable {
    case literal(String)
    case placeholder(Placeholder)
  }

  /// As the user wrote it; a `/` at its end means `/{file}`.
  package let text: String
  package let pieces: [Piece]

  package var hasPlaceholders: Bool {
    pieces.contains { if case .placeholder = $0 { true } else { false } }
  }

  /// Whether files of one model and version get names of their own.
  package var namesFile: Bool {
    pieces.contains {
      switch $0 {
      case .placeholder(.file), .placeholder(.stem), .placeholder(.fileId): true
      default: false
      }
    }
  }

  package var description: String { text }

  /// Why a text is no template; offsets are bytes of the text.
  package struct Problem: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
      case unknownPlaceholder(String)
      case unbalancedBrace
      case empty
      case absolute
      case climbs
      case badComponent
    }

    package var reason: Reason
    package var range: Range<Int>

    package init(reason: Reason, range: Range<Int>) {
      self.reason = reason
      self.range = range
    }
  }

  /// - Throws: the first thing wrong with it.
  package init(parsing text: String) throws(Problem) {
    let bytes = Array(text.utf8)
    let whole = 0..<bytes.count
    guard !bytes.isEmpty else { throw Problem(reason: .empty, range: whole) }
    if bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "~") {
      throw Problem(reason: .absolute, range: 0..<1)
    }
    var pieces = try Self.split(bytes)
    if bytes.last == UInt8(ascii: "/") { pieces.append(.placeholder(.file)) }
    self.text = text
    self.pieces = pieces
    try Self.check(pieces, bytes)
  }

  private static func split(_ bytes: [UInt8]) throws(Problem) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "}"):
        throw Problem(reason: .unbalancedBrace, range: offset..<offset + 1)
      case UInt8(ascii: "{"):
        guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "}")) else {
          throw Problem(reason: .unbalancedBrace, range: offset..<offset + 1)
        }
        let name = String(decoding: bytes[offset + 1..<end], as: UTF8.self)
        guard let placeholder = Placeholder(rawValue: name) else {
          throw Problem(reason: .unknownPlaceholder(name), range: offset..<end + 1)
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        literal = []
        pieces.append(.placeholder(placeholder))
        offset = end + 1
      default:
        literal.append(bytes[offset])
        offset += 1
      }
    }
    if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
    return pieces
  }

  /// Holds the path's components against the rules of a `TreePath`, with `x` for each placeholder:
  /// what those become is made safe where it is put in.
  private static func check(_ pieces: [Piece], _ bytes: [UInt8]) throws(Problem) {
    let sample = pieces.map { piece in
      if case .literal(let text) = piece { text } else { "x" }
    }.joined()
    let components = sample.split(separator: "/", omittingEmptySubsequences: false)
    if components.contains("..") {
      throw Problem(reason: .climbs, range: place(of: "..", in: bytes))
    }
    guard TreePath(sample) != nil else {
      throw Problem(reason: .badComponent, range: 0..<bytes.count)
    }
  }

  /// Where a component stands.
  private static func place(of component: String, in bytes: [UInt8]) -> Range<Int> {
    var start = 0
    for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if part.elementsEqual(component.utf8) { return start..<start + part.count }
      start += part.count + 1
    }
    return 0..<bytes.count
  }
}
