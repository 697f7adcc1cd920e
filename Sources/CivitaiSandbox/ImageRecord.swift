/// A picture that a version shows, as the sandbox keeps it.
package struct ImageRecord: Sendable, Hashable {
  /// What storage answers for it. All but the first two are what a client must get along with.
  package enum Kind: String, Sendable, CaseIterable {
    case png, jpeg
    /// An MP4: told as `video`.
    case video
    /// 404.
    case missing
    /// A web page with status 200.
    case page
    /// Begins as a PNG and has 21 MiB.
    case huge
    /// Called a PNG, and is text.
    case text
  }

  package var kind: Kind
  package var nsfwLevel: Int64

  package init(_ kind: Kind, nsfwLevel: Int64 = 1) {
    self.kind = kind
    self.nsfwLevel = nsfwLevel
  }

  /// Its name on storage: `100111.png`, `100112-huge.png`.
  func name(_ id: Int64) -> String {
    switch kind {
    case .png, .jpeg: "\(id).\(kind.rawValue)"
    case .video: "\(id).mp4"
    case .missing, .page, .huge, .text: "\(id)-\(kind.rawValue).png"
    }
  }

  func json(id: Int64, storageURL: String) -> JSON {
    [
      "id": .integer(id), "url": .string("\(storageURL)/i/\(name(id))"),
      "nsfwLevel": .integer(nsfwLevel), "type": kind == .video ? "video" : "image", "width": 64,
      "height": 96, "hash": nil, "meta": nil,
    ]
  }

  /// What storage answers to `GET /i/<name>`.
  static func answer(_ name: String) -> Answer {
    let parts = name.split(separator: ".")
    let stem = parts.first?.split(separator: "-") ?? []
    guard parts.count == 2, let id = stem.first.flatMap({ UInt64($0) }) else {
      return .storageError(404, "NoSuchKey")
    }
    switch stem.count > 1 ? String(stem[1]) : String(parts[1]) {
    case "png": return image("png", PreviewImage.png(id))
    case "jpeg": return image("jpeg", PreviewImage.jpeg(id))
    case "mp4":
      let video = [0, 0, 0, 0x14] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 200)
      return Answer(200, headers: [("content-type", "video/mp4")], body: video)
    case "page": return .html("Log in to the sandbox")
    case "huge":
      return image("png", PreviewImage.png(id) + [UInt8](repeating: 0, count: 21 << 20))
    case "text": return image("png", Array("no picture at all".utf8))
    default: return .storageError(404, "NoSuchKey")
    }
  }

  private static func image(_ type: String, _ bytes: [UInt8]) -> Answer {
    Answer(200, headers: [("content-type", "image/\(type)")], body: bytes)
  }
}
