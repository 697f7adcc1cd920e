import CatalogueModel
import Civitai
import Core
import Index
import SystemIO

/// The catalogue's earlier answers, kept in the user's index: they are the same for all projects.
private struct CatalogueMemory: AnswerKeeping {
  let index: Index
  let disk: BlockingExecutor

  func answer(_ name: String) async -> KeptAnswer? {
    await disk.run { index.answer(name) }
  }

  func keep(_ answer: KeptAnswer, as name: String) async {
    await disk.run { index.keep(answer, as: name) }
  }
}

extension Engine {
  private func openAnswers() -> Index? { openUserIndex() ?? openIndex() }

  /// What is known from earlier runs; `nil` where nothing can be kept.
  /// - Parameter asksAnew: what is known is not used, and takes the new answers.
  /// - Throws: `C177` when `CIVSYNC_CATALOGUE_AGE` is no number of seconds.
  func answerCache(asksAnew: Bool = false) async throws -> AnswerCache? {
    let age = try context.catalogueAge()
    guard age > 0, let index = await disk.run({ self.openAnswers() }) else { return nil }
    let context = context
    return AnswerCache(
      CatalogueMemory(index: index, disk: disk), now: { context.unixTime }, age: age,
      asksAnew: asksAnew)
  }

  /// Forgets what no later run would use.
  func pruneAnswers() async {
    let earliest = context.unixTime - AnswerCache.settledAge
    await disk.run { self.openAnswers()?.forgetAnswers(before: earliest) }
  }

  /// Forgets all: a download did not find what the catalogue had told.
  func forgetAnswers() async {
    await disk.run { self.openAnswers()?.forgetAnswers(before: .max) }
  }
}

extension BlockedReason {
  /// Whether a download that was refused for it is not as the catalogue told.
  var contradictsCatalogue: Bool {
    switch self {
    case .gone, .gated, .archived, .takenDown: true
    default: false
    }
  }
}

extension EngineContext {
  /// How old an answer of the catalogue may be to be used in the place of asking, in seconds.
  fileprivate func catalogueAge() throws(EngineError) -> Int64 {
    guard let text = environment["CIVSYNC_CATALOGUE_AGE"], !text.isEmpty else {
      return AnswerCache.usualAge
    }
    guard let age = Int64(text), (0...AnswerCache.settledAge).contains(age) else {
      throw EngineError(
        "C177", "`CIVSYNC_CATALOGUE_AGE` is no number of seconds from 0 to 86400: `\(text)`",
        help: "leave it unset for 300; 0 asks the site each time", exit: .usage)
    }
    return age
  }
}
