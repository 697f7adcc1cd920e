package import Core

/// Which files of a version are taken. `types` and `formats` filter; precision, size and quantType
/// are preferences with fallback, in order; `only` filters by them.
package struct FilePolicy: Hashable, Sendable {
  /// `nil`: any. The catalogue's words are compared without regard to case.
  package var types: [String]?
  package var formats: [String]?
  package var precision: [String] = []
  package var size: FileSize?
  package var quantType: [String] = []
  package var only = FileFilter()
  /// Every file that passes, instead of one for each file type.
  package var all = false
  /// Only the version's primary file.
  package var primary = false
  /// Larger files do not pass, and none whose length is not told; `nil`: any.
  package var maxSize: ByteCount?

  package init() {}

  /// Nothing was said: civsync's own primary file is meant.
  package var isDefault: Bool { self == FilePolicy() }

  /// Every file of a version.
  package static let everything: FilePolicy = {
    var policy = FilePolicy()
    policy.all = true
    return policy
  }()
}

package enum FileSize: String, CaseIterable, Hashable, Sendable {
  case pruned, full
}

/// What a file must be, where it is said; `nil`: anything.
package struct FileFilter: Hashable, Sendable {
  package var precision: [String]?
  package var size: FileSize?
  package var quantType: [String]?

  package init() {}
}
