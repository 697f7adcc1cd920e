import ArgumentParser
import Civitai
import Core
import Diagnostics
import Engine
import ManifestModel

/// Orders of a search, and what the site calls them.
enum SearchOrder: String, CaseIterable, ExpressibleByArgument, Sendable {
  case newest, oldest
  case mostDownloaded = "most-downloaded"
  case mostLiked = "most-liked"
  case highestRated = "highest-rated"

  var siteWord: String {
    switch self {
    case .newest: "Newest"
    case .oldest: "Oldest"
    case .mostDownloaded: "Most Downloaded"
    case .mostLiked: "Most Liked"
    case .highestRated: "Highest Rated"
    }
  }
}

struct SearchCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Look for models on the site.",
    discussion: """
      Needs no manifest. Without words it lists what the options let through. What is found can be \
      added by its id: `civsync add 1234`.
      """)

  @Argument(help: ArgumentHelp("Words to look for.", valueName: "words"))
  var words: [String] = []

  @OptionGroup var project: ProjectOptions

  @Option(
    name: .customLong("type"),
    help: ArgumentHelp("Only this type, such as LORA; may be repeated.", valueName: "type"))
  var types: [String] = []

  @Option(
    name: .customLong("base-model"),
    help: ArgumentHelp("Only for this base model; may be repeated.", valueName: "name"))
  var baseModels: [String] = []

  @Option(
    name: .customLong("tag"),
    help: ArgumentHelp("Only with this tag; may be repeated.", valueName: "tag"))
  var tags: [String] = []

  @Option(help: ArgumentHelp("Only of this creator.", valueName: "name"))
  var user: String?

  @Option(
    help: ArgumentHelp(
      "\(SearchOrder.allCases.map(\.rawValue).joined(separator: ", ")); by how well it fits "
        + "by default, without words most-downloaded.", valueName: "order"))
  var sort: SearchOrder?

  @Option(help: "How many: 1 to 100, without words to 1000.")
  var limit = 20

  @Flag(help: "Show what is not for everybody too.")
  var nsfw = false

  var printsJSON: Bool { project.json }

  func validate() throws {
    guard !text.isEmpty || !(types + baseModels + tags).isEmpty || user != nil else {
      throw ValidationError(
        "there is nothing to look for: give words, or --type, --base-model, --tag or --user")
    }
    // The newest-first list loses a model at each page's end.
    let isOnePage = !text.isEmpty || sort == .newest
    guard (1...(isOnePage ? 100 : 1_000)).contains(limit) else {
      throw ValidationError(
        isOnePage
          ? "--limit is 1 to 100 with words, and for the newest first" : "--limit is 1 to 1000")
    }
  }

  private var text: String {
    words.flatMap { $0.split(whereSeparator: \.isWhitespace) }.joined(separator: " ")
  }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    var query = SearchQuery(words: text)
    query.types = types.map(Self.spelled)
    query.baseModels = baseModels
    query.tags = tags
    query.user = user
    query.sort = (sort ?? (text.isEmpty ? .mostDownloaded : nil))?.siteWord
    query.nsfw = nsfw
    query.limit = limit
    let result = try await engine.search(query)
    reporter.show(SearchView.human(result, reporter.view), json: SearchView.json(result))
    return .ok
  }

  /// A type as the site spells it, where it is one that is known.
  private static func spelled(_ type: String) -> String {
    ManifestKeys.openWords["modelType"]?.first { $0.lowercased() == type.lowercased() } ?? type
  }
}
