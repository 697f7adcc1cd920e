internal import CLinux
package import Foundation

/// A program that runs beside the test, in a process group of its own.
///
/// Foundation's `Process` reads beyond the end of its list of open files when there are many of them, which takes
/// the whole test process down.
package final class Program: Sendable {
  package struct End: Sendable {
    package var status: Int32
    /// By a signal, which then is the status.
    package var wasKilled: Bool
  }

  /// What cannot be started.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package let id: Int32
  private let ending = Ending()
  private let ends: AsyncStream<End>

  /// - Parameters:
  ///   - folder: where it starts; here when there is none.
  ///   - environment: the whole of it; this process's own when there is none.
  ///   - input: where it reads from; nothing when there is none.
  ///   - output: where it writes to; nowhere when there is none.
  ///   - errors: likewise.
  package init(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String]? = nil, input: FileHandle? = nil, output: FileHandle? = nil,
    errors: FileHandle? = nil
  ) throws {
    // Foundation has one of its own, which has no descriptor.
    let nowhere = try FileHandle(forUpdating: URL(filePath: "/dev/null"))
    let variables = environment ?? ProcessInfo.processInfo.environment
    id = try Self.start(
      [path] + arguments, folder, variables.map { "\($0.key)=\($0.value)" },
      input?.fileDescriptor ?? -1, (output ?? nowhere).fileDescriptor,
      (errors ?? nowhere).fileDescriptor)
    let (ends, continuation) = AsyncStream.makeStream(of: End.self)
    self.ends = ends
    Thread.detachNewThread { [id, ending] in
      let end = Self.await(id)
      ending.set(end)
      continuation.yield(end)
      continuation.finish()
    }
  }

  package var isRunning: Bool { ending.value == nil }

  package func signal(_ number: Int32) {
    // Its number may be another's once it has ended.
    ending.whileOpen { _ = kill(id, number) }
  }

  /// Blocks until it has ended.
  @discardableResult
  package func wait() -> End { ending.wait() }

  /// Suspends until it has ended; once.
  package func end() async -> End {
    for await end in ends { return end }
    return End(status: SIGKILL, wasKilled: true)
  }

  /// Runs a program to its end. Blocks.
  /// - Returns: how it ended, and all that it printed.
  package static func run(
    _ path: String, _ arguments: [String], in folder: String? = nil,
    environment: [String: String]? = nil
  ) throws -> (end: End, output: String) {
    let pipe = Pipe()
    let program = try Program(
      path, arguments, in: folder, environment: environment, output: pipe.fileHandleForWriting,
      errors: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    var output = Data()
    while case let piece = pipe.fileHandleForReading.availableData, !piece.isEmpty {
      output += piece
    }
    return (program.wait(), String(decoding: output, as: UTF8.self))
  }

  private static func start(
    _ arguments: [String], _ folder: String?, _ variables: [String], _ input: Int32,
    _ output: Int32, _ errors: Int32
  ) throws -> Int32 {
    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let environment = unsafe variables.map { unsafe strdup($0) } + [nil]
    let place = unsafe folder.map { unsafe strdup($0) } ?? nil
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
      for index in unsafe environment.indices { unsafe free(environment[index]) }
      unsafe free(place)
    }
    var id: pid_t = 0
    let code = unsafe civsync_spawn(
      words[0], words, environment, place, input, output, errors, &id)
    guard code == 0 else {
      throw Failure(description: "cannot start `\(arguments[0])`: error \(code)")
    }
    return id
  }

  private static func await(_ id: Int32) -> End {
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0
      ? End(status: (status >> 8) & 0xff, wasKilled: false) : End(status: signal, wasKilled: true)
  }

  /// How it ended, once it has.
  // Safety: the value is only touched while the condition's lock is held.
  private final class Ending: @unchecked Sendable {
    private let condition = NSCondition()
    private var end: End?

    var value: End? {
      condition.lock()
      defer { condition.unlock() }
      return end
    }

    func set(_ value: End) {
      condition.lock()
      end = value
      condition.broadcast()
      condition.unlock()
    }

    func whileOpen(_ body: () -> Void) {
      condition.lock()
      defer { condition.unlock() }
      if end == nil { body() }
    }

    func wait() -> End {
      condition.lock()
      defer { condition.unlock() }
      while true {
        if let end { return end }
        condition.wait()
      }
    }
  }
}
