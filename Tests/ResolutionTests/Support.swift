import CatalogueModel
import Core
import Diagnostics
import ManifestModel
import Resolution
import Testing

/// A digest that is easy to tell from others: 32 times the same byte.
func digest(_ byte: UInt8) -> Digest {
  Digest(bytes: [UInt8](repeating: byte, count: 32)) ?? Digest.zero
}

extension Digest {
  static var zero: Digest {
    guard let zero = Digest(bytes: [UInt8](repeating: 0, count: 32)) else {
      preconditionFailure("32 bytes make a digest")
    }
    return zero
  }
}

struct OneFile: ManifestLoader {
  var text: String

  func load(_ path: AbsolutePath) -> LoadedManifest {
    path.name == "civsync.yaml" ? .found(Array(text.utf8)) : .missing
  }
}

/// The manifest that a text declares; the test fails with its diagnostics otherwise.
func manifest(_ body: String, layout: String = "comfyui") throws -> Manifest {
  try manifest(text: "version: 1\nroot: /models\nlayout: \(layout)\n" + body)
}

/// The same of a whole text.
func manifest(text: String) throws -> Manifest {
  let path = try #require(AbsolutePath("/project/civsync.yaml"))
  let (manifest, diagnostics) = loadManifest(
    path: path, loader: OneFile(text: text), environment: [:], home: AbsolutePath("/home/me"))
  try #require(
    !diagnostics.hasErrors, Comment(rawValue: diagnostics.rendered()))
  return try #require(manifest)
}

/// A LORA with one version and one file for each number given.
func model(
  _ id: Int64, _ name: String = "Ink", type: String = "LORA", creator: String? = "alice",
  tags: [String] = [], nsfw: Int = 1, versions: [Version]
) -> Model {
  Model(
    id: ModelID(id), name: name, type: type, creator: creator, tags: tags, nsfwLevel: nsfw,
    versions: versions)
}

func version(
  _ id: Int64, _ name: String = "v1", base: String = "SDXL 1.0", published: String? = nil,
  gate: Gate? = nil, files: [File]? = nil
) -> Version {
  Version(
    id: VersionID(id), name: name, baseModel: base,
    publishedAt: published.flatMap { Timestamp($0) }, gate: gate,
    files: files ?? [file(id * 10, digest: digest(UInt8(truncatingIfNeeded: id)))])
}

func file(
  _ id: Int64, _ name: String = "ink.safetensors", type: String = "Model",
  format: String? = "SafeTensor", precision: String? = nil, size: String? = nil,
  quant: String? = nil, digest: Digest?, primary: Bool = false, scan: ScanState = .success
) -> File {
  File(
    id: FileID(id), name: name, type: type, format: format, precision: precision, size: size,
    quantType: quant, digest: digest, approximateBytes: ByteCount(1_000), isPrimary: primary,
    scan: scan)
}

func answers(user: String = "alice", _ models: [Model], fallback: Bool = false) -> CatalogueAnswers
{
  CatalogueAnswers(users: [user: .complete(models, fromFallback: fallback)])
}

func answers(ids models: [Model]) -> CatalogueAnswers {
  CatalogueAnswers(
    models: Dictionary(
      models.map { ($0.id, .found($0, fromFallback: false)) }, uniquingKeysWith: { $1 }))
}

let following = "collections:\n  follow:\n    users: [alice]\n"

func resolve(
  _ body: String, layout: String = "comfyui", _ answers: CatalogueAnswers, former: [Entry] = [],
  hasToken: Bool = false, refusals: [EntryIdentity: BlockedReason] = [:], stored: Set<Digest> = []
) throws -> Resolution {
  Resolver.resolve(
    try manifest(body, layout: layout), answers,
    ResolutionContext(
      former: former, hasToken: hasToken, refusals: refusals, isStored: stored.contains))
}

extension Resolution {
  var files: [Int64] { entries.map(\.key.file.rawValue) }
  var versions: [Int64] { entries.map(\.key.version.rawValue) }
  var paths: [String] { entries.flatMap { $0.file.places.map(\.path.string) } }
  var states: [RecordedState] { entries.map(\.file.state) }
  var reasons: [BlockedReason] { blocked.map(\.reason) }
}
