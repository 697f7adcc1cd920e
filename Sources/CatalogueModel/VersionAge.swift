package import Core

/// How a version stands in time: by when it was published, then by its id. The order in which a
/// creator lists versions says nothing about it.
package struct VersionAge: Comparable, Sendable {
  package var publishedAt: Timestamp?
  package var id: VersionID

  package static func < (left: VersionAge, right: VersionAge) -> Bool {
    let earliest = Timestamp(milliseconds: .min)
    return (left.publishedAt ?? earliest, left.id) < (right.publishedAt ?? earliest, right.id)
  }
}

extension Version {
  package var age: VersionAge { VersionAge(publishedAt: publishedAt, id: id) }
}

extension RecordedVersion {
  package var age: VersionAge { VersionAge(publishedAt: publishedAt, id: id) }
}
