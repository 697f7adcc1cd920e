import CatalogueModel
import Core
import ManifestModel

/// Which files of a version a policy takes. Deterministic: every tie ends at the lowest id.
package enum FileChoice {
  /// One file per file type, or all that pass; empty when nothing passes.
  static func choose(_ files: [File], by policy: FilePolicy) -> [File] {
    if policy.isDefault { return primary(of: files).map { [$0] } ?? [] }
    let offered = policy.primary ? primary(of: files).map { [$0] } ?? [] : files
    let passing = offered.filter { passes(type: $0.type, facts: Facts($0), policy) }
    if policy.all { return passing.sorted { $0.id < $1.id } }
    let wanted = policy.types == nil ? mainType(of: passing).map { [$0] } ?? [] : types(of: passing)
    return wanted.compactMap { type in
      passing.filter { $0.type == type }.min { rank($0, policy) < rank($1, policy) }
    }
  }

  /// civsync's own primary: flagged in the anonymous answer, else the first of type Model.
  static func primary(of files: [File]) -> File? {
    files.first(where: \.isPrimary) ?? files.first { $0.type == "Model" } ?? files.first
  }

  /// Whether recorded facts pass the policy's filters; preferences are no filters, and which file
  /// was the primary one is not recorded.
  static func passes(_ file: RecordedFile, _ policy: FilePolicy) -> Bool {
    passes(type: file.type, facts: Facts(file), policy)
  }

  private static func passes(type: String, facts: Facts, _ policy: FilePolicy) -> Bool {
    matches(policy.types, type) && matches(policy.formats, facts.format)
      && matches(policy.only.precision, facts.precision)
      && matches(policy.only.size.map { [$0.rawValue] }, facts.size)
      && matches(policy.only.quantType, facts.quantType)
      && isSmall(facts, enough: policy.maxSize)
  }

  private static func isSmall(_ facts: Facts, enough limit: ByteCount?) -> Bool {
    guard let limit else { return true }
    return facts.bytes.map { $0 <= limit + facts.doubt } ?? false
  }

  private static func matches(_ allowed: [String]?, _ value: String?) -> Bool {
    guard let allowed else { return true }
    guard let value else { return false }
    return allowed.contains { sameWord($0, value) }
  }

  /// Without `types:` one file is meant: of type Model where there is one.
  private static func mainType(of files: [File]) -> String? {
    files.contains { $0.type == "Model" } ? "Model" : primary(of: files)?.type
  }

  private static func types(of files: [File]) -> [String] {
    var seen: [String] = []
    for file in files where !seen.contains(file.type) { seen.append(file.type) }
    return seen
  }

  private static func rank(_ file: File, _ policy: FilePolicy) -> Rank {
    Rank(
      precision: position(file.precision, in: policy.precision),
      size: policy.size.map { sameWord($0.rawValue, file.size ?? "") ? 0 : 1 } ?? 0,
      quantType: position(file.quantType, in: policy.quantType),
      primary: file.isPrimary ? 0 : 1, id: file.id.rawValue)
  }

  private static func position(_ value: String?, in order: [String]) -> Int {
    guard let value else { return order.count }
    return order.firstIndex { sameWord($0, value) } ?? order.count
  }

  private struct Rank: Comparable {
    var precision: Int
    var size: Int
    var quantType: Int
    var primary: Int
    var id: Int64

    static func < (left: Rank, right: Rank) -> Bool {
      (left.precision, left.size, left.quantType, left.primary, left.id)
        < (right.precision, right.size, right.quantType, right.primary, right.id)
    }
  }

  private struct Facts {
    var format: String?
    var precision: String?
    var size: String?
    var quantType: String?
    /// `nil` when not told.
    var bytes: ByteCount?
    /// By how much the catalogue's figure, which a file was taken for, may have been smaller.
    var doubt = ByteCount.zero

    init(_ file: File) {
      bytes = file.approximateBytes
      format = file.format
      precision = file.precision
      size = file.size
      quantType = file.quantType
    }

    init(_ file: RecordedFile) {
      bytes = file.bytes > .zero ? file.bytes : nil
      doubt = ByteCount(max(2_048, file.bytes.bytes / 1_000_000))
      format = file.format
      precision = file.precision
      size = file.size
      quantType = file.quantType
    }
  }
}

/// Words of the catalogue are compared without regard to case.
func sameWord(_ left: String, _ right: String) -> Bool {
  left == right || left.lowercased() == right.lowercased()
}
