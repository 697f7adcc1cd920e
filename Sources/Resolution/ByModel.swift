import CatalogueModel
import Core

/// Elements found by the model that they belong to. One sorted list instead of a list for each of
/// tens of thousands of models.
struct ByModel<Element> {
  private let sorted: [Element]
  private let model: (Element) -> ModelID

  /// - Parameter elements: of one model in the order in which they are to be found.
  init(_ elements: some Sequence<Element>, by model: @escaping (Element) -> ModelID) {
    // Sorting is stable.
    sorted = elements.sorted { model($0) < model($1) }
    self.model = model
  }

  /// All of a model; empty where there are none.
  subscript(_ id: ModelID) -> ArraySlice<Element> {
    let first = sorted.bisected { model($0) >= id }
    return sorted[first...].prefix { model($0) == id }
  }
}
