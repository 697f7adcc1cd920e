import ArgumentParser
package import Engine

/// The command line as a function: arguments in, exit code out.
package enum CivsyncTool {
  package static func run(_ arguments: [String], _ context: CommandContext) async -> CommandExit {
    let command: any ParsableCommand
    do {
      command = try Civsync.parseAsRoot(ImportCommand.spelledOut(arguments))
    } catch {
      return explain(error, context)
    }
    guard let command = command as? any CivsyncCommand else {
      // The bare program, and the parser's own `help`: both say what they have by an error.
      var help = command
      do { try help.run() } catch { return explain(error, context) }
      return .ok
    }
    do {
      return try await command.run(context)
    } catch let error as EngineError {
      return Reporter(context, json: command.printsJSON).report(error)
    } catch {
      return explain(error, context)
    }
  }

  /// ``run(_:_:)`` as a process ends.
  package static func exitCode(of arguments: [String], _ context: CommandContext) async -> Int32 {
    await run(arguments, context).rawValue
  }

  /// Help and the version go to standard output, mistakes in the command line to standard error.
  private static func explain(_ error: any Error, _ context: CommandContext) -> CommandExit {
    let text = Civsync.fullMessage(for: error, columns: context.output.width)
    if Civsync.exitCode(for: error).isSuccess {
      context.output.write(text + "\n")
      return .ok
    }
    context.errors.write(text + "\n")
    return .usage
  }
}

/// A command that runs in a context of its own instead of the process's.
protocol CivsyncCommand: ParsableCommand, Sendable {
  /// Whether results and errors are JSON.
  var printsJSON: Bool { get }

  func run(_ context: CommandContext) async throws -> CommandExit
}

struct Civsync: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "civsync",
    abstract: "Keep a folder of models as a manifest declares it.",
    discussion: """
      Declare the Civitai collections you want in civsync.yaml, see the exact change with \
      `civsync plan`, make it true with `civsync apply`, and go back with \
      `civsync rollback HEAD~1`.
      """,
    version: "civsync \(Version.string)",
    subcommands: [
      InitCommand.self, ValidateCommand.self, PlanCommand.self, ApplyCommand.self,
      StatusCommand.self, VerifyCommand.self, LogCommand.self, ShowCommand.self,
      RollbackCommand.self,
      AcceptCommand.self, RenameCommand.self, PruneCommand.self, ProtectCommand.self,
      UnprotectCommand.self, WhyCommand.self, DiffCommand.self, TrustCommand.self,
      LockCommand.self, LoginCommand.self, LogoutCommand.self, WhoamiCommand.self,
      ScanCommand.self, ImportCommand.self, AddCommand.self, SearchCommand.self,
      OutdatedCommand.self, StatsCommand.self, BenchCommand.self, DoctorCommand.self,
      TagCommand.self, StoreCommand.self, CollectCommand.self,
    ])
}
