import CivitaiSandbox
import Core
import Engine
import Foundation
import SystemIO
import Testing

/// Several projects with one store.
struct `Collecting in a store that projects share` {
  /// Two projects that have both models, with a store beside them.
  private func pair(_ sandbox: SandboxServer) async throws -> (Story, Story, store: String) {
    let stories = [try Story(), try Story()]
    let store = stories[0].path("shared")
    for story in stories {
      try declare(story, sandbox, store, "1001, 1002")
      await story.must("apply", "--yes")
    }
    return (stories[0], stories[1], store)
  }

  private func declare(
    _ story: Story, _ sandbox: SandboxServer, _ store: String, _ models: String
  ) throws {
    // Symbolic links: what another project needs shows in no count of links.
    try story.manifest(
      sandbox,
      Story.keepsLast + "link: symlink\nstore: \(store)\n"
        + "collections: { c: { models: [\(models)] } }\n")
  }

  private func object(_ store: String, _ story: Story, _ path: String) throws -> String {
    store + (try story.object(of: path)).dropFirst(".civsync/store".count)
  }

  private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test func `what another needs stays until that one needs it no more`() async throws {
    try await withSandbox { sandbox in
      let (one, other, store) = try await pair(sandbox)
      let object = try object(store, one, Story.night)
      try declare(one, sandbox, store, "1001")
      await one.must("apply", "--yes")
      let kept = await one.collect("--irreplaceable")
      #expect(
        kept.output.contains("= 1: other projects need them that use this store"), "\(kept.output)")
      #expect(kept.output.contains("= `\(other.folder)`: 2 objects"), "\(kept.output)")
      #expect(isThere(object))
      await other.expectSound()
      try declare(other, sandbox, store, "1001")
      await other.must("apply", "--yes")
      // It stays as long as that one's own collection has not said so.
      await one.collect()
      #expect(isThere(object))
      await other.collect()
      #expect(!isThere(object))
      for story in [one, other] { await story.expectSound() }
    }
  }

  @Test func `what one could go back to stays for it, whoever collects`() async throws {
    try await withSandbox { sandbox in
      let (one, other, store) = try await pair(sandbox)
      try declare(one, sandbox, store, "1001")
      await one.must("apply", "--yes")
      for story in [other] {
        try declare(story, sandbox, store, "1001")
        await story.must("apply", "--yes")
      }
      await other.collect("--irreplaceable")
      await one.must("rollback", "HEAD~1", "--yes")
      await one.expectSound()
    }
  }

  @Test func `one that is gone is named, and forgotten on the user's word alone`() async throws {
    try await withSandbox { sandbox in
      let (one, other, store) = try await pair(sandbox)
      let object = try object(store, one, Story.night)
      try declare(one, sandbox, store, "1001")
      await one.must("apply", "--yes")
      let id = try #require(other.projectID)
      let alive = await one.must("gc", "--yes", "--forget", id, code: .usage)
      #expect(
        alive.errors == """
          error[C218]: the project in `\(other.folder)` is there, and uses this store
            note: only a project that is gone can be forgotten
            help: remove its folder, or give it a store of its own, first

          """)
      try FileManager.default.removeItem(atPath: other.path(".civsync"))
      let named = await one.collect("--irreplaceable")
      #expect(
        named.output.contains(
          "! `\(other.folder)`: 2 objects; it is not there. What it needs stays until `civsync gc "
            + "--forget \(id)`"), "\(named.output)")
      #expect(isThere(object))
      let unknown = await one.must("gc", "--forget", "nowhere", code: .usage)
      #expect(unknown.errors.contains("error[C218]: no project `\(one.path("nowhere"))` has told"))
      #expect(unknown.errors.contains("note: \(id): `\(other.folder)`"))
      // A dry run forgets nothing.
      let dry = await one.must("gc", "--grace", "0s", "--forget", other.folder.string)
      #expect(dry.output.contains("- `\(other.folder)`: 2 objects, forgotten"), "\(dry.output)")
      #expect(dry.output.contains("Would free 24 kB"))
      await one.collect()
      #expect(isThere(object))
      await one.collect("--forget", other.folder.string)
      #expect(!isThere(object))
      await one.expectSound()
    }
  }

  @Test func `a copied project gets an id of its own, and neither loses anything`() async throws {
    try await withSandbox { sandbox in
      let one = try Story()
      try declare(one, sandbox, one.path("shared"), "1001, 1002")
      await one.must("apply", "--yes")
      let copy = try Story()
      try FileManager.default.removeItem(atPath: copy.folder.string)
      try FileManager.default.copyItem(atPath: one.folder.string, toPath: copy.folder.string)
      let id = try #require(one.projectID)
      #expect(copy.projectID == id)
      // The next command that writes tells.
      let ran = await copy.must("tag", "start")
      #expect(
        ran.errors
          == "note: this folder is a copy of the project in `\(one.folder)`; it has an id of its own now\n"
      )
      let own = try #require(copy.projectID)
      #expect(own != id && one.projectID == id)
      #expect(await one.must("tag", "start").errors.isEmpty)
      // What it has from the other's time is its own to need.
      await copy.collect()
      #expect(Set(one.registered(in: "shared")) == [id, own])
      try declare(one, sandbox, one.path("shared"), "1001")
      await one.must("apply", "--yes")
      await one.collect("--irreplaceable")
      #expect(isThere(try object(one.path("shared"), copy, Story.night)))
    }
  }

  @Test func `a moved project stays the same, and tells where it is now`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      func options(_ folder: String) -> [String] {
        ["--project", story.path(folder), "-f", story.path(folder + "/civsync.yaml")]
      }
      try story.write(
        """
        version: 1
        root: \(story.path("models"))
        layout: comfyui
        store: \(story.path("shared"))
        source: { endpoints: ["\(sandbox.apiURL)"] }
        collections: { c: { models: [1001] } }

        """, to: "before/civsync.yaml")
      #expect(await story.run(["apply", "--yes"] + options("before")).code == .ok)
      let ids = story.registered(in: "shared")
      try FileManager.default.moveItem(atPath: story.path("before"), toPath: story.path("after"))
      let ran = await story.run(["protect", "--all"] + options("after"))
      #expect(ran.code == .ok && ran.errors.isEmpty, "\(ran.errors)")
      #expect(story.registered(in: "shared") == ids && ids.count == 1)
      let roots = try #require(story.read("shared/roots/\(ids[0])"))
      #expect(roots.contains(#""state":"\#(story.path("after/.civsync"))""#), "\(roots)")
      let object = try story.object(of: Story.aurora)
      #expect(roots.contains(object.suffix(64)))
    }
  }

  @Test func `roots that cannot be read end it before anything goes`() async throws {
    try await withSandbox { sandbox in
      let (one, other, store) = try await pair(sandbox)
      let object = try object(store, one, Story.night)
      for story in [one, other] {
        try declare(story, sandbox, store, "1001")
        await story.must("apply", "--yes")
      }
      let id = try #require(other.projectID)
      let path = "shared/roots/\(id)"
      try one.write("civsync-roots 9\n{}\n", to: path)
      for arguments in [["gc"], ["gc", "--yes", "--grace", "0s", "--irreplaceable"]] {
        let ran = await one.run(arguments)
        #expect(ran.code == .failed)
        #expect(
          ran.errors.contains(
            "error[C219]: `\(one.path(path))` has the format `civsync-roots 9`, which this civsync"),
          "\(ran.errors)")
      }
      try one.write("civsync-roots 1\ndamaged\n", to: path)
      let damaged = await one.civsync("gc", "--yes", "--grace", "0s")
      #expect(damaged.errors.contains("error[C219]: `\(one.path(path))` is damaged"))
      #expect(isThere(object))
      // Whose it is writes it anew.
      await other.collect()
      await one.collect()
      #expect(!isThere(object))
    }
  }

  @Test func `a project that has another store now is named`() async throws {
    try await withSandbox { sandbox in
      let (one, other, _) = try await pair(sandbox)
      let text = try #require(other.read(".civsync/project.json"))
      try FileManager.default.createDirectory(
        atPath: other.path("own"), withIntermediateDirectories: true)
      try other.write(
        text.replacing(one.path("shared"), with: other.path("own")), to: ".civsync/project.json")
      let ran = await one.must("gc")
      #expect(ran.output.contains("it has another store now. What it needs stays until"))
      let id = try #require(other.projectID)
      await one.must("gc", "--yes", "--forget", id)
      #expect(one.registered(in: "shared") == [try #require(one.projectID)])
    }
  }
}
