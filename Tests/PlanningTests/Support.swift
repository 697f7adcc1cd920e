import CatalogueModel
import Core
import Planning
import Resolution
import Testing

func digest(_ byte: UInt8) -> Digest {
  guard let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) else {
    preconditionFailure("32 bytes make a digest")
  }
  return digest
}

func place(_ path: String) -> Place {
  guard let path = TreePath(path) else { preconditionFailure("`\(path)` is no path") }
  return Place(tree: .main, path: path)
}

/// A model with one version and one file; its numbers all follow from `id`.
func entry(
  _ id: Int64, at paths: String..., content: UInt8? = nil, version: Int64? = nil,
  bytes: Int64 = 1_000, state: RecordedState = .current, origin: RecordedOrigin = .fetched
) -> Entry {
  Entry(
    model: RecordedModel(id: ModelID(id), name: "Model \(id)", type: "LORA", creator: "alice"),
    version: RecordedVersion(
      id: VersionID(version ?? id), name: "v\(version ?? id)", baseModel: "SDXL 1.0"),
    file: RecordedFile(
      id: FileID(version ?? id), name: "f.safetensors",
      digest: digest(content ?? UInt8(truncatingIfNeeded: id)), bytes: ByteCount(bytes),
      places: paths.map(place), collections: ["follow"], state: state, origin: origin))
}

func plan(
  _ desired: [Entry], former: [Entry] = [], world: ObservedWorld = ObservedWorld(),
  deselected: [Entry] = [], succeeded: [Succession] = []
) -> Plan {
  Planner.plan(
    Resolution(entries: desired, deselected: deselected, succeeded: succeeded), former: former,
    world: world)
}

/// - Parameter stored: everything, unless told.
func world(
  _ places: [String: Observed], stored: Set<Digest> = Set((UInt8(0)...255).map(digest))
) -> ObservedWorld {
  ObservedWorld(
    places: Dictionary(places.map { (place($0), $1) }, uniquingKeysWith: { $1 }), stored: stored)
}

extension Plan {
  /// `+ a/b`, `> new < old`: short enough for a test to show whole.
  var lines: [String] {
    actions.map { action in
      "\(action.kind.symbol) \(action.place)" + (action.from.map { " < \($0)" } ?? "")
        + (action.movesAside ? " aside" : "")
    }
  }
}
