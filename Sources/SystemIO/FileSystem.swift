package import Core
internal import Glibc

/// Where names for temporary files come from; injected so that tests can foresee them.
package struct TemporaryNames: Sendable {
  private let next: @Sendable () -> UInt64
  private let fixed: String?

  package init(_ next: @escaping @Sendable () -> UInt64) {
    self.next = next
    fixed = nil
  }

  /// Names that no other process guesses or repeats.
  package static let random = TemporaryNames { UInt64.random(in: .min ... .max) }

  /// Always the same name, for who makes one file at a time and wants to find it again.
  /// - Parameter name: as ``make()`` gave it.
  package init(only name: String) {
    fixed = name
    next = { 0 }
  }

  /// Every temporary name begins with this, so that left-overs are recognised.
  package static let prefix = ".civsync-tmp-"

  /// Whether it is a name that ``random`` gives, and no other.
  package static func isRandom(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let number = name.utf8.dropFirst(prefix.utf8.count)
    return (1...13).contains(number.count)
      && number.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }

  /// A name for a file beside the one that it will become.
  package func make() -> String { fixed ?? Self.prefix + String(next(), radix: 36) }
}

/// The one door to the file system: every call that reads or changes it goes through here.
///
/// All functions block: call them from ``BlockingExecutor``, not from the cooperative pool.
/// Interrupted calls are repeated, short reads and writes completed.
package struct FileSystem: Sendable {
  package let observer: (any SystemCallObserver)?
  package let names: TemporaryNames

  package init(observer: (any SystemCallObserver)? = nil, names: TemporaryNames = .random) {
    self.observer = observer
    self.names = names
  }

  /// Whom the kernel takes this process for.
  package var user: UInt32 { geteuid() }

  /// Makes one system call: asks the observer first, repeats it when a signal interrupted it.
  /// - Parameter effect: what the call changed; worked out after it, and only where an observer wants
  ///   to know.
  /// - Returns: what the call returned, zero or greater.
  @discardableResult
  func call(
    _ name: String, _ location: Location, did effect: @autoclosure () -> SystemCallEffect? = nil,
    _ body: () -> Int
  ) throws(SystemError) -> Int {
    if let code = observer?.willCall(name, path: location.description) {
      throw SystemError(call: name, path: location.description, code: code)
    }
    while true {
      // The folder's descriptor must not be closed while the call uses its number.
      let result = withExtendedLifetime(location) { body() }
      if result >= 0 {
        if let observer, observer.wantsEffects, let effect = effect() {
          observer.didCall(effect)
        }
        return result
      }
      let code = errno
      if code != EINTR {
        throw SystemError(call: name, path: location.description, code: code)
      }
    }
  }
}

/// A path to work on: absolute, or a name in an open folder.
package struct Location: Sendable {
  let folder: Folder?
  let text: String

  var base: Int32 { folder?.descriptor ?? AT_FDCWD }
}

extension Location: CustomStringConvertible {
  package var description: String {
    folder.map { $0.path.string == "/" ? "/" + text : "\($0.path)/\(text)" } ?? text
  }
}

/// What has a place in the file system.
package protocol Locatable {
  var location: Location { get }
}

extension Location: Locatable {
  package var location: Location { self }
}

extension AbsolutePath: Locatable {
  package var location: Location { Location(folder: nil, text: string) }
}

/// An open folder. Names are looked up in the very folder that was opened, wherever it has been
/// moved since, so nobody can slip a symbolic link into the way.
package final class Folder: Sendable {
  let descriptor: Int32
  /// Where it stood when it was opened.
  package let path: AbsolutePath

  init(descriptor: Int32, path: AbsolutePath) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// - Parameter name: one component; taken as it is.
  package func at(_ name: String) -> Location { Location(folder: self, text: name) }
}

extension Folder: Locatable {
  /// The folder itself.
  package var location: Location { Location(folder: self, text: ".") }
}
