/// The texts of an Exif block, a TIFF structure (Exif 2.32, 4.6).
///
/// AUTOMATIC1111 and Forge write their parameters as the user's comment of JPEG and WebP files;
/// ComfyUI writes `prompt:{…}` and `workflow:{…}` into fields for the maker and the like.
struct ExifText {
  private static let userComment = 0x9286
  private static let exifFolder = 0x8769
  /// ImageDescription, Make, Model.
  private static let ofComfy: Set = [0x010e, 0x010f, 0x0110]

  private let bytes: [UInt8]
  private let isLittleEndian: Bool
  private var texts: [PictureText] = []

  /// What can be read: a block that is cut off or wrong gives less, or nothing.
  static func texts(of bytes: [UInt8]) -> [PictureText] {
    let order = String(decoding: bytes.prefix(2), as: UTF8.self)
    guard order == "II" || order == "MM" else { return [] }
    var exif = ExifText(bytes: bytes, isLittleEndian: order == "II")
    guard exif.number(at: 2, 2) == 42, let start = exif.number(at: 4, 4) else { return [] }
    exif.readFolder(at: start, isTop: true)
    return exif.texts
  }

  private init(bytes: [UInt8], isLittleEndian: Bool) {
    self.bytes = bytes
    self.isLittleEndian = isLittleEndian
  }

  private func number(at place: Int, _ width: Int) -> Int? {
    guard place >= 0, place <= bytes.count - width else { return nil }
    let digits = bytes[place..<place + width]
    return isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func readFolder(at start: Int, isTop: Bool) {
    guard let count = number(at: start, 2) else { return }
    for index in 0..<count {
      let entry = start + 2 + index * 12
      guard let tag = number(at: entry, 2), let length = number(at: entry + 4, 4),
        let value = number(at: entry + 8, 4)
      else { return }
      if tag == Self.exifFolder, isTop {
        readFolder(at: value, isTop: false)
      } else if tag == Self.userComment || Self.ofComfy.contains(tag) {
        // Up to four bytes stand in the entry itself.
        let place = length <= 4 ? entry + 8 : value
        guard place <= bytes.count, length <= bytes.count - place else { continue }
        add(bytes[place..<place + length], tag)
      }
    }
  }

  private mutating func add(_ data: ArraySlice<UInt8>, _ tag: Int) {
    if tag == Self.userComment {
      texts.append(PictureText(keyword: "parameters", text: comment(data)))
      return
    }
    let text = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
    guard let end = text.firstIndex(of: ":") else { return }
    texts.append(
      PictureText(
        keyword: text[..<end].lowercased(), text: String(text[text.index(after: end)...])))
  }

  /// Eight bytes name the encoding.
  private func comment(_ data: ArraySlice<UInt8>) -> String {
    let text = data.dropFirst(8)
    guard data.starts(with: Array("UNICODE\0".utf8)) else {
      return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    // Written in either order, whatever the block's own is. Most texts begin with a Latin letter,
    // whose upper byte is zero.
    let isBigEndian = text.first == 0
    let units = stride(from: text.startIndex, to: text.endIndex - 1, by: 2).map { place in
      let (first, second) = (UInt16(text[place]), UInt16(text[place + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
  }
}
