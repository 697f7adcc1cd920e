import ArgumentParser
import Core
import Diagnostics
import Engine

struct LoginCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: "Keep your API token, after the site said that it is good.",
    discussion: """
      Asks for the token without showing it, or reads it from standard input: \
      `pass civitai | civsync login`. It is kept in civsync's config folder, for you alone to read, \
      and sent to civitai.com, civitai.red, this machine, and the hosts that --host allows. \
      CIVSYNC_TOKEN in the environment goes before it.
      """)

  @OptionGroup var project: ProjectOptions

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp(
      "Another host that the token may be sent to; may be repeated. Alone: no token is asked for.",
      valueName: "host[:port]"))
  var hosts: [String] = []

  @Flag(help: "Ask for a token besides --host.")
  var token = false

  @Flag(help: "Keep the token even when the site cannot be asked.")
  var unchecked = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    var given: Secret?
    if hosts.isEmpty || token { given = try read(context) }
    let result = try await engine.logIn(given, hosts: hosts, isChecked: !unchecked)
    let reporter = Reporter(context, json: project.json)
    reporter.show(
      AccountView.login(result, hasToken: given != nil, reporter.view),
      json: AccountView.json(result))
    return .ok
  }

  private func read(_ context: CommandContext) throws(EngineError) -> Secret {
    if context.canAsk {
      context.errors.write("API token (from the site's account settings; not shown): ")
    }
    let text = (context.readSecret() ?? "").filter { !$0.isWhitespace }
    let isPrintable = text.unicodeScalars.allSatisfy { (0x21...0x7e).contains($0.value) }
    guard !text.isEmpty, isPrintable, text.utf8.count <= 4_096 else {
      throw EngineError(
        "C187", text.isEmpty ? "no token was given" : "this is no API token",
        help: "make one in the site's account settings, and give it on one line", exit: .usage)
    }
    return Secret(text)
  }
}

struct LogoutCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Forget the API token that login kept.")

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Forget the allowed hosts too.")
  var hosts = false

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let engine = try project.engine(context, SilentObserver())
    let hadAny = try await engine.logOut(hosts: hosts)
    let stays = engine.hasTokenInEnvironment
    let reporter = Reporter(context, json: project.json)
    reporter.show(
      AccountView.logout(hadAny: hadAny, stays: stays, reporter.view),
      json: .object([
        ("version", .int(1)), ("exit", .int(0)), ("forgotten", .bool(hadAny)),
        ("environment", .bool(stays)),
      ]))
    return .ok
  }
}

struct WhoamiCommand: CivsyncCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Tell whose token it is, and where it comes from.")

  @OptionGroup var project: ProjectOptions

  var printsJSON: Bool { project.json }

  func run(_ context: CommandContext) async throws -> CommandExit {
    let engine = try project.engine(context, ChatterObserver(context, json: project.json))
    let info = try await engine.whoAmI()
    let reporter = Reporter(context, json: project.json)
    reporter.show(
      AccountView.whoami(info, reporter.view),
      json: .object([("version", .int(1)), ("exit", .int(0))] + AccountView.fields(info)))
    return .ok
  }
}
