internal import Core

/// What storage is going to send, before anything goes wrong with it.
struct FileAnswer: Sendable {
  var status: Int
  var headers: [(name: String, value: String)]
  var content: FileContent
  /// The bytes of the file that are sent.
  var range: Range<Int64>
}

/// The storage host: signed addresses, ranges, validators.
struct Storage: Sendable {
  enum Outcome: Sendable {
    case answer(Answer)
    case file(FileAnswer)
  }

  let world: World

  /// The file that a path names, for faults that are set on it.
  func file(_ path: [String]) -> FileID? {
    let parts = path.count == 2 ? path[1].split(separator: "-") : []
    guard parts.count == 3, let version = VersionID(parsing: parts[0]), let index = Int(parts[1])
    else { return nil }
    return record(version, index)?.id
  }

  private func record(_ id: VersionID, _ index: Int) -> FileRecord? {
    let version = world.snapshot.catalogue.owner(of: id)?.versions.first { $0.id == id }
    guard let version, version.files.indices.contains(index) else { return nil }
    return version.files[index]
  }

  func outcome(_ request: StorageRequest, fault: Fault.Kind?) -> Outcome {
    guard !request.hasAuthorization else {
      return .answer(.storageError(400, "InvalidArgument"))
    }
    guard request.method == "GET" else { return .answer(.storageError(403, "AccessDenied")) }
    if request.path.first == "i", request.path.count == 2 {
      return .answer(ImageRecord.answer(request.path[1]))
    }
    guard request.path.first == "f",
      let address = SignedAddress(path: request.path, query: request.query, seed: world.seed)
    else { return .answer(.storageError(403, "SignatureDoesNotMatch")) }
    let isRevoked = world.change { $0.revoked.contains(address.signature(seed: world.seed)) }
    guard address.expires > world.now, !isRevoked else {
      return .answer(.storageError(403, "ExpiredRequest"))
    }
    guard let record = record(address.version, address.index),
      record.generation == address.generation
    else { return .answer(.storageError(404, "NoSuchKey")) }
    return file(record, request, fault)
  }

  func revoke(_ request: StorageRequest) {
    guard let signature = request.query["X-Signature"] else { return }
    world.change { _ = $0.revoked.insert(signature) }
  }

  private func file(
    _ record: FileRecord, _ request: StorageRequest, _ fault: Fault.Kind?
  ) -> Outcome {
    let size = record.content.size
    var tag = Mixing.hexadecimal(Mixing.mix(record.content.seed, UInt64(size)), count: 32)
    if fault == .etagChange { tag = String(tag.reversed()) }
    tag = "\"\(tag.lowercased())\""
    var headers = [
      ("etag", tag), ("accept-ranges", "bytes"), ("content-type", "application/octet-stream"),
      ("content-disposition", Self.disposition(request.query["filename"] ?? "file")),
    ]
    if request.ifNoneMatch == tag { return .answer(Answer(304, headers: [("etag", tag)])) }
    let holds = request.ifRange.map { $0 == tag } ?? true
    guard let text = request.range, holds, fault != .ignoreRange,
      let range = ByteRange.parse(text, size: size)
    else {
      return .file(
        FileAnswer(status: 200, headers: headers, content: record.content, range: 0..<size))
    }
    guard case .bytes(let bytes) = range else {
      var refusal = Answer.storageError(416, "InvalidRange")
      refusal.headers.append(("content-range", "bytes */\(size)"))
      return .answer(refusal)
    }
    let shift: Int64 = fault == .badContentRange ? 1 : 0
    headers.append(
      (
        "content-range",
        "bytes \(bytes.lowerBound + shift)-\(bytes.upperBound - 1 + shift)/\(size)"
      ))
    return .file(FileAnswer(status: 206, headers: headers, content: record.content, range: bytes))
  }

  /// The name alone, as UTF-8: what other downloaders take from the real storage's header (civitdl
  /// reads everything after `filename=` as the name, in UTF-8).
  private static func disposition(_ name: String) -> String {
    let plain = String(
      String.UnicodeScalarView(
        name.unicodeScalars.map { $0.value < 0x20 || $0 == "\"" || $0 == "\\" ? "_" : $0 }))
    return "attachment; filename=\"\(plain)\""
  }
}

/// A request to storage, taken apart.
struct StorageRequest: Sendable {
  var method: String
  var path: [String]
  var query: Query
  var hasAuthorization: Bool
  var range: String?
  var ifRange: String?
  var ifNoneMatch: String?
}

/// The header `Range`, single ranges only.
enum ByteRange: Equatable {
  case bytes(Range<Int64>)
  /// Nothing of the file is in it: 416.
  case unsatisfiable

  /// `nil` where the header is not understood and therefore ignored.
  static func parse(_ text: String, size: Int64) -> ByteRange? {
    guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
    let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    switch (Int64(parts[0]), Int64(parts[1])) {
    case (let first?, let last?):
      guard first <= last else { return nil }
      return first < size ? .bytes(first..<min(size, last + 1)) : .unsatisfiable
    case (let first?, nil) where parts[1].isEmpty:
      return first < size ? .bytes(first..<size) : .unsatisfiable
    case (nil, let count?) where parts[0].isEmpty:
      return count > 0 ? .bytes(max(0, size - count)..<size) : .unsatisfiable
    default: return nil
    }
  }
}
