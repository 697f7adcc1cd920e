package import CatalogueModel
import Civitai
package import Core
import FoundationEssentials
import SystemIO
import Transfer

/// What the site's answers held that civsync does not know, with when that was seen:
/// `.civsync/site-changes.json`. Losing it loses dates and counts, nothing else.
struct SiteChanges {
  private struct File: Codable {
    var version = 1
    var seen: [Item]
  }

  private struct Item: Codable {
    var kind: SiteNews.Kind
    var place: String
    var name: String
    var value: String
    var count: Int
    var first: Int64
    var last: Int64
    var example: String
  }

  /// Kinds that are kept; a site that changes more has changed altogether.
  private static let limit = 1_000

  private let path: AbsolutePath
  private let files: FileSystem

  init(_ project: Project, _ files: FileSystem) {
    path = project.state.appending("site-changes.json")
    self.files = files
  }

  private struct Version: Decodable {
    var version: Int
  }

  /// Whether a later civsync wrote what is there: that is neither read nor overwritten.
  private var isLater: Bool {
    guard let bytes = try? files.read(path, limit: 8 << 20),
      let file = try? JSONDecoder().decode(Version.self, from: Data(bytes))
    else { return false }
    return file.version > 1
  }

  /// Nothing where there is no record, or one that cannot be read.
  func all() -> [SiteChange] {
    guard let bytes = try? files.read(path, limit: 8 << 20),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return [] }
    return file.seen.map { item in
      SiteChange(
        news: SiteNews(item.kind, item.place, item.name, item.value), count: item.count,
        first: Timestamp(milliseconds: item.first * 1_000),
        last: Timestamp(milliseconds: item.last * 1_000), example: item.example)
    }
  }

  /// Adds what was seen now.
  /// - Parameter now: seconds since 1970.
  /// - Returns: how many kinds of it were never seen before.
  func note(_ news: [SiteNews: NewsCount], now: Int64) -> Int {
    guard !news.isEmpty, (try? files.status(path.parent)) ?? nil != nil, !isLater else { return 0 }
    var seen = Dictionary(all().map { ($0.news, $0) }, uniquingKeysWith: { first, _ in first })
    var fresh = 0
    let time = Timestamp(milliseconds: now * 1_000)
    for (item, count) in news.sorted(by: { $0.key < $1.key }) {
      if var change = seen[item] {
        change.count += count.count
        change.last = time
        seen[item] = change
      } else if seen.count < Self.limit {
        fresh += 1
        seen[item] = SiteChange(
          news: item, count: count.count, first: time, last: time, example: count.example)
      }
    }
    let file = File(
      seen: seen.values.sorted { $0.news < $1.news }.map { change in
        Item(
          kind: change.news.kind, place: change.news.place, name: change.news.name,
          value: change.news.value, count: change.count, first: change.first.milliseconds / 1_000,
          last: change.last.milliseconds / 1_000, example: change.example)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if let data = try? encoder.encode(file) { try? files.writeAtomically(Array(data), to: path) }
    return fresh
  }
}

/// Something new at the site, and since when.
package struct SiteChange: Sendable, Equatable {
  package var news: SiteNews
  package var count: Int
  package var first: Timestamp
  package var last: Timestamp
  package var example: String
}

/// What the site says of itself, beside what civsync knows.
package struct SiteReport: Sendable {
  /// One list of words.
  package struct Words: Sendable, Equatable {
    package var name: String
    /// At the site, and unknown here.
    package var new: [String]
    /// Known here, and no longer at the site.
    package var lost: [String]
  }

  package var seen: [SiteChange]
  package var words: [Words] = []
  /// The endpoint that was asked.
  package var endpoint: SafeURL?
  /// Why it could not be asked.
  package var unanswered: String?
}

extension Engine {
  /// Keeps what an answer had that is new, and says so the first time.
  func noteNews(_ news: [SiteNews: NewsCount]) async {
    guard !news.isEmpty else { return }
    let changes = SiteChanges(project, fileSystem)
    let now = context.unixTime
    let fresh = await disk.run { changes.note(news, now: now) }
    guard fresh > 0 else { return }
    observer.handle(
      .notice(
        "the site's answers hold \(fresh == 1 ? "something" : "\(fresh) things") that this civsync "
          + "does not know; `civsync doctor --api` lists \(fresh == 1 ? "it" : "them")"))
  }

  /// What changed at the site, as far as answers showed it and as it tells itself.
  package func siteReport() async throws -> SiteReport {
    let changes = SiteChanges(project, fileSystem)
    var report = SiteReport(seen: await disk.run { changes.all() })
    let (endpoints, transfer) = try askedEndpoints()
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let answer = await context.catalogue(endpoints, http, transfer).enums {
      self.observer.handle($0)
    }
    if Task.isCancelled { throw EngineError.interrupted }
    switch answer {
    case .unavailable(let reason): report.unanswered = reason
    case .found(let lists, let endpoint):
      report.endpoint = endpoint
      for (name, known) in [
        ("ModelType", SiteWords.modelTypes), ("ModelFileType", SiteWords.fileTypes),
      ] {
        guard let told = lists[name] else {
          report.words.append(SiteReport.Words(name: name, new: [], lost: known))
          continue
        }
        report.words.append(
          SiteReport.Words(
            name: name, new: told.filter { !known.contains($0) },
            lost: known.filter { !told.contains($0) }))
      }
    }
    return report
  }
}
