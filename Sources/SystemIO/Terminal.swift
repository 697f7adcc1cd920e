internal import CLinux
internal import Glibc

/// One of the three streams that a process is born with.
package enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  /// Whether a person sits at the other end.
  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The terminal's columns; `nil` when the stream is no terminal or does not know.
  package var columns: Int? {
    let columns = civsync_columns(rawValue)
    return columns > 0 ? Int(columns) : nil
  }
}

/// Text to a descriptor, by plain `write(2)`: nothing is buffered, and neither a full disk nor a
/// reader that went away ends the process.
package final class TextOutput: Sendable {
  private let descriptor: Int32
  private let name: String
  private let failure = Locked<SystemError?>(nil)

  package init(_ stream: StandardStream) {
    descriptor = stream.rawValue
    name = stream == .error ? "standard error" : "standard output"
  }

  /// - Parameters:
  ///   - descriptor: open for writing as long as this lives; not closed here.
  ///   - name: for errors.
  package init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// The first error, after which nothing more is written.
  package var error: SystemError? { failure.withLock { $0 } }

  /// Writes the whole text. Texts of several threads do not mix.
  /// - Returns: `nil`, or the error of this or an earlier call: with EPIPE the reader has gone.
  @discardableResult
  package func write(_ text: String) -> SystemError? {
    var text = text
    return failure.withLock { failure in
      if failure != nil { return failure }
      failure = text.withUTF8 { unsafe writeAll(UnsafeRawBufferPointer($0)) }
      return failure
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> SystemError? {
    var done = 0
    while done < bytes.count {
      let count = unsafe civsync_write(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if count >= 0 {
        done += Int(count)
        continue
      }
      let code = errno
      if code == EAGAIN {
        // The other end made the shared description non-blocking: wait until it takes more.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe _ = poll(&request, 1, -1)
      } else if code != EINTR {
        return SystemError(call: "write", path: name, code: code)
      }
    }
    return nil
  }
}

/// Input that a terminal does not show: tokens.
package enum HiddenInput {
  /// The terminal's settings while they are changed, so that whoever ends the process early can put
  /// them back.
  private static let before = Locked<termios?>(nil)

  /// Calls `body` while standard input does not echo. Where it is no terminal it only calls `body`.
  package static func read<Result>(_ body: () -> Result) -> Result {
    var settings = termios()
    guard unsafe tcgetattr(StandardStream.input.rawValue, &settings) == 0 else { return body() }
    before.withLock { $0 = settings }
    defer { restore() }
    settings.c_lflag &= ~tcflag_t(ECHO)
    settings.c_lflag |= tcflag_t(ECHONL)
    unsafe _ = tcsetattr(StandardStream.input.rawValue, TCSAFLUSH, &settings)
    return body()
  }

  /// Shows what is typed again, if it is hidden.
  package static func restore() {
    before.withLock { kept in
      guard var settings = kept else { return }
      unsafe _ = tcsetattr(StandardStream.input.rawValue, TCSANOW, &settings)
      kept = nil
    }
  }
}
