import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

struct `Following a rename` {
  private func placed(_ names: String = "Ink") throws -> [Entry] {
    let before = try resolve(following, answers([model(1, names, versions: [version(11)])]))
    return before.entries
  }

  @Test func `takes the names of model, version and file, and moves nothing else`() throws {
    let known = try placed()
    let today = model(
      1, "Inkwell",
      versions: [
        version(11, "v1.0", files: [file(110, "inkwell.safetensors", digest: digest(11))])
      ])
    let renaming = Renaming(
      known, answers([today]), for: try manifest(following).collections, isMeant: { _ in true })
    let entry = try #require(renaming.entries.first)
    #expect(entry.model.name == "Inkwell")
    #expect(entry.version.name == "v1.0")
    #expect(entry.file.name == "inkwell.safetensors")
    #expect(renaming.renamed == [entry.key])
    let after = try resolve(following, answers([today]), former: renaming.entries)
    #expect(after.paths == ["loras/inkwell.safetensors"])
    #expect(after.notes.isEmpty)
  }

  @Test func `is for those that are meant`() throws {
    let known = try placed()
    let renaming = Renaming(
      known, answers([model(1, "Inkwell", versions: [version(11)])]),
      for: try manifest(following).collections, isMeant: { _ in false })
    #expect(renaming.entries == known)
    #expect(renaming.renamed.isEmpty)
  }

  @Test func `is held where the manifest asks for the old name`() throws {
    let known = try placed()
    let filtered = following + "    names: [Ink]\n"
    let renaming = Renaming(
      known, answers([model(1, "Inkwell", versions: [version(11)])]),
      for: try manifest(filtered).collections, isMeant: { _ in true })
    #expect(renaming.entries == known)
    #expect(renaming.held == [1])
  }

  @Test func `does nothing where upstream shows nothing`() throws {
    let known = try placed()
    let renaming = Renaming(
      known, answers([]), for: try manifest(following).collections, isMeant: { _ in true })
    #expect(renaming.entries == known)
    #expect(renaming.renamed.isEmpty && renaming.held.isEmpty)
  }
}
