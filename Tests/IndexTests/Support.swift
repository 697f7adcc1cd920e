import Core
import Index
import SystemIO
import Testing

/// A folder for one test, gone when the test has ended.
final class TemporaryFolder: Sendable {
  let path: AbsolutePath
  let files = FileSystem()

  init() throws {
    let name = "civsync-index-\(UInt64.random(in: .min ... .max))"
    path = try #require(AbsolutePath("/tmp/\(name)"))
    try files.makeFolder(path)
  }

  deinit {
    for entry in (try? files.list(path)) ?? [] {
      let place = path.appending(entry.displayName)
      _ = try? files.unlink(place)
      _ = try? files.removeEmptyFolder(place)
    }
    _ = try? files.removeEmptyFolder(path)
  }

  var database: AbsolutePath { path.appending("index.sqlite") }

  func names() throws -> [String] { try files.list(path).map(\.displayName) }
}

/// Noon of some day, in nanoseconds since 1970.
let noon: Int64 = 1_790_000_000_000_000_000

func digest(_ number: UInt8) throws -> Digest {
  try #require(Digest(bytes: [UInt8](repeating: number, count: 32)))
}

func file(_ number: Int) throws -> AbsolutePath {
  try #require(AbsolutePath("/models/loras/\(number).safetensors"))
}

func stamp(
  device: UInt64 = 1, inode: UInt64 = 2, size: Int64 = 3, time: Int64 = noon - 60_000_000_000
) -> FileStamp {
  FileStamp(device: device, inode: inode, size: size, mtimeNanoseconds: time)
}
