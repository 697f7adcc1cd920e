internal import CLinux
package import Core
internal import Glibc

/// A command of the user's, run by `/bin/sh -c` in a process group of its own, with nothing of this
/// process's but what is handed to it.
package struct ShellCommand: Sendable {
  package var text: String
  package var folder: AbsolutePath
  /// The whole of it.
  package var environment: [String: String]
  package var timeout: Duration
  /// Bytes of its output that are kept: the last ones.
  package var outputLimit: Int

  package init(
    _ text: String, in folder: AbsolutePath, environment: [String: String], timeout: Duration,
    outputLimit: Int = 64 << 10
  ) {
    self.text = text
    self.folder = folder
    self.environment = environment
    self.timeout = timeout
    self.outputLimit = outputLimit
  }

  package enum Ending: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It ran for too long, and was killed with all that it had started.
    case timedOut
    case cancelled
  }

  package struct Result: Hashable, Sendable {
    package var ending: Ending
    /// Both outputs as they came.
    package var output: [UInt8]
    /// Something of the output's beginning is missing.
    package var isCut: Bool
  }

  /// How often an end that no descriptor tells of is looked for.
  private static let slice: Int32 = 20

  /// Runs it to its end. Blocks: call it from ``BlockingExecutor``.
  ///
  /// What it leaves running in the background is killed with it.
  /// - Parameter isCancelled: asked many times a second; `true` kills it.
  package func run(
    isCancelled: @Sendable () -> Bool = { false }
  ) throws(SystemError) -> Result {
    var ends: [Int32] = [0, 0]
    guard unsafe civsync_pipe(&ends) == 0 else { throw failure("pipe", errno) }
    defer { close(ends[0]) }
    let child: pid_t
    do {
      defer { close(ends[1]) }
      child = try spawn(output: ends[1])
    }
    var output = Output(limit: outputLimit)
    let ending = watch(child, ends[0], &output, isCancelled)
    // The group is there as long as the child's remains are: no other can have its number.
    kill(-child, SIGKILL)
    let status = civsync_reap(child)
    output.drain(ends[0])
    let isKilled = status > 128
    return Result(
      ending: ending ?? (isKilled ? .killed(signal: status - 128) : .exited(status)),
      output: Array(output.bytes), isCut: output.isCut)
  }

  private func spawn(output: Int32) throws(SystemError) -> pid_t {
    let arguments = ["/bin/sh", "-c", text]
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    let code = unsafe Self.withCStrings(arguments) { arguments in
      unsafe Self.withCStrings(variables) { variables in
        unsafe civsync_spawn(
          "/bin/sh", arguments, variables, folder.string, -1, output, output, &child)
      }
    }
    guard code == 0 else { throw failure("spawn", code) }
    return child
  }

  private func failure(_ call: String, _ code: Int32) -> SystemError {
    SystemError(call: call, path: "/bin/sh", code: code)
  }

  /// - Returns: `nil` when it ended by itself.
  private func watch(
    _ child: pid_t, _ descriptor: Int32, _ output: inout Output, _ isCancelled: () -> Bool
  ) -> Ending? {
    let deadline = ContinuousClock.now + timeout
    var isOpen = true
    while true {
      if isCancelled() { return .cancelled }
      if civsync_has_ended(child) != 0 { return nil }
      if ContinuousClock.now >= deadline { return .timedOut }
      var wait = pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0)
      unsafe poll(&wait, 1, Self.slice)
      if wait.revents != 0 { isOpen = output.drain(descriptor) }
    }
  }

  private static func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe []
    for text in texts { unsafe pointers.append(strdup(text)) }
    unsafe pointers.append(nil)
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe pointers.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else {
        preconditionFailure("the list ends with a null pointer")
      }
      return unsafe body(start)
    }
  }

  /// The last bytes of what came.
  private struct Output {
    let limit: Int
    private(set) var bytes: ArraySlice<UInt8> = []
    private(set) var isCut = false

    init(limit: Int) { self.limit = limit }

    /// Takes what can be read without waiting.
    /// - Returns: whether more may come.
    @discardableResult
    mutating func drain(_ descriptor: Int32) -> Bool {
      var chunk = [UInt8](repeating: 0, count: 16 << 10)
      // A child that never stops writing must not keep its end from being seen.
      for _ in 0..<64 {
        let count = unsafe chunk.withUnsafeMutableBytes { buffer in
          unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        if count == 0 { return false }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        bytes += chunk[..<count]
        if bytes.count > limit {
          bytes = bytes.suffix(limit)
          isCut = true
        }
      }
      return true
    }
  }
}
