import CivsyncCLI
import Core
import Dispatch
import Glibc
import Synchronization

/// The program: the process's world as values, then the command line as a function.
@main
struct Program {
  static func main() async {
    CommandContext.keepMemorySmall()
    let arguments = Array(CommandLine.arguments.dropFirst())
    signal(SIGPIPE, SIG_IGN)
    guard let folder = workingFolder() else {
      let text = "error: the working folder is gone; change to one that is there\n"
      _ = unsafe text.withCString { unsafe write(STDERR_FILENO, $0, strlen($0)) }
      exit(1)
    }
    let prompt = Prompt()
    let context = CommandContext.system(
      environment: environment(), workingFolder: folder, arguments: arguments, now: localTime,
      process: getpid(), readLine: { prompt.readLine() })
    let command = Task { await CivsyncTool.exitCode(of: arguments, context) }
    let interruption = Interruption {
      // Nothing has begun while a question is open, and nobody would hear of a cancellation.
      if prompt.isOpen { Prompt.leave() }
      command.cancel()
    }
    let code = await command.value
    interruption.end()
    exit(code)
  }

  private static func environment() -> [String: String] {
    var values: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      if let mark = text.firstIndex(of: "=") {
        values[String(text[..<mark])] = String(text[text.index(after: mark)...])
      }
      unsafe next += 1
    }
    return values
  }

  private static func workingFolder() -> AbsolutePath? {
    guard let text = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(text) }
    return unsafe AbsolutePath(String(cString: text))
  }

  @Sendable private static func localTime() -> (seconds: Int64, offsetMinutes: Int) {
    var seconds = time(nil)
    var parts = unsafe tm()
    unsafe localtime_r(&seconds, &parts)
    return (Int64(seconds), unsafe parts.tm_gmtoff / 60)
  }
}

/// The question that waits for the user, if there is one.
private final class Prompt: Sendable {
  private let open = Mutex(false)

  var isOpen: Bool { open.withLock { $0 } }

  /// Ends the process in the middle of a question, with the terminal as it was.
  static func leave() -> Never {
    CommandContext.showTyping()
    // What comes next begins on a line of its own.
    _ = unsafe "\n".withCString { unsafe write(STDERR_FILENO, $0, 1) }
    _exit(130)
  }

  func readLine() -> String? {
    open.withLock { $0 = true }
    defer { open.withLock { $0 = false } }
    return Swift.readLine()
  }
}

/// Ctrl-C and a polite kill: the first stops cleanly and keeps what came, the second ends the
/// process at once. Whatever it leaves behind, the next run brings to its end.
private final class Interruption {
  private let sources: [any DispatchSourceSignal]

  init(_ stop: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "civsync.signals")
    let count = Count()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { @Sendable in
        if count.next() > 1 { _exit(130) }
        stop()
      }
      source.resume()
      return source
    }
  }

  func end() {
    for source in sources { source.cancel() }
  }

  /// Used on one queue only.
  // Safety: the handler of each source runs on the same serial queue.
  private final class Count: @unchecked Sendable {
    private var value = 0

    func next() -> Int {
      value += 1
      return value
    }
  }
}
