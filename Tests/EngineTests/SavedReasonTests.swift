import CatalogueModel
import Core
import FoundationEssentials
import Testing

@testable import Engine

@Suite struct `A reason in a saved plan` {
  @Test(
    arguments: [
      .addressRefused([
        AddressRefusal(host: "a.example", status: 404),
        AddressRefusal(host: "b.example", status: 403),
      ]), .objectMissing, .budget(rule: "total", at: "civsync.yaml:3"),
    ] as [BlockedReason])
  func `is read as it was written`(reason: BlockedReason) throws {
    let bytes = try JSONEncoder().encode(SavedReason(reason))
    #expect(try JSONDecoder().decode(SavedReason.self, from: bytes).reason() == reason)
  }

  @Test func `names the folder that it is about`() throws {
    let tree = TreeName("big")
    let place = Place(tree: tree, path: try #require(TreePath("loras/a/b")))
    let folder = Place(tree: tree, path: try #require(TreePath("loras")))
    let reason = BlockedReason.folderUnusable(place, folder: folder, why: "is none")
    let bytes = try JSONEncoder().encode(SavedReason(reason))
    #expect(try JSONDecoder().decode(SavedReason.self, from: bytes).reason() == reason)
  }
}
