/// The texts that programs put into pictures: PNG's `tEXt` and `iTXt` chunks.
enum PictureText {
  enum Problem: Error, Hashable {
    case notPNG
    /// It ends in the middle of a chunk.
    case truncated
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// - Returns: each keyword with its text, in the file's order, and whether compressed texts were
  ///   left out.
  static func texts(
    of bytes: [UInt8]
  ) throws(Problem) -> (texts: [(keyword: String, text: String)], hasCompressed: Bool) {
    guard bytes.starts(with: signature) else { throw .notPNG }
    var texts: [(keyword: String, text: String)] = []
    var hasCompressed = false
    var offset = signature.count
    while offset < bytes.count {
      guard offset + 8 <= bytes.count else { throw .truncated }
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
      let start = offset + 8
      guard length <= bytes.count - start - 4 else { throw .truncated }
      let data = bytes[start..<start + length]
      switch kind {
      case "tEXt":
        if let text = plain(data) { texts.append(text) }
      case "iTXt":
        switch international(data) {
        case .text(let text): texts.append(text)
        case .compressed: hasCompressed = true
        case .none: break
        }
      case "zTXt": hasCompressed = true
      case "IEND": return (texts, hasCompressed)
      default: break
      }
      offset = start + length + 4
    }
    throw .truncated
  }

  /// Latin-1 by the standard, UTF-8 by the programs that matter here.
  private static func plain(_ data: ArraySlice<UInt8>) -> (keyword: String, text: String)? {
    guard let end = data.firstIndex(of: 0) else { return nil }
    return (
      String(decoding: data[..<end], as: UTF8.self),
      String(decoding: data[(end + 1)...], as: UTF8.self)
    )
  }

  private enum International {
    case text((keyword: String, text: String))
    case compressed
    case none
  }

  private static func international(_ data: ArraySlice<UInt8>) -> International {
    guard let end = data.firstIndex(of: 0), end + 2 < data.endIndex else { return .none }
    if data[end + 1] != 0 { return .compressed }
    // The language's tag and the translated keyword, each ended by a zero.
    guard let tag = data[(end + 3)...].firstIndex(of: 0),
      let translated = data[(tag + 1)...].firstIndex(of: 0)
    else { return .none }
    return .text(
      (
        String(decoding: data[..<end], as: UTF8.self),
        String(decoding: data[(translated + 1)...], as: UTF8.self)
      ))
  }
}
