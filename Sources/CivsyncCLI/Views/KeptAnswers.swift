import CatalogueModel
import Diagnostics

extension Page {
  /// Says how old the catalogue's word is, where it was not asked just now; the site's own caches
  /// are older than a minute.
  mutating func keptAnswers(_ kept: KeptCount) {
    guard kept.answers > 0, kept.oldest >= 60 else { return }
    paragraph("The catalogue as of \(kept.ago); `--refresh` asks anew.", meaning: .faint)
  }
}

extension KeptCount {
  fileprivate var ago: String {
    switch oldest {
    case ..<3_600: "\(oldest / 60) min ago"
    default: "\(oldest / 3_600) h ago"
    }
  }

  /// Members of a result for programs.
  var fields: [(String, JSONNode)] {
    [("keptAnswers", .int(answers)), ("oldestSeconds", .int(oldest))]
  }
}
