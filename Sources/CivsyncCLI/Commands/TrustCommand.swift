import ArgumentParser
import Engine

struct TrustCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Let the manifest's commands run on this machine.",
    discussion: """
      Shows the commands under `checks:` and asks. What is agreed to are these very commands of \
      this manifest: another command asks again. A script that a command names is not looked at.
      """)

  @OptionGroup var project: ProjectOptions

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let reporter = Reporter(context, json: project.json)
    let confirmation = Confirmation(context: context, yes: yes)
    let engine = try project.engine(context, SilentObserver())
    var inquiry = try await engine.trustInquiry()
    if inquiry.isTrusted {
      reporter.show(TrustView.human(inquiry, reporter.view), json: TrustView.json(inquiry))
      return .ok
    }
    try confirmation.requireAnswerable("civsync trust")
    if !project.json { context.output.write(TrustView.human(inquiry, reporter.view)) }
    guard confirmation.ask("Let these commands run?") else { return .failed }
    try await engine.trust(inquiry)
    inquiry.isTrusted = true
    reporter.show("Trusted on this machine.\n", json: TrustView.json(inquiry))
    return .ok
  }
}
