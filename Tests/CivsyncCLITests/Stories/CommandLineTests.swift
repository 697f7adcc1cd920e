import CivsyncCLI
import Engine
import Testing

struct `The command line` {
  @Test func `the version is one line`() async throws {
    let ran = try await Story().civsync("--version")
    #expect(ran.code == .ok)
    #expect(ran.output == "civsync \(Version.string)\n")
  }

  @Test func `without arguments, and with --help, it says what it can do`() async throws {
    let bare = try await Story().civsync()
    let help = try await Story().civsync("--help")
    #expect(bare.code == .ok)
    #expect(help.code == .ok)
    for command in ["plan", "apply", "status", "log", "show", "rollback"] {
      #expect(bare.output.contains("  \(command) "))
      #expect(help.output.contains("  \(command) "))
    }
  }

  @Test(arguments: [
    ["frobnicate"], ["plan", "--frobnicate"], ["rollback"], ["log", "--limit", "0"],
    ["log", "-n", "x"],
  ])
  func `a mistake in it is told on standard error with code 64`(arguments: [String]) async throws {
    let story = try Story()
    let ran = await story.run(arguments)
    #expect(ran.code == .usage)
    #expect(ran.output.isEmpty)
    #expect(ran.errors.hasPrefix("Error: "))
    #expect(ran.errors.contains("Usage: civsync"))
  }

  @Test func `apply and rollback without a terminal want --yes`() async throws {
    let story = try Story()
    for arguments in [["apply"], ["rollback", "HEAD~1"]] {
      let ran = await story.run(arguments)
      #expect(ran.code == .usage)
      #expect(
        ran.errors == """
          error[C002]: `civsync \(arguments.joined(separator: " "))` asks first, and nobody is \
          there to answer
            help: run it on a terminal, or add `--yes`

          """)
    }
  }

  @Test func `a missing manifest is said, in both forms`() async throws {
    let story = try Story()
    let plain = await story.civsync("plan")
    #expect(plain.code == .manifestInvalid)
    #expect(plain.errors.hasPrefix("error[M001]: cannot read the manifest `civsync.yaml`"))
    let json = await story.civsync("plan", "--json")
    #expect(json.code == .manifestInvalid)
    #expect(json.output.hasPrefix(#"{"version":1,"exit":4,"diagnostics":[{"code":"M001""#))
  }

  @Test func `several failures come to one code`() {
    #expect(CommandExit.combining([]) == .ok)
    #expect(CommandExit.combining([.unreachable, .unreachable]) == .unreachable)
    #expect(CommandExit.combining([.unreachable, .verificationFailed]) == .failed)
    #expect(CommandExit.combining([.failed, .noSpace]) == .noSpace)
    #expect(CommandExit.combining([.interrupted, .unreachable]) == .interrupted)
  }
}
