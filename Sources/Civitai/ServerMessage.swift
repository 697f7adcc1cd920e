internal import CatalogueModel
internal import Transfer

/// What an answer that is no success says in its body.
struct ServerMessage {
  /// A web page where JSON was expected: a challenge, a login page, a proxy's error.
  let isHTML: Bool
  /// The site's own words, fit for a message.
  let text: String?
  /// Whether any of its words say that the creator disabled downloads. A short `error` may stand
  /// before the `message` that says so.
  let saysDownloadsDisabled: Bool
  /// Set when the body speaks of early access.
  let gate: Gate?

  init(_ response: HTTPResponse) {
    isHTML = Self.isHTML(response)
    let body = isHTML ? nil : try? JSONParser.parse(response.body, maxBytes: 1 << 20)
    text = body.flatMap(Self.text).map { shortened($0) }
    let words = body.map { [Self.text($0), $0["message"]?.string].compactMap { $0 } } ?? []
    saysDownloadsDisabled = words.contains { $0.lowercased().contains("disabled download") }
    gate = body.flatMap { Self.gate($0, text: Self.text($0)) }
  }

  static func isHTML(_ response: HTTPResponse) -> Bool {
    let type = (response.headers["content-type"] ?? "").lowercased()
    if type.hasPrefix("text/html") || type.hasPrefix("application/xhtml") { return true }
    // JSON never begins with `<`; pages come with wrong types too.
    let marks: Set<UInt8> = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]
    return response.body.prefix(512).first { !marks.contains($0) } == UInt8(ascii: "<")
  }

  /// `{error: text}`, `{error: {message}}`, `{message}`, `{issues: [{message}]}`.
  private static func text(_ body: JSONValue) -> String? {
    let candidates = [
      body["error"]?.string, body["error"]?["message"]?.string, body["message"]?.string,
      (body["issues"] ?? body["error"]?["issues"])?.array?.first?["message"]?.string,
    ]
    return candidates.lazy.compactMap { $0 }.first { !$0.isEmpty }
  }

  private static func gate(_ body: JSONValue, text: String?) -> Gate? {
    let deadline = body["deadline"]?.string
    guard deadline != nil || (text?.lowercased().contains("early access") ?? false) else {
      return nil
    }
    return Gate(endsAt: deadline.flatMap { Timestamp($0) })
  }
}
