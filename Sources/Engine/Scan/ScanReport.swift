package import CatalogueModel
package import Core

/// What a scan found in a folder. Nothing in it was changed.
package struct ScanReport: Sendable {
  package var folder: AbsolutePath
  /// Model files and what passes for such, by path.
  package var files: [ScannedFile] = []
  /// Other files: pictures, sidecars, settings.
  package var otherFiles = 0
  package var folders = 0
  /// What could not be looked at, and links that lead nowhere.
  package var problems: [ScanProblem] = []
  /// Why the site could not be asked about everything; `nil` when it was, or was not to be.
  package var unanswered: String?
  package var wasAsked = false
  package var calls = 0

  /// What they take on the disk: several names of one file count once.
  package var bytes: ByteCount { files.reduce(.zero) { $1.isFirstName ? $0 + $1.size : $0 } }

  /// Files of one content on storage of their own, by what could be saved.
  package var duplicates: [[ScannedFile]] {
    var groups: [Digest: [ScannedFile]] = [:]
    for file in files where file.isFirstName && file.content != .empty {
      if let digest = file.digest { groups[digest, default: []].append(file) }
    }
    return groups.values.filter { $0.count > 1 }.sorted {
      let (left, right) = (Self.savable($0), Self.savable($1))
      return left == right ? $0[0].path < $1[0].path : left > right
    }
  }

  /// What would be saved if each content were there once.
  package static func savable(_ group: [ScannedFile]) -> ByteCount {
    group.dropFirst().reduce(.zero) { $0 + $1.size }
  }
}

/// Something that a scan could not look at.
package struct ScanProblem: Sendable, Hashable {
  /// Below the folder.
  package var path: String
  package var why: String
}

/// One file of a scanned folder.
package struct ScannedFile: Sendable {
  /// Below the folder.
  package var path: String
  package var size: ByteCount
  package var content: FileContent
  /// `nil` for what was not read: unfinished downloads, unreadable files.
  package var digest: Digest?
  /// It is a symbolic link, or lies behind one.
  package var isLink: Bool
  /// Whether no name before this one leads to the same storage.
  package var isFirstName = true
  package var upstream = UpstreamFinding.notAsked
}

/// What the site says of a content.
package enum UpstreamFinding: Sendable {
  case notAsked
  /// The site could not tell now.
  case unanswered
  /// The site has no such content, and nothing beside the file says whose it was.
  case unknown
  case known(KnownUpstream)
  /// It was there once: by its digest, by what an earlier scan was told, or by what a sidecar says.
  case gone(title: String, model: ModelID, version: VersionID?, why: GoneReason)
}

package enum GoneReason: String, Sendable {
  /// The model itself is gone.
  case model = "gone"
  /// The model is there, this version of it is not.
  case version = "version-gone"
  /// The version is there, and has another file in this one's place.
  case file = "replaced"
  case archived
  case takenDown = "taken-down"
}

/// A content that the site offers.
package struct KnownUpstream: Sendable {
  package var model: ModelID
  package var version: VersionID
  package var file: FileID?
  package var modelName: String
  package var versionName: String
  package var modelType: String
  package var baseModel: String
  package var creator: String?
  /// The newest version, where that is a later one.
  package var newer: NewerVersion?

  package var title: String { "\(modelName) · \(versionName)" }
}

/// A version that came after another one of the same model.
package struct NewerVersion: Sendable, Equatable {
  package var id: VersionID
  package var name: String
  package var baseModel: String
  package var publishedAt: Timestamp?
  package var gate: Gate?
}

extension Model {
  /// The newest version by `publishedAt`, then id, if that is a later one than `version`.
  package func newer(than version: VersionID) -> NewerVersion? {
    guard let own = versions.first(where: { $0.id == version }),
      let latest = versions.filter({ !$0.files.isEmpty }).max(by: { $0.age < $1.age }),
      latest.age > own.age
    else { return nil }
    return NewerVersion(
      id: latest.id, name: latest.name, baseModel: latest.baseModel,
      publishedAt: latest.publishedAt, gate: latest.gate)
  }
}
