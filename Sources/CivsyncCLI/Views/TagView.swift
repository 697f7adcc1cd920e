/// A snapshot's name.
package struct TagItem: Sendable, Hashable {
  package var name: String
  package var snapshot: LogItem

  package init(name: String, snapshot: LogItem) {
    self.name = name
    self.snapshot = snapshot
  }
}

/// The names of snapshots. Every line is ended.
package enum TagView {
  package static func human(_ tags: [TagItem], _ options: ViewOptions = ViewOptions()) -> String {
    var page = Page(options)
    if tags.isEmpty {
      page.paragraph("No snapshot has a name yet: `civsync tag NAME` gives the last one a name.")
    }
    for tag in tags { page.paragraph(line(tag), hanging: 2) }
    return page.text
  }

  package static func human(
    added tag: TagItem, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    page.paragraph("Snapshot \(tag.snapshot.shortID) is called `\(tag.name)`.")
    return page.text
  }

  package static func human(
    removed name: String, _ options: ViewOptions = ViewOptions()
  ) -> String {
    var page = Page(options)
    page.paragraph("No snapshot is called `\(name)` any more; the snapshot itself stays.")
    return page.text
  }

  private static func line(_ tag: TagItem) -> String {
    "\(tag.name): \(tag.snapshot.shortID), \(tag.snapshot.time), \(tag.snapshot.title)"
  }

  package static func json(_ tags: [TagItem]) -> JSONNode {
    .object([("version", .int(1)), ("tags", .array(tags.map(node)))])
  }

  package static func json(added tag: TagItem) -> JSONNode {
    .object([("version", .int(1)), ("added", node(tag))])
  }

  package static func json(removed name: String) -> JSONNode {
    .object([("version", .int(1)), ("removed", .string(name))])
  }

  private static func node(_ tag: TagItem) -> JSONNode {
    .object([("name", .string(tag.name)), ("snapshot", LogView.node(tag.snapshot))])
  }
}
