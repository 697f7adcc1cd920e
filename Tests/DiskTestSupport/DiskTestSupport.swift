package import Core
import SystemIO
import Testing

/// A folder of the test's own that goes with the last reference.
package final class TemporaryFolder: Sendable {
  package let path: AbsolutePath

  package init(in parent: String = "/tmp") throws {
    let name = "civsync-test-" + String(UInt64.random(in: .min ... .max), radix: 36)
    path = try #require(AbsolutePath("\(parent)/\(name)"))
    try FileSystem().makeFolder(path)
  }

  deinit { Self.remove(path.location) }

  private static func remove(_ place: Location) {
    let files = FileSystem()
    guard let status = try? files.status(place) else { return }
    guard status.kind == .folder, let folder = try? files.openFolder(place) else {
      _ = try? files.unlink(place)
      return
    }
    for entry in (try? files.list(folder)) ?? [] { remove(folder.at(entry.displayName)) }
    _ = try? files.removeEmptyFolder(place)
  }

  package func write(_ text: String, to name: String) throws -> AbsolutePath {
    let file = path.appending(name)
    try FileSystem().makeFolders(file.parent)
    try FileSystem().writeAtomically(Array(text.utf8), to: file)
    return file
  }

  package func text(_ name: String) throws -> String? {
    try FileSystem().read(path.appending(name)).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Records every call, and makes chosen ones fail.
package final class Recorder: SystemCallObserver {
  private struct State {
    var calls: [String] = []
    var budget = Int.max
  }
  private let state = Locked(State())
  private let fault: @Sendable (String, String) -> Int32?

  /// - Parameter fault: the code that a call on a path fails with.
  package init(_ fault: @escaping @Sendable (String, String) -> Int32? = { _, _ in nil }) {
    self.fault = fault
  }

  /// Lets `count` calls through; all later ones fail, as if the process had been killed.
  package init(dyingAfter count: Int) {
    fault = { _, _ in nil }
    state.withLock { $0.budget = count }
  }

  package var calls: [String] { state.withLock { $0.calls } }
  package func count(_ call: String) -> Int { calls.count { $0 == call } }

  package func willCall(_ call: String, path: String) -> Int32? {
    state.withLock { state in
      state.calls.append(call)
      if state.calls.count > state.budget { return Code.io }
      return fault(call, path)
    }
  }
}

/// `errno` values that tests inject.
package enum Code {
  package static let notPermitted: Int32 = 1
  package static let io: Int32 = 5
  package static let crossDevice: Int32 = 18
  package static let invalid: Int32 = 22
  package static let noSpace: Int32 = 28
  package static let unsupported: Int32 = 95
}
