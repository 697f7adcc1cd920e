import Deflate

/// A text that a program put into a picture, by the keyword that it gave it.
struct PictureText: Hashable {
  var keyword: String
  var text: String

  enum Problem: Error, Hashable {
    case noPicture
    /// It ends in the middle of one of its parts.
    case truncated
  }

  /// The texts of a PNG, JPEG or WebP, in the file's order.
  static func texts(of bytes: [UInt8]) throws(Problem) -> [PictureText] {
    if bytes.starts(with: png) { return try textsOfPNG(bytes[png.count...]) }
    if bytes.starts(with: [0xff, 0xd8, 0xff]) { return try textsOfJPEG(bytes[2...]) }
    if bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8...].starts(with: "WEBP".utf8) {
      return try textsOfWebP(bytes[12...])
    }
    throw .noPicture
  }

  // MARK: PNG: `tEXt`, `zTXt` and `iTXt` chunks

  private static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  /// The longest compressed text that is read, expanded.
  private static let longest = 64 << 20

  private static func textsOfPNG(_ chunks: ArraySlice<UInt8>) throws(Problem) -> [PictureText] {
    var texts: [PictureText] = []
    var rest = chunks
    while !rest.isEmpty {
      guard rest.count >= 8 else { throw .truncated }
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
      rest = rest.dropFirst(8)
      guard length <= rest.count - 4 else { throw .truncated }
      let data = rest.prefix(length)
      rest = rest.dropFirst(length + 4)
      switch kind {
      case "tEXt": texts += plain(data)
      case "zTXt": texts += compressed(data)
      case "iTXt": texts += international(data)
      case "IEND": return texts
      default: break
      }
    }
    throw .truncated
  }

  /// Latin-1 by the standard, UTF-8 by the programs that matter here.
  private static func plain(_ data: ArraySlice<UInt8>) -> [PictureText] {
    guard let end = data.firstIndex(of: 0) else { return [] }
    return [PictureText(data[..<end], data[(end + 1)...])]
  }

  private static func compressed(_ data: ArraySlice<UInt8>) -> [PictureText] {
    // Behind the keyword stands the method, of which there is one.
    guard let end = data.firstIndex(of: 0), end + 1 < data.endIndex, data[end + 1] == 0,
      let text = Deflate.expanded(Array(data[(end + 2)...]), limit: longest)
    else { return [] }
    return [PictureText(data[..<end], text[...])]
  }

  private static func international(_ data: ArraySlice<UInt8>) -> [PictureText] {
    // Whether it is compressed and how, the language's tag and the translated keyword, each of
    // these two ended by a zero.
    guard let end = data.firstIndex(of: 0), end + 2 < data.endIndex,
      let tag = data[(end + 3)...].firstIndex(of: 0),
      let translated = data[(tag + 1)...].firstIndex(of: 0)
    else { return [] }
    let text = data[(translated + 1)...]
    if data[end + 1] == 0 { return [PictureText(data[..<end], text)] }
    return Deflate.expanded(Array(text), limit: longest).map {
      [PictureText(data[..<end], $0[...])]
    } ?? []
  }

  private init(_ keyword: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) {
    self.init(
      keyword: String(decoding: keyword, as: UTF8.self),
      text: String(decoding: text, as: UTF8.self))
  }

  init(keyword: String, text: String) {
    self.keyword = keyword
    self.text = text
  }

  // MARK: JPEG: comments, and the Exif segment

  private static func textsOfJPEG(_ segments: ArraySlice<UInt8>) throws(Problem) -> [PictureText] {
    var texts: [PictureText] = []
    var rest = segments
    while true {
      guard let mark = rest.first else { throw .truncated }
      guard mark == 0xff else { throw .noPicture }
      // A marker may be preceded by any number of filling bytes.
      rest = rest.drop { $0 == 0xff }
      guard let kind = rest.first else { throw .truncated }
      // From the picture itself on there are no texts.
      if kind == 0xda || kind == 0xd9 { return texts }
      guard rest.count >= 3 else { throw .truncated }
      let length = rest.dropFirst().prefix(2).reduce(0) { $0 << 8 | Int($1) }
      guard length >= 2 else { throw .noPicture }
      guard rest.count > length else { throw .truncated }
      let data = rest.dropFirst(3).prefix(length - 2)
      rest = rest.dropFirst(1 + length)
      if kind == 0xfe {
        let text = String(decoding: data, as: UTF8.self)
        texts.append(PictureText(keyword: "parameters", text: text))
      } else if kind == 0xe1, data.starts(with: Array("Exif\0\0".utf8)) {
        texts += ExifText.texts(of: Array(data.dropFirst(6)))
      }
    }
  }

  // MARK: WebP: the `EXIF` chunk

  private static func textsOfWebP(_ chunks: ArraySlice<UInt8>) throws(Problem) -> [PictureText] {
    var texts: [PictureText] = []
    var rest = chunks
    while !rest.isEmpty {
      guard rest.count >= 8 else { throw .truncated }
      let kind = String(decoding: rest.prefix(4), as: UTF8.self)
      let length = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(8)
      guard length <= rest.count else { throw .truncated }
      if kind == "EXIF" {
        let data = rest.prefix(length)
        let mark = Array("Exif\0\0".utf8)
        texts += ExifText.texts(of: Array(data.starts(with: mark) ? data.dropFirst(6) : data))
      }
      rest = rest.dropFirst(length + length % 2)
    }
    return texts
  }
}
