package import CatalogueModel

/// What a sidecar tells of: one placed file, with its model and version as the catalogue shows
/// them.
package struct SidecarSubject: Sendable {
  package var model: Model
  /// With details: without them there is nothing to tell.
  package var version: Version
  /// The file as it is recorded, its size exact.
  package var file: RecordedFile
  /// The picture that stands for it; `nil` when none may be shown.
  package var picture: ModelImage?

  package init(
    model: Model, version: Version, file: RecordedFile, picture: ModelImage? = nil
  ) {
    self.model = model
    self.version = version
    self.file = file
    self.picture = picture
  }

  var details: VersionDetails { version.details ?? VersionDetails() }

  /// Beyond PG and PG13.
  var isMature: Bool { model.nsfwLevel & ~3 != 0 }

  /// Where the site shows it.
  var page: String { "https://civitai.com/models/\(model.id)?modelVersionId=\(version.id)" }

  /// The file's name at the site, without its last ending.
  var stem: String {
    let parts = file.name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts.dropLast().joined(separator: ".") : file.name
  }
}
