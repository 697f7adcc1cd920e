internal import CatalogueModel
internal import Core

/// Reads one file. Nothing in it is indispensable: without an id one is derived, without a digest
/// the file stays and is blocked later by name.
func fileValue(
  _ value: JSONValue, version: VersionID, subject: String, _ odd: inout Oddities
) -> File {
  let told = value["id"]?.integer.flatMap { $0 > 0 ? $0 : nil }
  let fields = FieldReader(
    value, subject: subject + (told.map { ", file \($0)" } ?? ", a file"),
    place: "file")
  odd.fields(value, known: KnownFields.file, of: "file", fields.subject)
  if told == nil, let id = fields.raw("id") {
    odd.note(fields.subject, "id", "expected a positive number, found \(id.kind); derived")
  }
  let link = DownloadLink(fields.text("downloadUrl", &odd) ?? "")
  let metadata =
    fields.object("metadata", &odd)
    ?? FieldReader(.null, subject: fields.subject, place: "file.metadata")
  odd.fields(
    metadata.value, known: KnownFields.fileMetadata, of: "file.metadata", fields.subject)
  var file = File(id: 0, name: "", type: fields.text("type", &odd) ?? "Model")
  // Until January 2023 the format stood on the file itself.
  file.format = metadata.text("format", &odd) ?? fields.text("format", &odd)
  odd.word(value["type"]?.string, "type", known: KnownFields.fileTypes, of: "file", fields.subject)
  odd.word(file.format, "format", known: KnownFields.formats, of: "file", fields.subject)
  for name in ["pickleScanResult", "virusScanResult"] {
    odd.word(value[name]?.string, name, known: KnownFields.scans, of: "file", fields.subject)
  }
  file.precision = metadata.text("fp", &odd)
  file.size = metadata.text("size", &odd)
  file.quantType = metadata.text("quantType", &odd)
  file.digest = digest(fields, &odd)
  file.approximateBytes = approximateBytes(fields, &odd)
  file.isPrimary = fields.flag("primary", &odd) ?? false
  file.scan = scan(fields, hasDigest: file.digest != nil, &odd)
  file.ownVersion = link.version == version ? nil : link.version
  if let id = told ?? link.file {
    file.id = FileID(id)
  } else {
    file.id = derivedID(of: file)
    file.downloadQuery = link.query ?? metadataQuery(of: file)
  }
  file.name = fields.text("name", &odd) ?? fallbackName(of: file)
  return file
}

private func digest(_ fields: FieldReader, _ odd: inout Oddities) -> Digest? {
  guard let object = fields.object("hashes", &odd)?.value, let hashes = object.members else {
    return nil
  }
  odd.fields(object, known: KnownFields.hashes, of: "file.hashes", fields.subject)
  let told = hashes.last { $0.name.lowercased() == "sha256" && $0.value != .null }
  guard let told else { return nil }
  if let text = told.value.string, let digest = Digest(hex: text) { return digest }
  odd.note(fields.subject, "hashes.SHA256", "these are no 64 hexadecimal digits; left out")
  return nil
}

private func approximateBytes(_ fields: FieldReader, _ odd: inout Oddities) -> ByteCount? {
  guard let value = fields.raw("sizeKB") else { return nil }
  // 2^53 bytes: beyond that a double has lost its last digits, and no disk is that large.
  if let size = value.number, size >= 0, size * 1_024 < 9_007_199_254_740_992 {
    return ByteCount(Int64((size * 1_024).rounded()))
  }
  odd.note(fields.subject, "sizeKB", "this is no size; left out")
  return nil
}

/// The worse of the scans that are told. Where none is told the digest decides: it is the scan
/// that makes the digests, and files without them are those whose scan is pending.
private func scan(
  _ fields: FieldReader, hasDigest: Bool, _ odd: inout Oddities
) -> ScanState {
  ["pickleScanResult", "virusScanResult"]
    .compactMap { fields.text($0, &odd) }
    .map { ScanState(rawValue: $0.lowercased()) ?? .pending }
    .max() ?? (hasDigest ? .success : .pending)
}

/// FNV-1a over what tells the files of one version apart; the same on every machine and in every
/// release, because locks hold it.
private func derivedID(of file: File) -> FileID {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for part in [file.type, file.format, file.size, file.precision, file.quantType] {
    for byte in Array((part ?? "").utf8) + [0x1f] {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
  }
  return FileID(-max(1, Int64(hash & 0x7fff_ffff_ffff_ffff)))
}

/// The query for a file that has neither an id nor a query of its own. The bare URL would follow
/// the account's preferences.
private func metadataQuery(of file: File) -> String {
  let parts: [(String, String?)] = [
    ("type", file.type), ("format", file.format), ("size", file.size), ("fp", file.precision),
    ("quantType", file.quantType),
  ]
  return parts.compactMap { name, value in value.map { "\(name)=\(SafeURL.encode($0))" } }
    .joined(separator: "&")
}

private func fallbackName(of file: File) -> String {
  let stem = file.id.isDerived ? "file" : "file_\(file.id)"
  let suffixes = [
    "SafeTensor": "safetensors", "PickleTensor": "ckpt", "GGUF": "gguf", "ONNX": "onnx",
  ]
  return stem + "." + (file.format.flatMap { suffixes[$0] } ?? "bin")
}

/// What a `downloadUrl` of the site says. Its host is not looked at: one endpoint writes
/// `undefined` there, and downloads go to the configured endpoint anyway.
struct DownloadLink {
  var version: VersionID?
  var file: Int64?
  /// The parts that choose a file, as they were written. A token never gets in.
  var query: String?

  init(_ text: String) {
    guard let path = text.firstRange(of: "/api/download/models/") else { return }
    let tail = text[path.upperBound...]
    version = VersionID(parsing: tail.prefix { $0.isASCII && $0.isNumber })
    guard let mark = tail.firstIndex(of: "?") else { return }
    let items = tail[tail.index(after: mark)...].split(separator: "&")
    let choosing: Set<Substring> = ["type", "format", "size", "fp", "quantType"]
    let kept = items.filter { item in
      choosing.contains(item.prefix { $0 != "=" })
        && item.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
    query = kept.isEmpty ? nil : kept.joined(separator: "&")
    file =
      items.first { $0.hasPrefix("fileId=") }.flatMap { FileID(parsing: $0.dropFirst(7)) }?
      .rawValue
  }
}
