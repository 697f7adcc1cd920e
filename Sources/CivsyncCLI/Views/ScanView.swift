import CatalogueModel
import Core
import Diagnostics
import Engine

/// What a scan found, most urgent first.
enum ScanView {
  static func human(_ report: ScanReport, _ options: ViewOptions) -> String {
    var page = Page(options)
    let files = Measures.count(report.files.count, "model file")
    page.paragraph(
      "\(files), \(report.bytes), in \(Measures.count(report.folders, "folder")) of "
        + "`\(report.folder)`; \(Measures.count(report.otherFiles, "other file")).")
    damaged(report, &page)
    gone(report, &page)
    duplicates(report, &page)
    outdated(report, &page)
    pickles(report, &page)
    unknown(report, &page)
    problems(report, &page)
    summary(report, &page)
    return page.text
  }

  private static func damaged(_ report: ScanReport, _ page: inout Page) {
    let files = report.files.filter { !$0.content.isSound }
    table(
      "Not what they seem: \(Measures.count(files.count, "file"))", files, "x", .removed, &page
    ) { text($0.content, $0.size) }
  }

  private static func gone(_ report: ScanReport, _ page: inout Page) {
    let files = report.files.filter { if case .gone = $0.upstream { true } else { false } }
    table(
      "Gone from the site, so yours may be the last: \(Measures.count(files.count, "file"))", files,
      "!", .attention, &page
    ) { file in
      guard case .gone(let title, _, _, let why) = file.upstream else { return "" }
      return "\(DisplayText.title(title)): \(text(why))"
    }
  }

  private static func duplicates(_ report: ScanReport, _ page: inout Page) {
    let groups = report.duplicates
    guard !groups.isEmpty else { return }
    let savable = groups.reduce(ByteCount.zero) { $0 + ScanReport.savable($1) }
    page.heading(
      "Duplicates: \(Measures.count(groups.count, "content")) more than once, \(savable) could be "
        + "saved", .changed)
    let shown = Elided(groups, limit: 20)
    for group in shown.head { write(group, &page) }
    if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
    for group in shown.tail { write(group, &page) }
  }

  private static func write(_ group: [ScannedFile], _ page: inout Page) {
    page.item(
      "=", "\(group[0].size) × \(group.count): " + group.map(\.path).joined(separator: " = "),
      meaning: .changed)
  }

  private static func outdated(_ report: ScanReport, _ page: inout Page) {
    let files = report.files.filter { newer($0) != nil }
    table(
      "A newer version is out: \(Measures.count(files.count, "file"))", files, "^", .added, &page
    ) { file in
      guard case .known(let known) = file.upstream, let newer = known.newer else { return "" }
      return "\(DisplayText.title(known.title)) → \(DisplayText.title(newer.name))"
        + note(newer, instead: known.baseModel)
    }
  }

  static func note(_ newer: NewerVersion, instead baseModel: String) -> String {
    var notes = newer.publishedAt.map { [$0.day] } ?? []
    if newer.baseModel != baseModel { notes.append("for \(newer.baseModel)") }
    if let gate = newer.gate { notes.append(BlockedReason.gated(until: gate.endsAt).text) }
    return notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
  }

  private static func pickles(_ report: ScanReport, _ page: inout Page) {
    let files = report.files.filter { $0.content == .pickle }
    table(
      "Pickles, which can run code when they are loaded: "
        + Measures.count(files.count, "file"), files, "?", .attention, &page
    ) { file in
      if case .known(let known) = file.upstream { DisplayText.title(known.title) } else { "" }
    }
  }

  private static func unknown(_ report: ScanReport, _ page: inout Page) {
    let files = report.files.filter { if case .unknown = $0.upstream { true } else { false } }
    table(
      "Unknown to the site: \(Measures.count(files.count, "file"))", files, "·", .faint, &page
    ) { file in
      if case .safetensors(let guess?) = file.content { "looks like a \(guess)" } else { "" }
    }
  }

  private static func problems(_ report: ScanReport, _ page: inout Page) {
    guard !report.problems.isEmpty else { return }
    page.heading("Not looked at: \(Measures.count(report.problems.count, "path"))", .attention)
    let shown = Elided(report.problems, limit: 20)
    for problem in shown.head + shown.tail {
      page.item("!", "\(problem.path): \(problem.why)", meaning: .attention)
    }
    if shown.hidden > 0 { page.paragraph(shown.notice, indent: 2, meaning: .faint) }
  }

  private static func summary(_ report: ScanReport, _ page: inout Page) {
    let current = report.files.count { file in
      if case .known(let known) = file.upstream { known.newer == nil } else { false }
    }
    page.gap()
    if let reason = report.unanswered {
      page.paragraph("The site could not tell everything: \(reason)", meaning: .attention)
    }
    if report.wasAsked {
      page.paragraph(
        "\(Measures.count(current, "file is", "files are")) known to the site and the newest of "
          + "\(current == 1 ? "its" : "their") model.")
    } else {
      page.paragraph("The site was not asked.")
    }
    page.paragraph("Nothing was changed.")
  }

  /// A heading and the files under it with what is to say about each.
  private static func table(
    _ heading: String, _ files: [ScannedFile], _ symbol: String, _ meaning: TextMeaning,
    _ page: inout Page, _ detail: (ScannedFile) -> String
  ) {
    guard !files.isEmpty else { return }
    page.heading(heading, meaning)
    var table = FileTable(symbol: symbol, meaning: meaning)
    table.keepsDetails = true
    func row(_ file: ScannedFile) -> FileTable.Line {
      .row(
        FileTable.Row(name: file.path, size: file.size.description, detail: detail(file)))
    }
    let shown = Elided(files, limit: 20)
    table.lines = shown.head.map(row)
    if shown.hidden > 0 { table.lines.append(.notice(shown.notice)) }
    table.lines += shown.tail.map(row)
    table.write(to: &page, indent: 2)
  }

  private static func newer(_ file: ScannedFile) -> NewerVersion? {
    if case .known(let known) = file.upstream { known.newer } else { nil }
  }

  private static func text(_ content: FileContent, _ size: ByteCount) -> String {
    switch content {
    case .truncated(let expected):
      "cut off: \(ByteCount(expected - size.bytes)) of \(ByteCount(expected)) are missing"
    case .overlong(let expected):
      "\(ByteCount(size.bytes - expected)) longer than its header says"
    case .brokenHeader(let why): "broken: \(why)"
    case .webPage: "a web page: a login page or an error, saved as a model"
    case .text: "text, not a model"
    case .empty: "empty"
    case .partial: "an unfinished download"
    case .safetensors, .gguf, .pickle, .zip, .other: ""
    }
  }

  static func text(_ why: GoneReason) -> String {
    switch why {
    case .model: "gone"
    case .version: "this version is gone"
    case .file: "this version has another file now"
    case .archived: "archived by its creator"
    case .takenDown: "taken down"
    }
  }

  // MARK: JSON

  static func json(_ report: ScanReport, exit: Int32) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(Int(exit))),
      ("folder", .string(report.folder.string)),
      ("files", .array(report.files.map(node))),
      ("duplicates", .array(report.duplicates.map { .array($0.map { .string($0.path) }) })),
      ("problems", .array(report.problems.map(node))),
      ("otherFiles", .int(report.otherFiles)), ("folders", .int(report.folders)),
      ("asked", .bool(report.wasAsked)), ("calls", .int(report.calls)),
      ("unanswered", .optional(report.unanswered, JSONNode.string)),
    ])
  }

  private static func node(_ problem: ScanProblem) -> JSONNode {
    .object([("path", .string(problem.path)), ("why", .string(problem.why))])
  }

  private static func node(_ file: ScannedFile) -> JSONNode {
    let (content, expected, note) = words(file.content)
    return .object([
      ("path", .string(file.path)), ("bytes", .int(file.size.bytes)),
      ("sha256", .optional(file.digest) { .string($0.hex) }),
      ("content", .string(content)), ("sound", .bool(file.content.isSound)),
      ("expectedBytes", .optional(expected) { .int($0) }),
      ("note", .optional(note, JSONNode.string)),
      ("link", .bool(file.isLink)), ("sameStorageAsBefore", .bool(!file.isFirstName)),
      ("upstream", node(file.upstream)),
    ])
  }

  private static func words(_ content: FileContent) -> (String, Int64?, String?) {
    switch content {
    case .safetensors(let guess): ("safetensors", nil, guess)
    case .truncated(let expected): ("truncated", expected, nil)
    case .overlong(let expected): ("overlong", expected, nil)
    case .brokenHeader(let why): ("broken-header", nil, why)
    case .gguf: ("gguf", nil, nil)
    case .pickle: ("pickle", nil, nil)
    case .zip: ("zip", nil, nil)
    case .webPage: ("web-page", nil, nil)
    case .text: ("text", nil, nil)
    case .empty: ("empty", nil, nil)
    case .partial: ("partial", nil, nil)
    case .other: ("other", nil, nil)
    }
  }

  private static func node(_ finding: UpstreamFinding) -> JSONNode {
    switch finding {
    case .notAsked: .object([("state", .string("not-asked"))])
    case .unanswered: .object([("state", .string("unanswered"))])
    case .unknown: .object([("state", .string("unknown"))])
    case .gone(let title, let model, let version, let why):
      .object([
        ("state", .string(why.rawValue)), ("title", .string(title)),
        ("model", .int(model.rawValue)),
        ("modelVersion", .optional(version) { .int($0.rawValue) }),
      ])
    case .known(let known):
      .object([
        ("state", .string(known.newer == nil ? "current" : "outdated")),
        ("model", .int(known.model.rawValue)), ("modelVersion", .int(known.version.rawValue)),
        ("file", .optional(known.file) { .int($0.rawValue) }),
        ("modelName", .string(known.modelName)), ("versionName", .string(known.versionName)),
        ("modelType", .string(known.modelType)), ("baseModel", .string(known.baseModel)),
        ("creator", .optional(known.creator, JSONNode.string)),
        ("newer", .optional(known.newer, newerNode)),
      ])
    }
  }

  static func newerNode(_ newer: NewerVersion) -> JSONNode {
    .object([
      ("modelVersion", .int(newer.id.rawValue)), ("versionName", .string(newer.name)),
      ("baseModel", .string(newer.baseModel)),
      ("publishedAt", .optional(newer.publishedAt) { .string($0.description) }),
      ("gated", .bool(newer.gate != nil)),
    ])
  }
}
