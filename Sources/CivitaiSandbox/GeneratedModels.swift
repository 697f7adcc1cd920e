internal import Core

/// Models beyond the hand-made ones: each is a function of its number and the seed, so a catalogue
/// of 100,000 costs nothing until it is asked for.
struct GeneratedModels: Sendable {
  let seed: UInt64
  let scale: Double

  /// Ids are this plus the number in the catalogue.
  static let firstID: Int64 = 200_000
  static let creators = (0..<40).map { "maker_\($0)" }
  private static let types = ["LORA", "LORA", "LORA", "LoCon", "Checkpoint", "VAE", "Controlnet"]
  private static let bases = ["SDXL 1.0", "SD 1.5", "Illustrious", "Pony", "Flux.1 D"]
  private static let colours = [
    "Amber", "Cobalt", "Coral", "Ivory", "Jade", "Ochre", "Pearl", "Russet", "Slate", "Teal",
  ]
  private static let things = [
    "Bridge", "Canyon", "Delta", "Forest", "Garden", "Harbour", "Meadow", "Orchard", "Quarry",
    "Tower",
  ]

  /// What a list filters by, without making the model.
  struct Traits: Sendable {
    var creator: String
    var type: String
    var baseModel: String
  }

  private func draw(_ number: Int, _ what: UInt64) -> UInt64 {
    Mixing.mix(seed, UInt64(number), what)
  }

  private func pick(_ list: [String], _ number: Int, _ what: UInt64) -> String {
    list[Int(draw(number, what) % UInt64(list.count))]
  }

  func traits(_ number: Int) -> Traits {
    Traits(
      creator: pick(Self.creators, number, 1), type: pick(Self.types, number, 2),
      baseModel: pick(Self.bases, number, 3))
  }

  func model(_ number: Int) -> ModelRecord {
    let traits = traits(number)
    let name = "\(pick(Self.colours, number, 4)) \(pick(Self.things, number, 5)) \(number)"
    let kilobytes = 3 + Int64(draw(number, 6) % 20)
    let day = 1 + draw(number, 7) % 28
    let month = 1 + draw(number, 8) % 12
    let date = "2025-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    let file = name.lowercased().split(separator: " ").joined(separator: "_") + ".safetensors"
    return .made(
      Self.firstID + Int64(number), name, traits.type, by: traits.creator, tags: ["generated"],
      [.version("v1.0", traits.baseModel, date, [.named(file, kilobytes)])]
    ) { $0.adaptFiles(scale: scale, seed: seed) }
  }
}

extension ModelRecord {
  /// Makes the files larger or smaller by a factor, and of other bytes for another seed than 1.
  mutating func adaptFiles(scale: Double, seed: UInt64) {
    guard scale != 1 || seed != 1 else { return }
    for version in versions.indices {
      for file in versions[version].files.indices {
        let content = versions[version].files[file].content
        versions[version].files[file].content = FileContent(
          seed: seed == 1 ? content.seed : Mixing.mix(seed, content.seed),
          size: Int64((Double(content.size) * scale).rounded()), kind: content.kind)
      }
    }
  }
}

/// The hand-made models, in the order of their ids.
enum MadeModels {
  static let all: [ModelRecord] =
    (AuroraStudio.models() + Pixelsmith.models() + MiraLab.models() + Northwind.models()
      + TinkerShapes.models() + TinkerGates.models() + TinkerPerson.models() + LumenWorks.models())
}
