internal import Core
internal import Diagnostics
internal import YAMLSource

/// `objects:` of a collection: files that are declared by their digests.
extension Decoder {
  static let objectKeys = ["sha256", "place", "url", "size"]

  func objects(_ node: YAMLNode) -> [ObjectSpec] {
    guard case .sequence(let items) = node.content else {
      if case .mapping = node.content { return object(node).map { [$0] } ?? [] }
      wrongType(
        node, "`objects`", expected: "a list of maps",
        help: "for example: `objects: [{ sha256: 9f86…, place: loras/mine.safetensors }]`")
      return []
    }
    return items.compactMap { object($0) }
  }

  private func object(_ node: YAMLNode) -> ObjectSpec? {
    guard
      let fields = fields(
        node, of: "an object", known: Self.objectKeys,
        example: "`{ sha256: 9f86…, place: loras/mine.safetensors }`")
    else { return nil }
    let digest = digest(fields, node)
    let url = fields["url"].flatMap { address($0) }
    let size = fields["size"].flatMap { self.size($0, "`size`") }
    let place = objectPlace(fields, node, url)
    guard let digest, let place else { return nil }
    return ObjectSpec(
      digest: digest, place: place, url: url, bytes: size, span: headSpan(node))
  }

  private func digest(_ fields: Fields, _ node: YAMLNode) -> Digest? {
    guard let digits = fields["sha256"] else {
      report(
        .badObject, "this object has no `sha256`", at: headSpan(node),
        help: "`sha256sum FILE` prints it")
      return nil
    }
    guard let text = text(digits, "`sha256`", expected: "64 hexadecimal digits") else { return nil }
    if let digest = Digest(hex: text) { return digest }
    let isShort = (8..<64).contains(text.utf8.count) && text.allSatisfy(\.isHexDigit)
    report(
      .badObject, "\(quoted(text, limit: 64)) is no SHA-256 digest", at: digits.span,
      help: isShort
        ? "this is part of one, as AutoV2 shows it: the whole has 64 digits, and `sha256sum FILE` "
          + "prints it"
        : "it has 64 hexadecimal digits: `sha256sum FILE` prints it")
    return nil
  }

  /// A path below the root; one that ends in `/` takes the name at the end of the address.
  private func objectPlace(_ fields: Fields, _ node: YAMLNode, _ url: SafeURL?) -> TreePath? {
    guard let place = fields["place"] else {
      report(
        .badObject, "this object has no `place`", at: headSpan(node),
        help: "say where it goes below the root: `place: loras/mine.safetensors`")
      return nil
    }
    guard let template = template(place, "`place`") else { return nil }
    let isFolder = template.text.hasSuffix("/")
    var text = ""
    // A folder's template ends in the file's name.
    for piece in isFolder ? template.pieces.dropLast() : template.pieces[...] {
      guard case .literal(let part) = piece else {
        report(
          .badObject, "an object's `place` takes no placeholders", at: place.span,
          help: "its digest is all that is known of it: write the whole path")
        return nil
      }
      text += part
    }
    if !isFolder { return TreePath(text) }
    if fields["url"] != nil, url == nil { return nil }
    if let name = url.flatMap({ Self.fileName(of: $0) }), let path = TreePath(text + name) {
      return path
    }
    report(
      .badObject, "this `place` is a folder, and no name is known for the file in it",
      at: place.span,
      help: url == nil
        ? "end it with the file's name, or give a `url` that does"
        : "end it with the file's name: the address has none that can be used")
    return nil
  }

  /// The last component of the path, its escapes read; `nil` when that is no fit name for a file.
  private static func fileName(of url: SafeURL) -> String? {
    guard let last = url.path.split(separator: "/", omittingEmptySubsequences: false).last,
      let name = unescaped(last),
      !name.isEmpty, !name.hasPrefix("."), !name.contains("/"),
      name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    else { return nil }
    return name
  }

  private static func unescaped(_ text: Substring) -> String? {
    var out: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        out.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      out.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: out, as: UTF8.self)
  }

  // MARK: the address

  private func address(_ node: YAMLNode) -> SafeURL? {
    guard let text = text(node, "`url`", expected: "an address") else { return nil }
    // Never the address itself in a message: it may hold a password.
    guard let url = SafeURL(text) else {
      report(
        .badAddress, "this address cannot be fetched", at: node.span,
        help: "write `https://`, the host and the path, without name and password; what needs a "
          + "login cannot be declared")
      return nil
    }
    if url.scheme == "http", !url.isLoopback, !isInsecure {
      report(
        .badAddress, "this address would be fetched in the clear", at: node.span,
        help: Self.insecureHelp)
      return nil
    }
    if let item = Self.secretItem(of: url) {
      report(
        .secretInAddress, "the query item \(quoted(item)) of this address looks like a secret",
        at: node.span,
        help: "it would end up in the lock and in the history: use an address that needs none")
      return nil
    }
    return url
  }

  /// The name of the first query item that looks as if it lets someone in.
  private static func secretItem(of url: SafeURL) -> String? {
    let parts = ["token", "secret", "password", "passwd", "signature", "credential"]
    let words: Set = ["key", "sig", "auth", "authorization", "pwd", "pass", "jwt"]
    for item in url.query?.split(whereSeparator: { $0 == "&" || $0 == ";" }) ?? [] {
      let raw = item.prefix { $0 != "=" }
      let name = unescaped(raw) ?? String(raw)
      let lower = name.lowercased()
      let isSecret =
        lower.hasPrefix("x-amz-") || lower.hasPrefix("x-goog-") || words.contains(lower)
        || lower.hasSuffix("key") || parts.contains { lower.contains($0) }
      if isSecret { return name }
    }
    return nil
  }
}
