import Core
import Testing

@testable import CivitaiSandbox

@Suite struct CatalogueTests {
  private let models = MadeModels.all

  @Test func `there are at least 60 models over all 23 types, by at least five creators`() {
    #expect(models.count >= 60)
    #expect(Set(models.map(\.type)).isSuperset(of: Vocabulary.modelTypes))
    #expect(Vocabulary.modelTypes.count == 23)
    #expect(Set(models.compactMap(\.creator)).count >= 5)
    #expect(Set(models.map(\.id)).count == models.count)
  }

  @Test func `most models are ordinary, and those to follow almost wholly`() {
    let ordinary = models.filter { model in
      model.mode == nil && !model.isRealPerson
        && model.versions.allSatisfy { version in
          version.gate == nil && version.access == .open && !version.files.isEmpty
            && version.publishedAt != nil
            && version.files.allSatisfy {
              $0.showsDigest && $0.pickleScan == "Success" && $0.linkedTo == nil
            }
        }
    }
    #expect(ordinary.count >= 45)
    #expect(ordinary.filter { $0.creator == AuroraStudio.name }.count == 10)
    #expect(ordinary.filter { $0.creator == Pixelsmith.name }.count == 10)
  }

  @Test func `ids are arithmetic, so that documents can name them`() {
    for model in models {
      for (index, version) in model.versions.enumerated() {
        #expect(version.id.rawValue == model.id.rawValue * 10 + Int64(index) + 1)
        for (place, file) in version.files.enumerated() where file.linkedTo == nil {
          #expect(file.id?.rawValue == version.id.rawValue * 10 + Int64(place) + 1)
        }
      }
    }
  }

  @Test func `all files together are small enough for a first contact`() {
    let files = models.flatMap(\.versions).flatMap(\.files)
    #expect(files.reduce(0) { $0 + $1.content.size } < 120_000_000)
    #expect(files.allSatisfy { $0.content.size >= 40_000 && $0.content.size < 6_000_000 })
  }

  @Test func `a linked file is the very file of the other version`() {
    let linked = models.flatMap(\.versions).flatMap(\.files).filter { $0.linkedTo != nil }
    #expect(!linked.isEmpty)
    for copy in linked {
      let owner = models.flatMap(\.versions).first { $0.id == copy.linkedTo }
      let original = owner?.files.first { $0.id == copy.id }
      #expect(original?.content == copy.content)
    }
  }

  @Test func `names are synthesized from model and version, but for those that keep their own`() {
    #expect(FileNaming.camelCase("Realistic Vision V6.0 B1") == "realisticVisionV60B1")
    let twins = models.first { $0.id == 1_407 }
    let names = twins.map { FileNaming.names(in: $0.versions[0], of: $0) }
    #expect(names == ["twinNames_v1.safetensors", "twinNames_v1.safetensors"])
    let suffixed = models.first { $0.id == 1_408 }
    #expect(
      suffixed.map { FileNaming.names(in: $0.versions[0], of: $0) } == [
        "suffixedNames_v1_140811.safetensors", "suffixedNames_v1_140812.safetensors",
      ])
  }

  @Test func `100,000 models are there at once, and the same in every run`() {
    let catalogue = Catalogue(models: models, total: 100_000, seed: 1, scale: 1)
    #expect(catalogue.positions.count == 100_000)
    let one = catalogue.model(at: 99_999)
    #expect(one?.id == 299_999)
    let again = Catalogue(models: models, total: 100_000, seed: 1, scale: 1).model(at: 99_999)
    #expect(
      again?.name == one?.name
        && again?.versions[0].files[0].content == one?.versions[0].files[0].content)
    #expect(catalogue.owner(of: VersionID(2_999_991))?.id == 299_999)
    #expect(catalogue.owner(of: FileID(29_999_911))?.version.id == 2_999_991)
    #expect(catalogue.model(300_000) == nil && catalogue.model(ModelID(rawValue: .min)) == nil)
    let traits = catalogue.traits(at: 99_999)
    #expect(traits?.creator == one?.creator && traits?.type == one?.type)
    #expect(catalogue.hasCreator("maker_3") && !catalogue.hasCreator("nobody"))
  }

  @Test func `scale and seed change sizes and bytes, not ids and names`() {
    let plain = Catalogue(models: models, total: 0, seed: 1, scale: 1).model(1_001)
    let other = Catalogue(models: models, total: 0, seed: 2, scale: 3).model(1_001)
    #expect(plain?.name == other?.name && plain?.versions[0].id == other?.versions[0].id)
    let sizes = [plain, other].map { $0?.versions[0].files[0].content.size ?? 0 }
    #expect(sizes[1] == sizes[0] * 3)
    #expect(plain?.versions[0].files[0].content.seed != other?.versions[0].files[0].content.seed)
  }
}
