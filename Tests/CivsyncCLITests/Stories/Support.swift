import CivitaiSandbox
import CivsyncCLI
import ClockTestSupport
import Core
import Engine
import Foundation
import GitStore
import Synchronization
import SystemIO
import Testing

/// What a command printed and how it ended.
struct Ran {
  var code: CommandExit
  var output: String
  var errors: String
}

/// Text kept in memory.
final class MemoryOutput: CivsyncCLI.TextOutput {
  let isTerminal = false
  let width: Int?
  private let collected = Mutex("")

  init(width: Int? = nil) { self.width = width }

  var text: String { collected.withLock { $0 } }
  func write(_ text: String) { collected.withLock { $0 += text } }
}

/// Numbers in 0..<1 that follow from where they began.
final class Dice: Sendable {
  private let state = Mutex(UInt64.random(in: .min ... .max))

  func next() -> Double {
    state.withLock { state in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
  }
}

/// A folder of its own with a manifest in it, and civsync run there in process.
final class Story: Sendable {
  let folder: AbsolutePath
  let clock = SkippingClock()
  /// Another one in each story: projects must not take each other for themselves.
  private let random = Dice()
  /// Moves on by a minute with each command, so that times in the history are known.
  private let seconds = Mutex<Int64>(1_767_225_600)
  private let environment: Mutex<[String: String]>
  private let fileSystem = Mutex(FileSystem())
  private let freeSpace = Mutex<(@Sendable (String) -> ByteCount)?>(nil)
  private let memory = Mutex<(@Sendable (String) -> ByteCount)?>(nil)
  private let wallClock = Mutex<(@Sendable (String) -> GitTime)?>(nil)

  /// - Parameter parent: the folder that it is made in.
  init(
    _ environment: [String: String] = [:],
    below parent: String = FileManager.default.temporaryDirectory.path
  ) throws {
    // One length for all, so that no line breaks elsewhere.
    let number = UInt64.random(in: 1 << 60..<1 << 61)
    let path = "\(parent)/civsync-story-\(number)"
    folder = try #require(AbsolutePath(path))
    // Most stories change the site between two commands.
    let asksAnew = ["CIVSYNC_CATALOGUE_AGE": "0"]
    self.environment = Mutex(environment.merging(asksAnew) { given, _ in given })
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.string) }

  func setEnvironment(_ name: String, _ value: String?) {
    environment.withLock { $0[name] = value }
  }

  /// Lets an observer see, or fail, the calls of the commands that follow.
  func observe(_ observer: (any SystemCallObserver)?) {
    fileSystem.withLock { $0 = FileSystem(observer: observer) }
  }

  /// Another time for the commands that follow, which may move on with what a command has told.
  func setClock(_ time: @escaping @Sendable (_ told: String) -> GitTime) {
    wallClock.withLock { $0 = time }
  }

  /// Another room on the disk while the commands that follow fetch, likewise.
  func setFreeSpace(_ space: @escaping @Sendable (_ told: String) -> ByteCount) {
    freeSpace.withLock { $0 = space }
  }

  /// Another amount of memory, likewise.
  func setMemory(_ bytes: @escaping @Sendable (_ told: String) -> ByteCount) {
    memory.withLock { $0 = bytes }
  }

  func civsync(
    _ arguments: String..., answer: String? = nil, width: Int? = nil
  ) async -> Ran {
    await run(arguments, answer: answer, width: width)
  }

  func run(_ arguments: [String], answer: String? = nil, width: Int? = nil) async -> Ran {
    let output = MemoryOutput(width: width)
    let errors = MemoryOutput(width: width)
    let now = seconds.withLock { seconds in
      seconds += 60
      return seconds
    }
    let wallClock = wallClock.withLock { $0 }
    var engine = EngineContext(
      fileSystem: fileSystem.withLock { $0 }, environment: environment.withLock { $0 },
      clock: clock, now: { wallClock?(errors.text) ?? GitTime(seconds: now) },
      random: { [random] in random.next() },
      userAgent: "civsync/test",
      process: 4711,
      command: "civsync " + (arguments.first ?? ""))
    if let room = freeSpace.withLock({ $0 }) {
      engine.freeSpace = { (files, path) throws(SystemError) in
        let space = try files.freeSpace(path)
        return FreeSpace(
          available: room(errors.text), total: space.total, device: space.device)
      }
    }
    if let memory = memory.withLock({ $0 }) { engine.memory = { memory(errors.text) } }
    let context = CommandContext(
      engine: engine, workingFolder: folder, home: folder, output: output, errors: errors,
      readLine: { answer }, readSecret: { answer }, canAsk: answer != nil, uptime: { .zero })
    let code = await CivsyncTool.run(arguments, context)
    return Ran(code: code, output: output.text, errors: errors.text)
  }

  func path(_ relative: String) -> String { folder.appending(relative).string }

  func write(_ text: String, to relative: String) throws {
    let path = path(relative)
    try FileManager.default.createDirectory(
      atPath: folder.appending(relative).parent.string, withIntermediateDirectories: true)
    // A placed file is a read-only link into the store: an editor that saves makes a new one.
    try? FileManager.default.removeItem(atPath: path)
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  func read(_ relative: String) -> String? {
    FileManager.default.contents(atPath: path(relative)).map { String(decoding: $0, as: UTF8.self) }
  }

  func exists(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path(relative))
  }

  func manifest(_ sandbox: SandboxServer, _ body: String) throws {
    try manifest(endpoint: sandbox.apiURL, body)
  }

  func manifest(endpoint: String, _ body: String) throws {
    try write(
      "version: 1\nroot: models\nlayout: comfyui\nsource:\n  endpoints: [\"\(endpoint)\"]\n" + body,
      to: "civsync.yaml")
  }

  /// Everything in the trees, without civsync's own files, sorted.
  func placed(_ root: String = "models") -> [String] {
    let top = path(root)
    guard let all = FileManager.default.subpaths(atPath: top) else { return [] }
    return all.filter { name in
      var isFolder = false
      return FileManager.default.fileExists(atPath: top + "/" + name, isDirectory: &isFolder)
        && !isFolder && name != ".civsync-root" && !name.hasPrefix(".civsync-store/")
    }.sorted()
  }
}

extension String {
  /// What differs from run to run, in words: ports and folders.
  func stable(_ story: Story, _ sandbox: SandboxServer? = nil) -> String {
    var text = self
    if let sandbox {
      text = text.replacing(sandbox.apiURL, with: "API").replacing(
        sandbox.storageURL, with: "STORAGE")
    }
    return text.replacing(story.folder.string, with: "PROJECT")
  }
}
