internal import Core

/// A path below a tree's root, in which names between braces stand for facts of the file.
package struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
  package enum Placeholder: String, CaseIterable, Hashable, Sendable {
    case type, folder, baseModel, creator, model, modelId, version, versionId, fileId, file, stem
    case ext, precision, collection
  }

  /// What stands between two braces: `{precision|baseModel|'any'}`, `{model:40}`.
  package struct Substitution: Hashable, Sendable {
    /// The first that the file has is taken; never empty.
    package var alternatives: [Placeholder]
    /// What is taken when it has none of them; `nil`: a word for what is not known.
    package var fallback: String?
    /// Bytes; a longer value is cut at a character's boundary.
    package var byteLimit: Int?

    package init(_ alternatives: [Placeholder], fallback: String? = nil, byteLimit: Int? = nil) {
      self.alternatives = alternatives
      self.fallback = fallback
      self.byteLimit = byteLimit
    }
  }

  package enum Piece: Hashable, Sendable {
    case literal(String)
    case placeholder(Substitution)
  }

  /// As the user wrote it; a `/` at its end means `/{file}`, and `{{` and `}}` are braces.
  package let text: String
  package let pieces: [Piece]

  package var hasPlaceholders: Bool {
    pieces.contains { if case .placeholder = $0 { true } else { false } }
  }

  /// Whether files of one model and version get names of their own.
  package var namesFile: Bool {
    pieces.contains {
      guard case .placeholder(let substitution) = $0 else { return false }
      // Every file has these, so only the first alternative is ever taken.
      return [.file, .stem, .fileId].contains(substitution.alternatives.first)
    }
  }

  package var description: String { text }

  /// Why a text is no template; offsets are bytes of the text.
  package struct Problem: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
      case unknownPlaceholder(String)
      /// What stands between quotes cannot be a part of a name, or is not the last.
      case badFallback
      /// What stands after the colon.
      case badLimit(String)
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

  /// The template that is this very path.
  package static func escaping(_ path: String) -> String {
    path.replacing("{", with: "{{").replacing("}", with: "}}")
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
    if bytes.last == UInt8(ascii: "/") { pieces.append(.placeholder(Substitution([.file]))) }
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
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        guard !bytes[offset...].dropFirst().starts(with: [bytes[offset]]) else {
          literal.append(bytes[offset])
          offset += 2
          continue
        }
        guard bytes[offset] == UInt8(ascii: "{") else {
          throw Problem(reason: .unbalancedBrace, range: offset..<offset + 1)
        }
        guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "}")) else {
          throw Problem(reason: .unbalancedBrace, range: offset..<offset + 1)
        }
        let substitution = try substitution(bytes[offset + 1..<end])
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        literal = []
        pieces.append(.placeholder(substitution))
        offset = end + 1
      default:
        literal.append(bytes[offset])
        offset += 1
      }
    }
    if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
    return pieces
  }

  /// - Parameter inner: what stands between two braces.
  private static func substitution(_ inner: ArraySlice<UInt8>) throws(Problem) -> Substitution {
    let whole = inner.startIndex - 1..<inner.endIndex + 1
    let quote = UInt8(ascii: "'")
    var rest = inner
    var limit: Int?
    // After the last quote: a colon between quotes is a part of the text.
    let tail = rest.lastIndex(of: quote) ?? rest.startIndex
    if let colon = rest[tail...].lastIndex(of: UInt8(ascii: ":")) {
      let digits = String(decoding: rest[(colon + 1)...], as: UTF8.self)
      guard let bytes = Int(digits), (1...255).contains(bytes),
        digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { throw Problem(reason: .badLimit(digits), range: whole) }
      limit = bytes
      rest = rest[..<colon]
    }
    var fallback: String?
    if let start = rest.firstIndex(of: quote), rest.last == quote, start != rest.endIndex - 1,
      start == rest.startIndex || rest[start - 1] == UInt8(ascii: "|")
    {
      let text = String(decoding: rest[start + 1..<rest.endIndex - 1], as: UTF8.self)
      guard start != rest.startIndex, !text.isEmpty, !text.contains(where: { "'/{".contains($0) })
      else { throw Problem(reason: .badFallback, range: whole) }
      fallback = text
      rest = rest[..<(start - 1)]
    } else if rest.contains(quote) {
      throw Problem(reason: .badFallback, range: whole)
    }
    var alternatives: [Placeholder] = []
    for part in rest.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
      let name = String(decoding: part, as: UTF8.self)
      guard let placeholder = Placeholder(rawValue: name) else {
        throw Problem(reason: .unknownPlaceholder(name), range: whole)
      }
      alternatives.append(placeholder)
    }
    return Substitution(alternatives, fallback: fallback, byteLimit: limit)
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
