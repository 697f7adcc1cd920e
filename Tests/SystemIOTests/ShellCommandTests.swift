import Core
import DiskTestSupport
import Foundation
import SystemIO
import Testing

@Suite struct `A command of the user's` {
  private func run(
    _ text: String, _ environment: [String: String] = ["PATH": "/usr/bin:/bin"],
    timeout: Duration = .seconds(300), limit: Int = 1_000
  ) async throws -> ShellCommand.Result {
    let folder = try #require(AbsolutePath("/tmp"))
    let command = ShellCommand(
      text, in: folder, environment: environment, timeout: timeout, outputLimit: limit)
    let executor = BlockingExecutor(label: "test.shell", width: 2)
    return try await executor.run { () throws(SystemError) in try command.run() }
  }

  private func text(_ result: ShellCommand.Result) -> String {
    String(decoding: result.output, as: UTF8.self)
  }

  @Test func `gives its exit code and both outputs`() async throws {
    let result = try await run("echo one; echo two >&2; exit 3")
    #expect(result.ending == .exited(3))
    #expect(text(result) == "one\ntwo\n")
    #expect(!result.isCut)
    #expect(try await run("kill -9 $$").ending == .killed(signal: 9))
  }

  @Test func `has the folder, the environment and nothing else`() async throws {
    #expect(text(try await run("pwd; read x; echo \"[$x]\"")) == "/tmp\n[]\n")
    let result = try await run("env", ["PATH": "/usr/bin:/bin", "A": "b c"])
    let names = Set(text(result).split(separator: "\n").map { $0.prefix { $0 != "=" } })
    #expect(names.isSuperset(of: ["PATH", "A"]))
    #expect(names.isSubset(of: ["PATH", "A", "PWD", "SHLVL", "_", "OLDPWD"]))
    let open = text(try await run("ls /proc/self/fd | wc -l"))
    // Three streams and the folder that `ls` reads.
    #expect(Int(open.filter(\.isNumber)) == 4)
  }

  @Test func `ignores no signal that this process ignores`() async throws {
    let result = try await run("sh -c 'kill -PIPE $$; echo still here'; true")
    #expect(!text(result).contains("still here"))
  }

  @Test func `that runs for too long is killed with all that it started`() async throws {
    let began = ContinuousClock.now
    let result = try await run(
      "sleep 3000 & echo $!; sleep 3000", timeout: .milliseconds(300))
    #expect(result.ending == .timedOut)
    #expect(ContinuousClock.now - began < .seconds(1_000))
    let child = try #require(Int32(text(result).filter(\.isNumber)))
    let gone = { () -> Bool in
      let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
      return status.map { $0.contains(") Z ") } ?? true
    }
    let deadline = ContinuousClock.now + .seconds(300)
    while !gone(), ContinuousClock.now < deadline { await Task.yield() }
    #expect(gone())
  }

  @Test func `that leaves something behind is not waited for`() async throws {
    let began = ContinuousClock.now
    let result = try await run("sleep 3000 & echo done")
    #expect(result.ending == .exited(0))
    #expect(text(result) == "done\n")
    #expect(ContinuousClock.now - began < .seconds(1_000))
  }

  @Test func `that says much keeps the end of it`() async throws {
    let result = try await run("seq 1 200000", limit: 14)
    #expect(result.ending == .exited(0))
    #expect(text(result) == "199999\n200000\n")
    #expect(result.isCut)
  }

  @Test func `that is cancelled is killed`() async throws {
    let folder = try #require(AbsolutePath("/tmp"))
    let command = ShellCommand(
      "sleep 3000", in: folder, environment: [:], timeout: .seconds(3_000))
    let executor = BlockingExecutor(label: "test.shell", width: 1)
    let result = try await executor.run { () throws(SystemError) in
      try command.run(isCancelled: { true })
    }
    #expect(result.ending == .cancelled)
  }

  @Test func `in a folder that is not there cannot start`() async throws {
    let folder = try #require(AbsolutePath("/nowhere/at/all"))
    let command = ShellCommand("true", in: folder, environment: [:], timeout: .seconds(1))
    #expect(throws: SystemError.self) { try command.run() }
  }
}
