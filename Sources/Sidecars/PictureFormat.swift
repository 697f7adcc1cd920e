/// What kind of picture bytes are, by how they begin.
package enum PictureFormat: String, Sendable, CaseIterable {
  case png, jpeg, webp, gif, avif

  /// - Returns: `nil` for what is none of them.
  package init?(_ bytes: [UInt8]) {
    let head = bytes.prefix(12)
    func holds(_ text: String, at offset: Int) -> Bool {
      head.dropFirst(offset).starts(with: text.utf8)
    }
    if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if head.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if holds("RIFF", at: 0), holds("WEBP", at: 8) {
      self = .webp
    } else if holds("GIF87a", at: 0) || holds("GIF89a", at: 0) {
      self = .gif
    } else if holds("ftypavif", at: 4) || holds("ftypavis", at: 4) {
      self = .avif
    } else {
      return nil
    }
  }
}
