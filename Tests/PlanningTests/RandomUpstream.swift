import CatalogueModel
import Core

/// A catalogue of a few models by two creators, and what happens to it.
struct RandomUpstream {
  private(set) var models: [Model] = []
  /// Creators whose list does not come whole, and how.
  private var silent: [String: Listing] = [:]
  private var nextID: Int64 = 100

  static let creators = ["alice", "bob"]

  init(_ random: inout Seeded) {
    for id in Int64(1)...6 { models.append(Self.model(id, &random)) }
  }

  private static func model(_ id: Int64, _ random: inout Seeded) -> Model {
    let versions = (0..<Int64.random(in: 1...3, using: &random)).map {
      version(id * 10 + $0, &random)
    }
    return Model(
      id: ModelID(id), name: "Model \(id % 4)",
      type: ["LORA", "Checkpoint", "VAE"].randomElement(using: &random) ?? "LORA",
      creator: creators.randomElement(using: &random),
      tags: tags(&random), commercialUse: Bool.random(using: &random) ? ["Image"] : nil,
      downloads: Bool.random(using: &random) ? .random(in: 0...50, using: &random) : nil,
      thumbsUp: .random(in: 0...9, using: &random), versions: versions)
  }

  private static func tags(_ random: inout Seeded) -> [String] {
    ["style", "meme"].filter { _ in Bool.random(using: &random) }
  }

  private static func version(_ id: Int64, _ random: inout Seeded) -> Version {
    let files = (1...Int64.random(in: 1...2, using: &random)).map { file(id * 10 + $0, &random) }
    return Version(
      id: VersionID(id), name: "v\(id)",
      baseModel: Bool.random(using: &random) ? "SDXL 1.0" : "Pony",
      publishedAt: Timestamp("2025-01-\(10 + Int64.random(in: 0..<20, using: &random))"),
      files: files)
  }

  /// Few names and few contents, so that both meet each other. A content has one length, which is not
  /// told of all.
  private static func file(_ id: Int64, _ random: inout Seeded) -> File {
    let content = UInt8.random(in: 1...40, using: &random)
    return File(
      id: FileID(id), name: "f\(Int.random(in: 0..<5, using: &random)).safetensors",
      format: Bool.random(using: &random) ? "SafeTensor" : "PickleTensor",
      digest: Int.random(in: 0..<8, using: &random) == 0 ? nil : digest(content),
      approximateBytes: content % 6 == 0 ? nil : length(of: digest(content)),
      scan: Int.random(in: 0..<8, using: &random) == 0 ? .pending : .success)
  }

  static func length(of digest: Digest) -> ByteCount {
    ByteCount(Int64(digest.bytes[0]) * 97 % 500 + 1)
  }

  /// Something that a creator or the site does.
  mutating func change(_ random: inout Seeded) {
    silent = [:]
    let index = models.indices.randomElement(using: &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0: if let index { models.remove(at: index) }
    case 1: if let index { models[index].tags = Self.tags(&random) }
    case 2: if let index { models[index].name = "Renamed \(index)" }
    case 3: if let index { models[index].type = "LoCon" }
    case 4: if let index { replaceFile(of: index, &random) }
    case 5:
      nextID += 1
      if let index { models[index].versions.append(Self.version(nextID, &random)) }
    case 6:
      nextID += 1
      models.append(Self.model(nextID, &random))
    case 7: if let index { _ = models[index].versions.popLast() }
    case 8: if let index { models[index].mode = .takenDown }
    case 9:
      let name = Self.creators.randomElement(using: &random) ?? "alice"
      silent[name] = [
        .unavailable(reason: "x"), .notFound, .partial([], reason: "x", fromFallback: false),
        .complete(Array(models.prefix(1)), fromFallback: true),
      ].randomElement(using: &random)
    case 10:
      if let index {
        models[index].downloads = .random(in: 0...50, using: &random)
        models[index].creator = Self.creators.randomElement(using: &random)
      }
    default:
      if let index {
        models[index].versions.indices.last.map {
          models[index].versions[$0].gate = Gate(endsAt: nil)
        }
      }
    }
  }

  private mutating func replaceFile(of index: Int, _ random: inout Seeded) {
    guard let version = models[index].versions.indices.randomElement(using: &random),
      let file = models[index].versions[version].files.indices.randomElement(using: &random)
    else { return }
    let other = Self.file(0, &random)
    models[index].versions[version].files[file].digest = other.digest
    models[index].versions[version].files[file].approximateBytes = other.approximateBytes
  }

  /// What it answers to everything that a manifest could ask.
  var answers: CatalogueAnswers {
    var answers = CatalogueAnswers()
    for name in Self.creators {
      answers.users[name] =
        silent[name]
        ?? .complete(models.filter { $0.creator == name }, fromFallback: false)
    }
    answers.favorites = .complete(
      models.filter { $0.id.rawValue % 3 == 0 }, fromFallback: false)
    for id in Int64(1)...9 {
      let found = models.first { $0.id.rawValue == id }
      answers.models[ModelID(id)] = found.map { .found($0, fromFallback: false) } ?? .gone
    }
    return answers
  }
}
