package import CatalogueModel

/// One page of `GET /models`.
package struct ModelPage: Sendable {
  package var models: [Model]
  /// Where the next page begins; `nil` after the last one. A page may be short, even empty, and
  /// still have one.
  package var nextCursor: String?
  /// Why each unusable model was left out.
  package var unreadable: [DecodingProblem]
}

/// Reads one page of a list of models.
/// - Throws: when the bytes are no JSON, or no page: without `items` and `metadata` nobody can
///   tell whether the list goes on.
package func decodePage(
  _ bytes: [UInt8], details: Bool = false
) throws(DecodingProblem) -> Decoded<ModelPage> {
  var odd = Oddities()
  let page = try modelPage(try parsed(bytes), details: details, &odd)
  return Decoded(value: page, oddities: odd.all)
}

func modelPage(
  _ value: JSONValue, details: Bool, _ odd: inout Oddities
) throws(DecodingProblem) -> ModelPage {
  guard let items = value["items"]?.array else {
    throw DecodingProblem(
      subject: "page", field: "items",
      message: "expected a list, found \(value["items"]?.kind ?? "nothing")")
  }
  guard let metadata = value["metadata"], metadata.members != nil else {
    throw DecodingProblem(
      subject: "page", field: "metadata",
      message: "expected an object, found \(value["metadata"]?.kind ?? "nothing")")
  }
  odd.fields(value, known: KnownFields.page, of: "page", "page")
  var page = ModelPage(models: [], nextCursor: try pageCursor(value), unreadable: [])
  for (index, item) in items.enumerated() {
    do {
      let subject = "model \(index + 1) of the page"
      try requireVersions(item)
      page.models.append(try modelValue(item, subject: subject, details: details, &odd))
    } catch {
      odd.note(error.subject, error.field ?? "items", "\(error.message); left out")
      page.unreadable.append(error)
    }
  }
  return page
}

/// Where the page after this one begins. Opaque: a text today, a number for some orders.
func pageCursor(_ page: JSONValue) throws(DecodingProblem) -> String? {
  switch page["metadata"]?["nextCursor"] {
  case nil, .null: return nil
  case .string(let text): return text.isEmpty ? nil : text
  case .integer(let number): return String(number)
  case .some(let other):
    throw DecodingProblem(
      subject: "page", field: "metadata.nextCursor",
      message: "expected a text, found \(other.kind)")
  }
}
