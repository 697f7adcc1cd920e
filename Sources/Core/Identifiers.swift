/// A number that Civitai gives to one of its things; the types below keep them apart.
package protocol CatalogueIdentifier: RawRepresentable, Hashable, Sendable, Comparable,
  CustomStringConvertible, ExpressibleByIntegerLiteral
where RawValue == Int64 {
  init(rawValue: Int64)
}

extension CatalogueIdentifier {
  package init(_ value: Int64) { self.init(rawValue: value) }
  package init(integerLiteral value: Int64) { self.init(rawValue: value) }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  package var description: String { String(rawValue) }

  /// Decimal digits without sign, greater than zero.
  package init?(parsing text: some StringProtocol) {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int64(text), value > 0
    else { return nil }
    self.init(rawValue: value)
  }
}

package struct ModelID: CatalogueIdentifier {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }
}

package struct VersionID: CatalogueIdentifier {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A file of a version. Negative where the catalogue gave none: then it is derived from what tells
/// the files of one version apart, and never sent to the site.
package struct FileID: CatalogueIdentifier {
  package let rawValue: Int64
  package init(rawValue: Int64) { self.rawValue = rawValue }
  package var isDerived: Bool { rawValue <= 0 }
}

/// What an entry asks for, without its content: one file slot of one version. Together with the
/// digest it identifies an entry, because creators replace files inside a version.
package struct FileKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var model: ModelID
  package var version: VersionID
  package var file: FileID

  package init(model: ModelID, version: VersionID, file: FileID) {
    self.model = model
    self.version = version
    self.file = file
  }

  package static func < (left: FileKey, right: FileKey) -> Bool {
    (left.model, left.version, left.file) < (right.model, right.version, right.file)
  }

  /// `model@version+file`, the tail of an AIR.
  package var description: String { "\(model)@\(version)+\(file)" }
}
