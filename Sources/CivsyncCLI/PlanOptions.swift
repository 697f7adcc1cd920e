import ArgumentParser
import Engine

/// What a plan may take for granted, and what it shall be about.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Go on with another manifest than the last snapshot was made from.")
  var changeManifests = false

  @Flag(help: "Ask the site anew: what it told a moment ago, and what it refused before.")
  var refresh = false

  @Flag(help: "Follow the lock exactly, without asking the catalogue.")
  var locked = false

  @Flag(help: "Use no network: what would have to be fetched is blocked.")
  var offline = false

  @Flag(help: "Take what fits on the disk and put the rest off.")
  var fit = false

  @Flag(help: "Read the content of every placed file: finds what size and time do not tell.")
  var verify = false

  @Option(
    name: .customLong("target"),
    help: ArgumentHelp(
      "Only this collection, model or path, such as `loras/*`; may be repeated.",
      valueName: "what"))
  var targets: [String] = []

  @Option(
    name: .customLong("exclude"),
    help: ArgumentHelp("Leave this as it is; may be repeated.", valueName: "what"))
  var exclusions: [String] = []

  func validate() throws {
    if refresh, locked || offline {
      throw ValidationError("--refresh asks the site, and --locked and --offline do not")
    }
  }

  var request: PlanRequest {
    var request = PlanRequest(changesManifests: changeManifests, asksAgain: refresh)
    request.followsLock = locked
    request.isOffline = offline
    request.fits = fit
    request.verifies = verify
    request.targets = targets
    request.exclusions = exclusions
    return request
  }

  /// Whether anything was said that a saved plan has decided already.
  var isDefault: Bool {
    !changeManifests && !refresh && !locked && !offline && !fit && !verify && targets.isEmpty
      && exclusions.isEmpty
  }
}
