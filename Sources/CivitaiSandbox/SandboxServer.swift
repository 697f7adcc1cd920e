internal import FoundationEssentials
internal import HummingbirdCore
internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// Why a sandbox could not start.
package enum SandboxError: Error, Sendable, CustomStringConvertible {
  case cannotListen(port: Int, reason: String)
  case cannotReadCatalogue(directory: String, reason: String)
  case emptyCatalogue(directory: String)
  case tooManyModels(Int)

  package var description: String {
    switch self {
    case .cannotListen(let port, let reason):
      "cannot listen on port `\(port)`: \(reason); choose another one, or 0 for any free one"
    case .cannotReadCatalogue(let directory, let reason):
      "cannot read the catalogue folder `\(directory)`: \(reason); check the path"
    case .emptyCatalogue(let directory):
      "no model response in `\(directory)`; put answers of GET /api/v1/models/:id there, as *.json"
    case .tooManyModels(let count):
      "`\(count)` models are too many; ask for at most \(SandboxOptions.mostModels)"
    }
  }
}

/// A running sandbox: the API on one port, storage on another under another host name.
package final class SandboxServer: Sendable {
  package let apiURL: String
  package let storageURL: String
  /// What was left out of a recorded catalogue, for the program to tell.
  package let notes: [String]
  private let world: World
  private let listeners: [Listener]

  private init(world: World, notes: [String], api: Listener, storage: Listener) {
    self.world = world
    self.notes = notes
    apiURL = api.url
    storageURL = storage.url
    listeners = [api, storage]
  }

  /// Returns when both listeners are bound and the sandbox answers.
  package static func start(_ options: SandboxOptions) async throws -> SandboxServer {
    let (catalogue, notes) = try catalogue(options)
    let world = World(catalogue: catalogue, options: options)
    // Each listener's answers name the other's address, which is known only once it is bound.
    let addresses = NIOLockedValueBox<(api: String, storage: String)>(("", ""))
    let exchange: @Sendable () -> Exchange = {
      let known = addresses.withLockedValue { $0 }
      return Exchange(
        world: world, apiURL: options.shownAPI ?? known.api,
        storageURL: options.shownStorage ?? known.storage)
    }
    let storage = try await Listener.start(port: options.storagePort, shownHost: "localhost") {
      try await exchange().storage($0, $1, $2)
    }
    addresses.withLockedValue { $0.storage = storage.url }
    let api: Listener
    do {
      api = try await Listener.start(port: options.apiPort, shownHost: "127.0.0.1") {
        try await exchange().api($0, $1, $2)
      }
    } catch {
      await storage.stop()
      throw error
    }
    addresses.withLockedValue { $0.api = api.url }
    return SandboxServer(world: world, notes: notes, api: api, storage: storage)
  }

  private static func catalogue(
    _ options: SandboxOptions
  ) throws -> (catalogue: Catalogue, notes: [String]) {
    if let directory = options.catalogueDirectory {
      let recorded: RecordedCatalogue
      do {
        recorded = try RecordedCatalogue(directory: directory, scale: options.scale ?? 0.001)
      } catch {
        // Foundation's own text runs over lines and names no cure.
        let exists = FileManager.default.fileExists(atPath: directory)
        throw SandboxError.cannotReadCatalogue(
          directory: directory, reason: exists ? "it cannot be listed" : "it does not exist")
      }
      guard !recorded.models.isEmpty else {
        throw SandboxError.emptyCatalogue(directory: directory)
      }
      let catalogue = Catalogue(models: recorded.models, total: 0, seed: options.seed, scale: 1)
      return (catalogue, recorded.notes)
    }
    guard options.models <= SandboxOptions.mostModels else {
      throw SandboxError.tooManyModels(options.models)
    }
    let catalogue = Catalogue(
      models: Array(MadeModels.all.prefix(max(0, options.models))), total: options.models,
      seed: options.seed, scale: options.scale ?? 1)
    return (catalogue, [])
  }

  /// The same verbs as `POST /sandbox/control`.
  @discardableResult
  package func control(_ command: ControlCommand) async throws(ControlError) -> ControlAnswer {
    try world.perform(command)
  }

  /// What was asked so far; the same as `GET /sandbox/requests`.
  package var requests: RequestCounts { world.snapshot.counts }

  /// Closes both listeners and every connection; returns when they are closed.
  package func stop() async {
    for listener in listeners { await listener.stop() }
  }
}

/// One bound port and the task that serves it.
struct Listener: Sendable {
  let url: String
  private let task: Task<Void, any Error>

  /// - Parameter shownHost: the host name in the address; the socket is bound to 127.0.0.1.
  static func start(
    port: Int, shownHost: String, respond: @escaping HTTPChannelHandler.Responder
  ) async throws -> Listener {
    // Nobody reads a log of the sandbox: what goes wrong is in the answers.
    let logger = Logger(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() })
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = Server(
      childChannelSetup: HTTP1Channel(responder: respond),
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        continuation.yield(channel.localAddress?.port ?? port)
        continuation.finish()
      }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    let task = Task {
      // Whatever ends the server ends the wait for its port.
      defer { continuation.finish() }
      try await server.run()
    }
    for await bound in ports { return Listener(url: "http://\(shownHost):\(bound)", task: task) }
    let reason: String
    do {
      try await task.value
      reason = "the listener ended at once"
    } catch {
      reason = "\(error)"
    }
    throw SandboxError.cannotListen(port: port, reason: reason)
  }

  /// Cancels the server: it closes its socket, and each connection ends with its handler.
  func stop() async {
    task.cancel()
    _ = await task.result
  }
}
