internal import Core

/// The fields that the site's answers are known to have, by the kind of object. From the server's
/// public source and recorded answers of 2023 to 2026.
enum KnownFields {
  static let model: Set = [
    "allowCommercialUse", "allowDerivatives", "allowDifferentLicense", "allowNoCredit",
    "availability", "cosmetic", "creator", "description", "downloadUrl", "id", "minor", "mode",
    "modelVersions", "name", "nsfw", "nsfwLevel", "poi", "sfwOnly", "stats", "status",
    "supportsGeneration", "tags", "type", "userId",
  ]
  static let version: Set = [
    "air", "availability", "baseModel", "baseModelType", "covered", "createdAt", "description",
    "downloadUrl", "earlyAccessConfig", "earlyAccessDeadline", "earlyAccessEndsAt",
    "earlyAccessTimeFrame", "files", "id", "images", "index", "model", "modelId", "name",
    "nsfwLevel", "paidAccess", "publishedAt", "stats", "status", "supportsGeneration",
    "trainedWords", "trainingDetails", "trainingStatus", "updatedAt", "uploadType",
    "usageControl",
  ]
  static let file: Set = [
    "downloadUrl", "format", "hashes", "id", "metadata", "name", "pickleScanMessage",
    "pickleScanResult", "primary", "replacedAt", "scannedAt", "sizeKB", "type",
    "virusScanMessage", "virusScanResult",
  ]
  static let fileMetadata: Set = ["format", "fp", "quantType", "size"]
  static let hashes: Set = [
    "AutoV1", "AutoV2", "AutoV3", "BLAKE3", "CRC32", "SHA256", "SHA256_12",
  ]
  static let page: Set = ["items", "metadata"]

  static let modelTypes = Set(SiteWords.modelTypes)
  static let fileTypes = Set(SiteWords.fileTypes)
  static let formats = Set(SiteWords.formats)
  static let modes: Set = ["Archived", "TakenDown"]
  static let availabilities: Set = ["Public", "EarlyAccess", "Private", "Unsearchable"]
  static let scans: Set = ["Pending", "Success", "Danger", "Error"]
  static let usageControls: Set = ["Download", "Generation", "InternalGeneration"]
}
