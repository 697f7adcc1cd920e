import CivitaiSandbox
import Core
import DiskTestSupport
import Engine
import Foundation
import SystemIO
import Testing

@Suite(.enabled(if: SmallDisk.Kind.available.contains(.tmpfs)))
struct `A state folder on a disk that is nearly full` {
  /// What is left of the disk, in pages.
  private func leave(_ pages: Int, of disk: SmallDisk) throws {
    let path = try #require(AbsolutePath(disk.path + "/other"))
    let file = try FileSystem().open(path, .updateOrCreate)
    let block = [UInt8](repeating: 1, count: 4_096)
    var number: Int64 = 0
    do {
      while true {
        try file.write(block[...], at: number * 4_096)
        number += 1
      }
    } catch {
      guard error.isFull else { throw error }
    }
    try file.truncate(to: max(0, number - Int64(pages)) * 4_096)
  }

  @Test func `ends an apply as a full disk wherever it is noticed, and nothing is lost`()
    async throws
  {
    let disk = try SmallDisk(.tmpfs, megabytes: 4)
    let elsewhere = try Story()
    try await withSandbox { sandbox in
      let story = try Story(below: disk.path)
      func declare(_ models: String) throws {
        try story.write(
          "version: 1\nroot: \(elsewhere.path("models"))\nstore: \(elsewhere.path("store"))\n"
            + "source: { endpoints: [\"\(sandbox.apiURL)\"] }\n"
            + "collections: { c: { models: [\(models)] } }\n", to: "civsync.yaml")
      }
      try declare("1001")
      await story.must("apply", "--yes")
      var (full, whole): (Set<String>, Int) = ([], 0)
      for pages in 0..<48 {
        try declare(pages.isMultiple(of: 2) ? "1001, 1002" : "1001, 1006")
        try leave(pages, of: disk)
        let ran = await story.run(["apply", "--yes"])
        let text = ran.errors + ran.output
        #expect(!text.contains("disk I/O error"), "\(pages) pages: \(text)")
        switch ran.code {
        case .ok: whole += 1
        case .noSpace:
          for code in text.matches(of: /error\[(C[0-9]+)\]/) { full.insert(String(code.1)) }
        default: Issue.record("with \(pages) pages \(ran.code): \(text)")
        }
        try FileManager.default.removeItem(atPath: disk.path + "/other")
        await story.must("apply", "--yes")
        await story.must("status", "--verify")
      }
      #expect(full.contains("C083") && whole > 0, "\(full), \(whole)")
    }
  }
}
