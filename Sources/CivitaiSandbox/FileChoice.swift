internal import Core

/// Which file of a version is meant.
extension VersionRecord {
  /// The primary file: the flagged one, else the first of type Model. An account prefers another
  /// one where there is a choice: its own settings decide, here the last of type Model.
  func primaryIndex(hasSession: Bool) -> Int? {
    let own = files.indices.filter { files[$0].linkedTo == nil }
    if hasSession, let last = own.last(where: { files[$0].type == "Model" }) { return last }
    return own.first { files[$0].isPrimary } ?? own.first { files[$0].type == "Model" } ?? own.first
  }

  /// The file that a download's query names: `fileId` exactly, else the first that agrees with every
  /// given one of `type`, `format`, `size`, `fp`, `quantType`, else the primary.
  func fileIndex(for query: Query, hasSession: Bool) -> Int? {
    if let id = query["fileId"] {
      return files.firstIndex { $0.linkedTo == nil && $0.id.map { String($0.rawValue) } == id }
    }
    let names = ["type", "format", "size", "fp", "quantType"]
    let wanted = names.compactMap { name in query[name].map { (name, $0) } }
    let primary = primaryIndex(hasSession: hasSession)
    if wanted.isEmpty { return primary }
    let matches = files.indices.filter { index in
      files[index].linkedTo == nil
        && wanted.allSatisfy { name, value in files[index].attribute(name) == value }
    }
    return matches.first { $0 == primary } ?? matches.first
  }
}

extension FileRecord {
  fileprivate func attribute(_ name: String) -> String? {
    switch name {
    case "type": type
    case "format": format
    case "size": size
    case "fp": fp
    default: quantType
    }
  }

  /// Whether any answer shows a true digest of this file.
  var showsDigest: Bool {
    switch hashes {
    case .all, .lowerCase: true
    case .withoutSHA256, .empty, .absent: false
    }
  }

  /// `sizeKB` as it is shown: in units of 1,024 bytes, with a fraction.
  var shownKB: JSON {
    let exact = Double(content.size) / 1_024
    return switch shownSize {
    case .exact: .decimal(exact)
    case .null: nil
    case .wrong(let by): .decimal(exact + by)
    }
  }

  var shownMetadata: JSON {
    if let metadata { return metadata }
    var shown: JSON = ["format": format.map(JSON.string) ?? nil]
    if let size { shown["size"] = .string(size) }
    if let fp { shown["fp"] = .string(fp) }
    if let quantType { shown["quantType"] = .string(quantType) }
    return shown
  }
}
