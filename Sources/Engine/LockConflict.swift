package import CatalogueModel
package import Core

/// A lock in which git left a conflict, taken apart into its two sides.
struct LockConflict: Equatable {
  /// The whole text with this side of each conflict.
  var ours: [UInt8]
  var theirs: [UInt8]
  /// How many conflicts there were.
  var count: Int

  enum Problem: Error, Equatable {
    /// A marker where none may stand, by its line.
    case misplaced(line: Int)
    /// The conflict that begins at this line has no end.
    case open(line: Int)
  }

  private enum Part { case both, ours, base, theirs }

  /// - Returns: `nil` when the text has no conflict.
  init?(_ bytes: [UInt8]) throws(Problem) {
    (ours, theirs, count) = ([], [], 0)
    var part = Part.both
    var began = 0
    var number = 0
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a).map { $0 + 1 } ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...]
      number += 1
      switch (Self.marker(line), part) {
      case (UInt8(ascii: "<"), .both):
        (part, began) = (.ours, number)
        count += 1
      case (UInt8(ascii: "|"), .ours): part = .base
      case (UInt8(ascii: "="), .ours), (UInt8(ascii: "="), .base): part = .theirs
      case (UInt8(ascii: ">"), .theirs): part = .both
      case (nil, _):
        if part == .both || part == .ours { ours += line }
        if part == .both || part == .theirs { theirs += line }
      default: throw .misplaced(line: number)
      }
    }
    if part != .both { throw .open(line: began) }
    if count == 0 { return nil }
  }

  /// The character of a marker: seven of one kind, then a space or the end. No line of a lock
  /// begins so.
  private static func marker(_ line: ArraySlice<UInt8>) -> UInt8? {
    guard let first = line.first, "<|=>".utf8.contains(first),
      line.prefix(7).allSatisfy({ $0 == first }), line.count >= 7
    else { return nil }
    let next = line.dropFirst(7).first
    return next == nil || next == 0x20 || next == 0x0a || next == 0x0d ? first : nil
  }
}

/// What both sides of a conflict come to together.
package struct SettledLock: Sendable {
  package var conflicts: Int
  package var entries: [Entry]
  /// How many of them only one side has.
  package var onlyOurs: Int
  package var onlyTheirs: Int
  /// Entries that both sides have in different places: ours count.
  package var disputed: [Disputed]

  package struct Disputed: Sendable, Equatable {
    package var title: String
    package var kept: [Place]
    package var given: [Place]
  }

  /// Unites by what an entry is. What one side removed on purpose comes back: the next plan takes
  /// out what the manifest does not select.
  init(ours: [Entry], theirs: [Entry], conflicts: Int) {
    self.conflicts = conflicts
    disputed = []
    let known = Dictionary(
      ours.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    let added = theirs.filter { known[$0.identity] == nil }
    onlyTheirs = added.count
    let shared = Set(theirs.map(\.identity))
    onlyOurs = ours.count { !shared.contains($0.identity) }
    entries = ours
    for entry in theirs {
      guard let own = known[entry.identity], own.file.places != entry.file.places else { continue }
      disputed.append(
        Disputed(title: own.title, kept: own.file.places, given: entry.file.places))
    }
    // A path belongs to one content: what theirs would put where ours stands is placed by the
    // next plan.
    var owners: [Place: Digest] = [:]
    for entry in ours { for place in entry.file.places { owners[place] = entry.digest } }
    for var entry in added {
      let free = entry.file.places.filter { owners[$0].map { $0 == entry.digest } ?? true }
      if free != entry.file.places {
        disputed.append(
          Disputed(title: entry.title, kept: free, given: entry.file.places))
        entry.file.places = free
      }
      entries.append(entry)
    }
    entries.sort { $0.identity < $1.identity }
  }
}
