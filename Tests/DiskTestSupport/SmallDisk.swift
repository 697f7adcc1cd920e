import Foundation
import ProgramTestSupport
import Testing

/// A file system of its own, mounted from a file or from memory, that goes with the last reference.
package final class SmallDisk: Sendable {
  package enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case ext4, xfs, btrfs, tmpfs

    /// Debian's package with the program that makes it.
    var package: String {
      switch self {
      case .ext4: "e2fsprogs"
      case .xfs: "xfsprogs"
      case .btrfs: "btrfs-progs"
      case .tmpfs: "mount"
      }
    }

    /// The smallest that the program makes, in MiB. What is not written takes no room.
    package var leastMegabytes: Int {
      switch self {
      case .ext4: 16
      case .xfs: 300
      case .btrfs: 128
      case .tmpfs: 1
      }
    }

    /// Whether two files can share extents there.
    package var hasReflinks: Bool { self == .xfs || self == .btrfs }

    package var testDescription: String { rawValue }

    /// Why it cannot be had here; `nil` when it can. Printed, so that a test left out is seen to be.
    package var obstacle: String? {
      guard geteuid() == 0 else { return "only root can mount" }
      let known = (try? String(contentsOfFile: "/proc/filesystems", encoding: .utf8)) ?? ""
      guard known.split(whereSeparator: \.isWhitespace).contains(Substring(rawValue)) else {
        return "the kernel has no \(rawValue)"
      }
      guard self != .tmpfs else { return nil }
      guard FileManager.default.isExecutableFile(atPath: "/sbin/mkfs.\(rawValue)") else {
        return "there is no mkfs.\(rawValue): install \(package)"
      }
      let hasLoops = FileManager.default.fileExists(atPath: "/dev/loop-control")
      return hasLoops ? nil : "there are no loop devices"
    }

    /// Those that can be had here; says why the others cannot.
    package static let available: [Kind] = allCases.filter { kind in
      guard let obstacle = kind.obstacle else { return true }
      print("left out: tests on \(kind.rawValue), because \(obstacle)")
      return false
    }
  }

  /// Where it is mounted.
  package let path: String
  private let image: String
  private let kind: Kind

  /// - Parameter megabytes: at least the kind's least.
  package init(_ kind: Kind, megabytes: Int? = nil) throws {
    self.kind = kind
    let name = "civsync-disk-" + String(UInt64.random(in: .min ... .max), radix: 36)
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    image = path + ".image"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let size = max(megabytes ?? 0, kind.leastMegabytes)
    if kind == .tmpfs {
      try Self.run("/bin/mount", "-t", "tmpfs", "-o", "size=\(size)m", "tmpfs", path)
    } else {
      try #require(FileManager.default.createFile(atPath: image, contents: nil))
      try #require(unsafe truncate(image, off_t(size) << 20) == 0)
      try Self.run("/sbin/mkfs.\(kind.rawValue)", "-q", image)
      try Self.run("/bin/mount", "-o", "loop", image, path)
    }
  }

  deinit {
    _ = try? Self.run("/bin/umount", "-l", path)
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.removeItem(atPath: image)
  }

  /// Gives a disk in memory another size.
  package func resize(megabytes: Int) throws {
    try Self.run("/bin/mount", "-o", "remount,size=\(megabytes)m", path)
  }

  /// Lets nobody, root included, write more than so much to a btrfs: `EDQUOT`.
  package func limit(megabytes: Int?) throws {
    if let megabytes {
      try Self.run("/bin/btrfs", "quota", "enable", path)
      try Self.run("/bin/btrfs", "qgroup", "limit", "\(megabytes)M", "0/5", path)
    } else {
      try Self.run("/bin/btrfs", "qgroup", "limit", "none", "0/5", path)
    }
  }

  package func setReadOnly(_ isReadOnly: Bool) throws {
    try Self.run("/bin/mount", "-o", "remount,\(isReadOnly ? "ro" : "rw")", path)
  }

  /// Takes it away, as if it had been unplugged, and gives it back.
  package func unmounted<Result>(_ body: () async throws -> Result) async throws -> Result {
    try Self.run("/bin/umount", path)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    try Self.run("/bin/mount", "-o", "loop", image, path)
    return try result.get()
  }

  private static func run(_ program: String, _ arguments: String...) throws {
    let (end, said) = try Program.run(program, arguments)
    try #require(
      end.status == 0 && !end.wasKilled,
      "\(program) \(arguments.joined(separator: " ")): \(said)")
  }
}
