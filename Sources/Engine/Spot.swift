import CatalogueModel
import Core
import Planning

/// One place to look at, with what a look needs to know of the file that should stand there.
struct Spot: Sendable, Equatable {
  var place: Place
  var digest: Digest
  /// Exact where it is recorded, else the catalogue's advisory figure.
  var bytes: ByteCount
  /// civsync placed it there by the records; else it is only wanted.
  var isRecorded: Bool
  /// The user's own file: it may never have carried a seal.
  var isAdopted: Bool
  /// Tools may write to it: it is a file of its own, and what they made of it is the user's.
  var isEditable = false

  /// One for each place; several owners of one have the same content. Recorded ones come first.
  static func spots(wanted: [Entry], recorded: [Entry]) -> [Spot] {
    var seen: Set<Place> = []
    seen.reserveCapacity(max(wanted.count, recorded.count))
    var spots: [Spot] = []
    // Of what is recorded and wanted the wish counts.
    let editable = Set(
      (wanted.isEmpty ? recorded : wanted).lazy.filter(\.file.isEditable).flatMap(\.file.places))
    spots.reserveCapacity(max(wanted.count, recorded.count))
    for (entries, isRecorded) in [(recorded, true), (wanted, false)] {
      for entry in entries {
        for place in entry.file.places where seen.insert(place).inserted {
          spots.append(
            Spot(
              place: place, digest: entry.file.digest, bytes: entry.file.bytes,
              isRecorded: isRecorded, isAdopted: entry.file.origin == .adopted,
              isEditable: editable.contains(place)))
        }
      }
    }
    return spots
  }
}

extension Spot {
  /// The recorded companions; each place has one.
  static func companions(recorded: [Entry]) -> [Spot] {
    guard recorded.contains(where: { !$0.file.companions.isEmpty }) else { return [] }
    return CompanionPlaces(recordedIn: recorded).owners.compactMap { place, owner in
      owner.known.map { known in
        Spot(
          place: place, digest: known.digest, bytes: known.bytes, isRecorded: true,
          isAdopted: false)
      }
    }
  }
}

/// What a look at a spot found, its content included where that had to be read.
enum Sighting: Sendable, Equatable {
  case absent
  /// The wanted content.
  case intact
  /// A symbolic link that does not lead to the object.
  case wrongLink(String)
  /// Something civsync placed that has changed since; the text says how.
  case modified(String)
  /// What tools may write to was written to.
  case edited
  /// The content is another one, and the file's time and size say that it is not: only reading it
  /// tells.
  case forged
  /// A file that civsync has no record of; the digest where it was worth reading.
  case foreignFile(bytes: ByteCount, digest: Digest?)
  case foreignOther(String)
  /// Not a place to put anything.
  case unsafe(String)
  /// A folder above it is none any more.
  case behind(UnusableFolder)

  static let editedText = "the content changed"
  static let forgedText = "the content changed; its time was put back"
}
