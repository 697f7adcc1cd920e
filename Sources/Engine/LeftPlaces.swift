import CatalogueModel
import Core
import Tree

/// The records as they are when some steps of a switch were refused, because something new stood
/// in the way at the last moment.
enum LeftPlaces {
  /// - Parameters:
  ///   - entries: as they would have been.
  ///   - kept: what was refused.
  ///   - before: the records before the switch.
  static func corrected(
    _ entries: [Entry], kept: [SwitchReport.Kept], before: [Entry]
  ) -> [Entry] {
    let lost = Set(kept.lazy.filter { !$0.leavesOld }.map(\.step.place))
    let returned = Set(
      kept.compactMap(\.step.from) + kept.lazy.filter(\.lacksContent).map(\.step.place))
    var records: [EntryIdentity: Entry] = [:]
    for var entry in entries {
      entry.file.places.removeAll(where: lost.contains)
      records[entry.identity] = entry
    }
    for var entry in before {
      let places = entry.file.places.filter(returned.contains)
      guard !places.isEmpty else { continue }
      entry.file.places = places
      records[entry.identity, default: entry].file.places += places
    }
    return records.values.compactMap { entry in
      var entry = entry
      entry.file.places = Set(entry.file.places).sorted()
      return entry.file.places.isEmpty ? nil : entry
    }.sorted { $0.identity < $1.identity }
  }
}
