import CatalogueModel
import ContentStore
import Core
import Foundation
import GitStore
import History
import Testing

/// D12: the store knows what the project needs.
extension Invariants {
  private struct Project: Decodable {
    var id: String
  }

  private struct Journal: Decodable {
    var commit: String
  }

  /// As soon as there is a snapshot, or a journal that names one, the store has the project's roots, and
  /// they cover both that and every earlier one.
  func roots(_ look: Look) -> [Violation] {
    do {
      let needs = try needs(look)
      guard !needs.isEmpty else { return [] }
      guard let file = look.image.bytes(".civsync/project.json") else {
        return [Violation(id: "D12", text: "something is placed, and the project has no id")]
      }
      let id = try JSONDecoder().decode(Project.self, from: Data(file)).id
      let content = ContentStore(root: folder.appending(store))
      guard let file = try content.root(id) else {
        return [Violation(id: "D12", text: "the store has no roots of the project")]
      }
      guard let root = try? file.root.get() else {
        // Nobody collects as long as it is so, and the project writes them anew before it relies on them.
        let mayBe = !readsRoots && look.image.names[".civsync/journal/switch.json"] == nil
        return mayBe ? [] : [Violation(id: "D12", text: "the roots cannot be read")]
      }
      var found: [Violation] = []
      if root.owner.project != id || root.owner.state != folder.appending(".civsync").string {
        found.append(Violation(id: "D12", text: "the roots are another project's"))
      }
      for digest in needs.subtracting(root.digests).subtracting(collected).sorted() {
        found.append(Violation(id: "D12", text: "the roots do not name `\(digest.short)`"))
      }
      return found
    } catch {
      return [Violation(id: "D12", text: "what is needed cannot be read: \(error)")]
    }
  }

  private func needs(_ look: Look) throws -> Set<Digest> {
    let history = History(folder: folder.appending(".civsync"))
    var commits = try history.log().map(\.id)
    if let bytes = look.image.bytes(".civsync/journal/switch.json") {
      let journal = try JSONDecoder().decode(Journal.self, from: Data(bytes))
      commits.append(try #require(CommitID(hex: journal.commit)))
    }
    var needs: Set<Digest> = []
    for commit in commits {
      for entry in try history.read(commit).entries {
        needs.insert(entry.digest)
        needs.formUnion(entry.file.companions.map(\.digest))
      }
    }
    return needs
  }
}
