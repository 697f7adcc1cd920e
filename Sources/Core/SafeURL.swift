/// An absolute `http` or `https` URL whose printed form leaves out user info and the query, where
/// tokens and signatures travel.
package struct SafeURL: Hashable, Sendable {
  package var scheme: String
  package var host: String
  /// The port as written; `nil` means the scheme's own.
  package var port: Int?
  /// Percent-encoded, begins with `/`.
  package var path: String
  /// Percent-encoded, without the `?`.
  package var query: String?

  package init(scheme: String, host: String, port: Int?, path: String, query: String? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path.isEmpty ? "/" : path
    self.query = query
  }

  /// Reads an absolute URL. `nil` for another scheme, an empty or odd host, user info (a password
  /// does not belong in a manifest or a redirect), a port out of range, or characters that a URL
  /// does not have (controls, spaces, non-ASCII).
  package init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8)
    else { return nil }
    let scheme = text[..<colon].lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    let rest = bytes[bytes.index(colon, offsetBy: 3)...]
    let end = rest.firstIndex { $0 == Self.slash || $0 == Self.mark || $0 == Self.hash }
    guard let (host, port) = Self.authority(rest[..<(end ?? rest.endIndex)]) else { return nil }
    let tail = rest[(end ?? rest.endIndex)...].prefix { $0 != Self.hash }
    let mark = tail.firstIndex(of: Self.mark)
    let path = Substring(tail[..<(mark ?? tail.endIndex)])
    let query = mark.map { String(Substring(tail[tail.index(after: $0)...])) }
    self.init(scheme: scheme, host: host, port: port, path: String(path), query: query)
  }

  private static let slash = UInt8(ascii: "/")
  private static let mark = UInt8(ascii: "?")
  private static let hash = UInt8(ascii: "#")
  private static let colon = UInt8(ascii: ":")

  private static func authority(_ text: Substring.UTF8View) -> (host: String, port: Int?)? {
    var host = text
    var port: Int?
    let afterBracket = text.lastIndex(of: UInt8(ascii: "]")) ?? text.startIndex
    if let colon = text[afterBracket...].lastIndex(of: Self.colon) {
      let digits = Substring(text[text.index(after: colon)...])
      guard let number = Int(digits), (1...65_535).contains(number) else { return nil }
      port = number
      host = text[..<colon]
    }
    // User info has an `@`, which is none of a host's characters.
    guard !host.isEmpty, host.allSatisfy(Self.isHostCharacter) else { return nil }
    return (Substring(host).lowercased(), port)
  }

  private static func isHostCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  package var effectivePort: Int { port ?? (scheme == "https" ? 443 : 80) }

  /// Scheme, host and port: what decides whether a token may travel.
  package var origin: Origin { Origin(scheme: scheme, host: host, port: effectivePort) }

  /// The whole URL, query included: for the wire only.
  package var wire: String {
    let authority = port.map { "\(host):\($0)" } ?? host
    return "\(scheme)://\(authority)\(path)" + (query.map { "?\($0)" } ?? "")
  }

  /// This URL with the path replaced below its host, and other query items.
  package func appending(path tail: String, query: [(String, String)] = []) -> SafeURL {
    var url = self
    url.path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + tail
    url.query =
      query.isEmpty
      ? nil
      : query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
    return url
  }

  /// A redirect's `Location` seen from this URL: absolute, or a path on the same origin.
  package func resolving(location: String) -> SafeURL? {
    if let absolute = SafeURL(location) { return absolute }
    if location.hasPrefix("//") { return SafeURL("\(scheme):\(location)") }
    guard location.hasPrefix("/") else { return nil }
    return SafeURL("\(scheme)://" + (port.map { "\(host):\($0)" } ?? host) + location)
  }

  /// Percent-encodes everything but the unreserved characters of RFC 3986.
  package static func encode(_ text: String) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var out = [UInt8]()
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        out.append(byte)
      default:
        out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Whether the host names this machine: `localhost`, `127.0.0.0/8` or `::1`.
  package var isLoopback: Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]"
      || (host.hasPrefix("127.")
        && host.utf8.count { $0 == UInt8(ascii: ".") } == 3
        && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) })
  }
}

extension SafeURL: CustomStringConvertible {
  package var description: String {
    let authority = port.map { "\(host):\($0)" } ?? host
    return "\(scheme)://\(authority)\(path)" + (query == nil ? "" : "?…")
  }
}

/// Scheme, host and port of a URL.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
  package let scheme: String
  package let host: String
  package let port: Int

  package init(scheme: String, host: String, port: Int) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  package var description: String { "\(scheme)://\(host):\(port)" }
}
