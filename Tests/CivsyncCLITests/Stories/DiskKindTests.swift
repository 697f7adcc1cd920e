import CivitaiSandbox
import Core
import DiskTestSupport
import Engine
import Foundation
import SystemIO
import Testing

/// Real file systems, mounted for the test.
struct `On a file system of its own` {
  static let aurora = "models/loras/aurora_glow_v2.safetensors"

  @Test(arguments: SmallDisk.Kind.available)
  func `all is placed, damaged, repaired, replaced and taken back`(
    kind: SmallDisk.Kind
  ) async throws {
    let disk = try SmallDisk(kind, megabytes: 16)
    try await withSandbox { sandbox in
      let story = try Story(below: disk.path)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002, 1006] } }\n")
      await story.must("apply", "--yes")
      let photo = Photo(story)
      await story.must("status", "--verify")
      let object = try #require(AbsolutePath(story.path(try story.object(of: Self.aurora))))
      #expect(try FileSystem().status(object)?.links == (kind.hasReflinks ? 1 : 2))
      // Where files share extents alone, who writes to the placed one does no harm to the store.
      try story.edit(Self.aurora, timePutBack: false)
      let edited = try #require(story.data(Self.aurora))
      await story.must("verify", code: kind.hasReflinks ? .ok : .verificationFailed)
      await story.must("verify", "--repair", "--yes", code: .ok)
      await story.must("apply", "--yes")
      #expect(Photo(story) == photo)
      #expect(story.contents(below: ".civsync/aside").contains(edited))
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      await story.must("rollback", "HEAD~1", "--yes")
      #expect(Photo(story).files == photo.files)
      await story.must("verify")
    }
  }

  /// Does something when the first bytes of a file are about to be written.
  private final class AtFirstBytes: SystemCallObserver {
    private let body = Locked<(@Sendable () -> Void)?>(nil)

    init(_ body: @escaping @Sendable () -> Void) { self.body.withLock { $0 = body } }

    func willCall(_ call: String, path: String) -> Int32? {
      guard call == "write", path.contains("/partial/") else { return nil }
      let body = body.withLock { body in
        defer { body = nil }
        return body
      }
      body?()
      return nil
    }
  }

  /// The room goes while the files come.
  private func fillUp(
    _ disk: SmallDisk, says words: String, full: @escaping @Sendable () -> Void,
    cured: () throws -> Void
  ) async throws {
    try await withSandbox { sandbox in
      let story = try Story(below: disk.path)
      try story.manifest(sandbox, "collections: { c: { models: [1002] } }\n")
      await story.must("apply", "--yes")
      let photo = Photo(story)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002, 1003, 1006] } }\n")
      story.observe(AtFirstBytes(full))
      let ran = await story.run(["apply", "--yes"])
      #expect(ran.code == .noSpace || ran.code == .failed, "\(ran.errors)")
      #expect((ran.output + ran.errors).contains(words), "\(ran.errors)")
      #expect(Photo(story).files == photo.files)
      story.observe(nil)
      try cured()
      await story.must("apply", "--yes")
      await story.must("status", "--verify")
      await story.must("verify")
      #expect(Photo(story).files.count > photo.files.count)
    }
  }

  /// A file of somebody else's that takes what is left of a disk.
  private struct Other: Sendable {
    let path: AbsolutePath

    init(_ disk: SmallDisk) throws { path = try #require(AbsolutePath(disk.path + "/other")) }

    func takeAll() {
      do {
        let file = try FileSystem().open(path, .create)
        let block = [UInt8](repeating: 1, count: 4_096)
        for number in 0... {
          try file.write(block[...], at: Int64(number) * 4_096)
          try file.sync()
        }
      } catch {
        #expect(error.isFull, "\(error)")
      }
    }

    func giveBack() throws { try FileManager.default.removeItem(atPath: path.string) }
  }

  @Test(.enabled(if: SmallDisk.Kind.available.contains(.ext4)))
  func `that fills up while files come nothing is lost, and the next apply goes on`() async throws {
    let disk = try SmallDisk(.ext4)
    let other = try Other(disk)
    try await fillUp(disk, says: "no space left", full: other.takeAll, cured: other.giveBack)
  }

  @Test(.enabled(if: SmallDisk.Kind.available.contains(.btrfs)))
  func `whose quota is used up is said to be, and the next apply goes on`() async throws {
    let disk = try SmallDisk(.btrfs)
    let other = try Other(disk)
    try disk.limit(megabytes: 4)
    func giveBack() throws {
      try disk.limit(megabytes: nil)
      try other.giveBack()
    }
    try await fillUp(disk, says: "quota", full: other.takeAll, cured: giveBack)
  }

  @Test(.enabled(if: SmallDisk.Kind.available.contains(.ext4)))
  func `that is read-only is a clear message, and nothing changes`() async throws {
    let disk = try SmallDisk(.ext4)
    try await withSandbox { sandbox in
      let story = try Story()
      let head = "root: \(disk.path)/models\n"
      try story.write(
        "version: 1\n\(head)source: { endpoints: [\"\(sandbox.apiURL)\"] }\n"
          + "collections: { c: { models: [1002] } }\n", to: "civsync.yaml")
      await story.must("apply", "--yes")
      try disk.setReadOnly(true)
      try story.write(
        "version: 1\n\(head)source: { endpoints: [\"\(sandbox.apiURL)\"] }\n"
          + "collections: { c: { models: [1001] } }\n", to: "civsync.yaml")
      await story.must("plan")
      let refused = await story.must("apply", "--yes", code: .failed)
      #expect((refused.output + refused.errors).contains("read-only"), "\(refused)")
      await story.must("status")
      try disk.setReadOnly(false)
      await story.must("apply", "--yes")
      await story.must("status", "--verify")
    }
  }

  @Test(.enabled(if: SmallDisk.Kind.available.contains(.ext4)))
  func `that is not mounted stops the apply: nothing is made in its place`() async throws {
    let disk = try SmallDisk(.ext4)
    try await withSandbox { sandbox in
      let story = try Story()
      func manifest(_ models: String) -> String {
        "version: 1\nroot: \(disk.path)/models\nsource: { endpoints: [\"\(sandbox.apiURL)\"] }\n"
          + "collections: { c: { models: [\(models)] } }\n"
      }
      try story.write(manifest("1002"), to: "civsync.yaml")
      await story.must("apply", "--yes")
      try story.write(manifest("1001, 1002"), to: "civsync.yaml")
      try await disk.unmounted {
        let refused = await story.must("apply", "--yes", code: .failed)
        #expect(refused.errors.contains("mounted"), "\(refused.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: disk.path)
        #expect(left.isEmpty)
        await story.must("rollback", "@empty", "--yes", code: .failed)
      }
      await story.must("apply", "--yes")
      await story.must("status", "--verify")
    }
  }

  /// ext4 gives a file 65,000 names.
  @Test(.enabled(if: SmallDisk.Kind.available.contains(.ext4)))
  func `an object that has its fill of hard links is linked otherwise, and that is said`()
    async throws
  {
    let disk = try SmallDisk(.ext4)
    try await withSandbox { sandbox in
      let story = try Story(below: disk.path)
      try story.manifest(sandbox, "collections: { c: { models: [1001, 1002] } }\n")
      await story.must("apply", "--yes")
      let files = FileSystem()
      let names = try #require(AbsolutePath(story.path("names")))
      try files.makeFolder(names)
      let object = try #require(AbsolutePath(story.path(try story.object(of: Self.aurora))))
      for number in 3...65_000 { try files.link(object, to: names.appending("\(number)")) }
      try story.manifest(
        sandbox,
        "collections:\n  c: { models: [1001, 1002] }\n"
          + "  more: { models: [1001], root: more }\n")
      let ran = await story.must("apply", "--yes")
      #expect(
        ran.errors.contains("1 file is a symbolic link, not a hard link"),
        "\(ran.errors)")
      await story.must("status", "--verify")
      await story.must("rollback", "HEAD~1", "--yes")
      await story.must("status", "--verify")
    }
  }
}
