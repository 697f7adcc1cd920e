import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `What is new at the site` {
  @Test func `is noticed once, kept with its date, and stops nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(
        sandbox, "collections:\n  a: { models: [1405, 1004], files: { all: true } }\n")
      let first = await story.must("apply", "--yes")
      #expect(story.placed().count == 2)
      #expect(first.errors.contains("that this civsync does not know; `civsync doctor --api`"))
      let second = await story.must("plan", "--refresh")
      #expect(!second.errors.contains("does not know"))
      story.expect(await story.civsync("doctor", "--api", width: 90), Self.expected)
      let json = await story.must("doctor", "--api", "--json")
      #expect(
        json.output.contains(
          #"{"kind":"word","place":"model","name":"type","value":"HoloScene","count":2,"#),
        "\(json.output)")
      await sandbox.stop()
      let away = await story.must("doctor", "--api", code: .unreachable)
      #expect(away.output.contains("HoloScene") && away.output.contains("could not be asked"))
      await story.must("doctor", code: .usage)
    }
  }

  private static let expected = """
    Fields that are new: 3
      · model.quorum  since 2026-01-01, 2 times, first at model 1405
      · model.remixPolicy  since 2026-01-01, 2 times, first at model 1405
      · version.holoDepth  since 2026-01-01, 2 times, first at model 1405, version 14051

    Words that are new: 2
      · file.type: Hologram since 2026-01-01, 2 times, first at model 1405, version 14051,
        file 140511
      · model.type: HoloScene  since 2026-01-01, 2 times, first at model 1405

    ModelType: the site and this civsync have the same words.
    ModelFileType: the site and this civsync have the same words.
    Nothing of it stops a run: unknown fields are left out, and unknown words are taken as
    they are. A newer civsync may know them.
    [exit 0]
    """

  @Test func `a record of a later civsync stays as it is`() async throws {
    try await withSandbox { sandbox in
      let story = try Story()
      try story.manifest(sandbox, "collections:\n  a: { models: [1405] }\n")
      await story.must("apply", "--yes")
      let later = #"{"version":2,"seen":{"more":1}}"#
      try story.write(later, to: ".civsync/site-changes.json")
      await story.must("plan", "--refresh")
      #expect(story.read(".civsync/site-changes.json") == later)
      // What is damaged holds nothing that could be lost.
      try story.write("no JSON", to: ".civsync/site-changes.json")
      await story.must("plan", "--refresh")
      #expect(story.read(".civsync/site-changes.json")?.contains("HoloScene") == true)
    }
  }

  @Test func `needs no manifest, and says when there is nothing`() async throws {
    try await withSandbox { sandbox in
      let story = try Story(["CIVSYNC_ENDPOINTS": sandbox.apiURL])
      story.expect(
        await story.civsync("doctor", "--api"),
        """
        The answers of earlier runs here held nothing unknown.

        ModelType: the site and this civsync have the same words.
        ModelFileType: the site and this civsync have the same words.
        [exit 0]
        """)
    }
  }
}
