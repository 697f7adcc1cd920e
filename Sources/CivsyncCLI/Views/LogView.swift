/// One snapshot in a list of them.
package struct LogItem: Sendable, Hashable {
  /// The whole commit id.
  package var id: String
  /// As much of it as tells snapshots apart.
  package var shortID: String
  /// In the reader's time zone, for people.
  package var time: String
  /// ISO 8601, for programs.
  package var timestamp: String
  package var title: String
  /// What else points at it: `HEAD`, tags.
  package var refs: [String]
  /// Whether the store has all that going back to it takes; `nil` where that is not known.
  package var isWhole: Bool?

  package init(
    id: String, shortID: String, time: String, timestamp: String, title: String,
    refs: [String] = [], isWhole: Bool? = nil
  ) {
    self.id = id
    self.shortID = shortID
    self.time = time
    self.timestamp = timestamp
    self.title = title
    self.refs = refs
    self.isWhole = isWhole
  }
}

/// The history as a list, newest first as it is handed in.
package enum LogView {
  /// A line for each; on a narrow terminal the title stands below. Every line is ended.
  package static func human(_ items: [LogItem], _ options: ViewOptions = ViewOptions()) -> String {
    guard !items.isEmpty else {
      return "No snapshot yet: the first `civsync apply` makes one.\n"
    }
    var page = Page(options)
    let id = items.map { DisplayText.width($0.shortID) }.max() ?? 0
    let time = items.map { DisplayText.width($0.time) }.max() ?? 0
    for item in items {
      let lead =
        options.style.paint(DisplayText.padded(item.shortID, to: id), .changed) + "  "
        + options.style.paint(DisplayText.padded(item.time, to: time), .faint)
      let refs = item.refs.isEmpty ? "" : "(\(item.refs.joined(separator: ", "))) "
      let marks = item.isWhole == false ? "(objects missing) " : ""
      let title = DisplayText.harmless(refs + marks + item.title)
      let room = options.width.map { $0 - id - time - 4 }
      if let room, room < 24 {
        page.line(lead)
        page.paragraph(title, indent: 2)
      } else {
        page.line(lead + "  " + (room.map { DisplayText.cutEnd(title, to: $0) } ?? title))
      }
    }
    return page.text
  }

  package static func json(_ items: [LogItem]) -> JSONNode {
    .object([("version", .int(1)), ("snapshots", .array(items.map(node)))])
  }

  static func node(_ item: LogItem) -> JSONNode {
    .object([
      ("id", .string(item.id)), ("short", .string(item.shortID)),
      ("time", .string(item.timestamp)), ("title", .string(item.title)),
      ("refs", .array(item.refs.map(JSONNode.string))),
      ("whole", .optional(item.isWhole, JSONNode.bool)),
    ])
  }
}
