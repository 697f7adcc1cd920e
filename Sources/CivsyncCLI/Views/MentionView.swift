import CatalogueModel
import Core
import Diagnostics
import Engine

extension MentionFound {
  /// What the manifest would get, where it is plain enough to be offered.
  var reference: String? {
    switch finding {
    case .sure(_, let reference), .named(_, let reference): reference
    case .guess, .present, .missing, .unknown: nil
    }
  }
}

/// The models that a workflow or a picture names.
enum MentionView {
  static func human(_ found: [MentionFound], of file: String, _ options: ViewOptions) -> String {
    var page = Page(options)
    page.heading("\(DisplayText.harmless(file)) names \(Measures.count(found.count, "model"))")
    for mention in found {
      let name = DisplayText.title(mention.mention.name)
      switch mention.finding {
      case .sure(let title, let reference):
        page.item("+", "\(name): \(DisplayText.title(title)) (\(reference))", meaning: .added)
      case .named(let title, let reference):
        page.item(
          "+", "\(name): \(DisplayText.title(title)) (\(reference)), which has a file of that name",
          meaning: .added)
      case .guess(let title, let model):
        page.item(
          "?",
          "\(name): perhaps \(DisplayText.title(title)), by its name alone; `civsync add \(model)` "
            + "if it is", meaning: .attention)
      case .present(let place):
        page.item("=", "\(name): here already, at \(place)", meaning: .faint)
      case .missing:
        let isSure = mention.mention.hash != nil || mention.mention.version != nil
        page.item(
          "x", "\(name): " + (isSure ? "not found on the site" : "no model was found by this name"),
          meaning: .removed)
      case .unknown(let reason):
        page.item("!", "\(name): could not be looked up: \(reason)", meaning: .attention)
      }
    }
    page.gap()
    return page.text
  }

  static func nothing(_ options: ViewOptions) -> String {
    var page = Page(options)
    page.paragraph("Nothing to add that is sure.")
    return page.text
  }

  static func json(_ found: [MentionFound]) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)), ("written", .bool(false)),
      ("mentions", .array(found.map(node))),
    ])
  }

  static func node(_ found: MentionFound) -> JSONNode {
    var fields: [(String, JSONNode)] = [
      ("name", .string(found.mention.name)),
      ("hash", .optional(found.mention.hash, JSONNode.string)),
      ("modelVersion", .optional(found.mention.version) { .int($0.rawValue) }),
    ]
    switch found.finding {
    case .sure(let title, let reference):
      fields += [
        ("finding", .string("sure")), ("title", .string(title)), ("reference", .string(reference)),
      ]
    case .named(let title, let reference):
      fields += [
        ("finding", .string("named")), ("title", .string(title)),
        ("reference", .string(reference)),
      ]
    case .guess(let title, let model):
      fields += [
        ("finding", .string("guess")), ("title", .string(title)), ("model", .int(model.rawValue)),
      ]
    case .present(let place):
      fields += [("finding", .string("present")), ("place", PlanJSON.place(place))]
    case .missing: fields.append(("finding", .string("missing")))
    case .unknown(let reason):
      fields += [("finding", .string("unknown")), ("reason", .string(reason))]
    }
    return .object(fields)
  }
}
