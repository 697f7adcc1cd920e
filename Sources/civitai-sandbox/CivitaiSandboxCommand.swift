internal import ArgumentParser
internal import CivitaiSandbox
internal import FoundationEssentials

/// `civitai-sandbox`: a local server that behaves like the real API.
@main
struct CivitaiSandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "civitai-sandbox",
    abstract: "A local server that behaves like Civitai, quirks and faults included.",
    discussion: """
      Prints one line when it is ready, `ready api=http://127.0.0.1:PORT storage=http://localhost:PORT`, \
      and runs until SIGTERM or SIGINT. Docs/Sandbox.md lists its models and its control route.
      """)

  @Option(help: "Port of the API on 127.0.0.1; 0: any free one.")
  var port = 0

  @Option(help: "Port of storage; 0: any free one.")
  var storagePort = 0

  @Option(help: "Size of the made catalogue, up to \(SandboxOptions.mostModels).")
  var models = SandboxOptions().models

  @Option(help: "Factor on file sizes (default: 1, or 0.001 with --catalogue).")
  var scale: Double?

  @Option(help: "Another seed makes other bytes.")
  var seed: UInt64 = 1

  @Option(help: "Serve the recorded model responses (*.json) of a folder instead.")
  var catalogue: String?

  @Option(name: .customLong("token"), help: "A token that is valid; may be repeated.")
  var tokens: [String] = ["sandbox-token"]

  @Flag(help: "Send an ETag with each answer of the API, and 304 to those who have it.")
  var validators = false

  @Option(help: "Bytes per second for each connection to storage.")
  var throttle: Int?

  @Option(help: "What the answers call the API, such as https://civitai.com behind a proxy.")
  var shownApi: String?

  @Option(help: "What the answers call storage.")
  var shownStorage: String?

  @Option(help: "Also write the ready line to this file, when all is ready.")
  var readyFile: String?

  func validate() throws {
    guard (0...65_535).contains(port), (0...65_535).contains(storagePort) else {
      throw ValidationError("a port is a number from 0 to 65535")
    }
    guard models >= 0 else { throw ValidationError("`--models` cannot be negative") }
    guard scale.map({ $0 > 0 && $0 <= 1_000_000 }) ?? true else {
      throw ValidationError("`--scale` is a factor above 0, up to 1000000")
    }
    for name in [shownApi, shownStorage].compactMap(\.self) where URL(string: name)?.host == nil {
      throw ValidationError("`\(name)` is no URL of a server")
    }
    guard throttle.map({ $0 > 0 }) ?? true else {
      throw ValidationError("`--throttle` is a number of bytes above 0")
    }
  }

  private var options: SandboxOptions {
    var options = SandboxOptions()
    options.apiPort = port
    options.storagePort = storagePort
    options.models = models
    options.scale = scale
    options.seed = seed
    options.catalogueDirectory = catalogue
    options.tokens = Set(tokens)
    options.givesValidators = validators
    options.throttleBytesPerSecond = throttle
    options.shownAPI = shownApi
    options.shownStorage = shownStorage
    return options
  }

  func run() async throws {
    // Before the server: a signal that comes while it starts must not kill it half-way.
    let signals = StopSignals()
    let server: SandboxServer
    do {
      server = try await SandboxServer.start(options)
    } catch {
      Console.standardError("error: \(error)\n")
      throw ExitCode.failure
    }
    for note in server.notes { Console.standardError("note: \(note)\n") }
    let line = "ready api=\(server.apiURL) storage=\(server.storageURL)\n"
    do {
      if let readyFile {
        try Data(line.utf8).write(to: URL(filePath: readyFile), options: .atomic)
      }
    } catch {
      Console.standardError("error: cannot write `--ready-file`: \(error)\n")
      await server.stop()
      throw ExitCode.failure
    }
    Console.standardOutput(line)
    await signals.first()
    await server.stop()
  }
}
