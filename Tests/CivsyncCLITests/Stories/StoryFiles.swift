import Core
import Foundation
import SystemIO
import Testing

extension Story {
  private var files: FileSystem { FileSystem() }

  /// Gives a file another time and leaves its content: what `touch` does, or a backup that keeps no
  /// nanoseconds. The time lies in the past, where the clock of a story has been.
  func touch(_ relative: String) throws {
    let time = FileTime(seconds: 1_735_689_600, nanoseconds: 0)
    try files.setModified(folder.appending(relative), time)
  }

  /// The object that the placed file should be made of.
  func object(of relative: String) throws -> String {
    let hashed = try #require(
      try files.hashFile(folder.appending(relative), followingLinks: true))
    let hex = hashed.digest.hex
    return ".civsync/store/sha256/\(hex.prefix(2))/\(hex)"
  }

  /// Changes one byte where the file stands, as a tool does that writes headers; through a hard link
  /// this reaches the object.
  /// - Parameter timePutBack: so that size and time say that nothing happened.
  func edit(_ relative: String, timePutBack: Bool, at offset: Int = 0) throws {
    let path = folder.appending(relative)
    try files.setMode(path, 0o644)
    let file = try files.open(path, .update)
    let time = try file.status().modified
    var byte: [UInt8] = [0]
    let middle = try file.status().size / 2 + Int64(offset)
    _ = try file.read(at: middle, into: &byte)
    try file.write([byte[0] ^ 0xff], at: middle)
    let changed = FileTime(seconds: 1_735_689_600, nanoseconds: 77)
    try file.setModified(timePutBack ? time : changed)
    try file.setMode(0o444)
  }

  func data(_ relative: String) -> Data? {
    FileManager.default.contents(atPath: path(relative))
  }

  /// Every file below a folder of the project with its content.
  func contents(below relative: String) -> [Data] {
    let all = FileManager.default.subpaths(atPath: path(relative)) ?? []
    return all.compactMap { data(relative + "/" + $0) }.filter { !$0.isEmpty }
  }
}
