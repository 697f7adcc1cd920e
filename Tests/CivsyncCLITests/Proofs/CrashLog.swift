import Core
import Foundation
import SystemIO

/// Records what calls changed, in their order, from a state that it looks at first. What libgit2 and
/// SQLite wrote is found by looking whether it changed, before each call: their own work counts as done
/// at a stroke and durable.
final class CrashLog: SystemCallObserver {
  enum Event: Sendable {
    case effect(SystemCallEffect)
    /// All files of libgit2's and SQLite's as they were from here on.
    case others(FolderImage)
  }

  private struct State {
    var events: [Event] = []
    var others: [String: FileStatus] = [:]
  }

  let folder: AbsolutePath
  let start: FolderImage
  private let state = Locked(State())
  let wantsEffects = true

  init(_ folder: AbsolutePath) throws {
    self.folder = folder
    start = try FolderImage(folder)
    state.withLock { $0.others = Self.look(folder) }
  }

  var events: [Event] { state.withLock { $0.events } }

  func willCall(_ call: String, path: String) -> Int32? { nil }

  func didCall(_ effect: SystemCallEffect) {
    state.withLock { state in
      let now = Self.look(folder)
      if now != state.others {
        state.others = now
        state.events.append(.others(Self.image(of: now, in: folder)))
      }
      state.events.append(.effect(effect))
    }
  }

  /// Whether a path is libgit2's or SQLite's. The memory that SQLite shares beside a database is made
  /// anew after a crash.
  static func isOthers(_ path: String) -> Bool {
    path.hasPrefix(".civsync/.git/") || path.contains("index.sqlite")
  }

  private static func look(_ folder: AbsolutePath) -> [String: FileStatus] {
    var found: [String: FileStatus] = [:]
    let files = FileSystem()
    func walk(_ path: String) {
      for entry in (try? files.list(folder.appending(path))) ?? [] {
        let name = path + "/" + entry.displayName
        if let status = try? files.status(folder.appending(name)) { found[name] = status }
        if entry.kind == .folder { walk(name) }
      }
    }
    walk(".civsync/.git")
    for name in [".civsync/index.sqlite", ".civsync/index.sqlite-wal"] {
      if let status = try? files.status(folder.appending(name)) { found[name] = status }
    }
    return found
  }

  private static func image(
    of look: [String: FileStatus], in folder: AbsolutePath
  ) -> FolderImage {
    var image = FolderImage()
    let files = FileSystem()
    for (number, path) in look.keys.sorted().enumerated() {
      if look[path]?.kind == .folder {
        image.names[path] = .folder
        continue
      }
      let bytes = try? files.read(folder.appending(path))
      image.names[path] = .file(UInt64(number))
      image.contents[UInt64(number)] = .init(bytes: (bytes ?? nil) ?? [])
    }
    return image
  }
}
