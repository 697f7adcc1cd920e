import Planning
import Tree

/// The title of a snapshot, as it is written and read back: `apply: 12 created, 1 removed`.
struct RunTitle {
  /// Such as `apply`, `rollback to HEAD~1`.
  var run: String
  var counts: [ActionKind: Int] = [:]

  private static let words: [(kind: ActionKind, word: String)] = [
    (.create, "created"), (.adopt, "adopted"), (.move, "moved"), (.repair, "repaired"),
    (.replace, "replaced"), (.remove, "removed"), (.release, "released"),
  ]

  init(_ run: String) { self.run = run }

  /// - Returns: `nil` for a title that counts nothing.
  init?(text: String) {
    let letters = Array(text)
    guard
      let colon = letters.indices.dropLast().last(where: {
        letters[$0] == ":" && letters[$0 + 1] == " "
      })
    else { return nil }
    run = String(letters[..<colon])
    for part in String(letters[(colon + 2)...]).split(separator: ",") {
      let words = part.split(separator: " ")
      guard words.count == 2, let count = Int(words[0]),
        let kind = Self.words.first(where: { $0.word == words[1] })?.kind
      else { return nil }
      counts[kind] = count
    }
  }

  var text: String {
    let parts = Self.words.compactMap { kind, word in
      counts[kind].flatMap { $0 > 0 ? "\($0) \(word)" : nil }
    }
    return "\(run): " + (parts.isEmpty ? "records only" : parts.joined(separator: ", "))
  }

  /// What the run is called in a sentence.
  static func name(_ text: String?) -> (article: String, word: String) {
    switch text?.prefix(while: { $0.isLetter }) {
    case "apply": ("an", "apply")
    case "rollback": ("a", "rollback")
    default: ("a", "change")
    }
  }

  /// A title that counts what was done, of one that counts what was planned.
  static func text(_ planned: String, without kept: [SwitchReport.Kept]) -> String {
    guard var title = RunTitle(text: planned) else { return planned }
    for kept in kept where kept.step.beside == nil && !kept.leavesOld {
      let kind: ActionKind? =
        switch kept.step.action {
        case .place: .create
        case .adopt: .adopt
        case .move: .move
        case .repair: .repair
        case .replace: .replace
        case .remove: .remove
        case .aside: nil
        }
      if let kind, let count = title.counts[kind], count > 0 { title.counts[kind] = count - 1 }
    }
    return title.text
  }
}
