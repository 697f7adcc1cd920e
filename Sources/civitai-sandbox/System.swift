internal import Dispatch
internal import Glibc

/// Unbuffered output: a script that waits for the ready line must see it at once, also in a pipe.
enum Console {
  static func standardOutput(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func standardError(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 {
        if errno == EINTR { continue }
        // Nobody listens; the server goes on.
        return
      }
      rest = rest.dropFirst(written)
    }
  }
}

/// SIGTERM and SIGINT as something to wait for, from the moment this is made.
final class StopSignals {
  private let arrivals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.arrivals = arrivals
    // Writing to a pipe that nobody reads is an error to ignore, not to die of.
    signal(SIGPIPE, SIG_IGN)
    sources = [SIGTERM, SIGINT].map { number in
      // The default action would end the process before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in continuation.yield() }
      source.resume()
      return source
    }
  }

  /// Returns at the first signal.
  func first() async {
    for await _ in arrivals { return }
  }
}
