package import Core
internal import Transfer

/// Where answers are kept between runs. It may forget any of them at any time.
package protocol AnswerKeeping: Sendable {
  func answer(_ name: String) async -> KeptAnswer?
  func keep(_ answer: KeptAnswer, as name: String) async
}

/// What is known of earlier answers, and for how long it is good.
///
/// Answers that were given to an account are never kept, nor is one that was no success, or that
/// could not be read.
package struct AnswerCache: Sendable {
  /// How old an answer may be that is used in the place of asking, in seconds.
  ///
  /// The site's own caches serve what is up to eight minutes old (180 s at its origin, 300 s at its
  /// edge), so that asking more often tells little that is new.
  package static let usualAge: Int64 = 300
  /// How old the earlier pages of a long list may be of which only the end is asked for, in seconds.
  package static let settledAge: Int64 = 86_400

  private let keeper: any AnswerKeeping
  private let now: @Sendable () -> Int64
  private let age: Int64
  private let asksAnew: Bool

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - age: how old an answer may be, in seconds; with 0 every answer is asked for.
  ///   - asksAnew: nothing that was kept is used, whatever its age.
  package init(
    _ keeper: any AnswerKeeping, now: @escaping @Sendable () -> Int64,
    age: Int64 = AnswerCache.usualAge, asksAnew: Bool = false
  ) {
    self.keeper = keeper
    self.now = now
    self.age = age
    self.asksAnew = asksAnew
  }

  /// What an answer is kept as. One that was stripped does not serve those who want details.
  private func name(_ request: HTTPRequest, _ details: Bool) -> String {
    (details ? "whole " : "") + request.url.description + " " + (request.url.query ?? "")
  }

  /// An answer that was kept, however old.
  func kept(_ request: HTTPRequest, details: Bool) async -> JSONAnswer? {
    guard !asksAnew, let kept = await keeper.answer(name(request, details)),
      kept.time <= now(), let value = try? parsed(kept.bytes)
    else { return nil }
    return JSONAnswer(value: value, validator: kept.validator, age: now() - kept.time)
  }

  func isFresh(_ answer: JSONAnswer) -> Bool { answer.age.map { $0 < age } ?? false }

  func isSettled(_ answer: JSONAnswer) -> Bool {
    age > 0 && answer.age.map { $0 < Self.settledAge } ?? false
  }

  /// Keeps an answer that was read without trouble.
  func keep(_ answer: JSONAnswer, of request: HTTPRequest, details: Bool) async {
    let value = details ? answer.value : answer.value.stripped
    await keeper.keep(
      KeptAnswer(time: now(), validator: answer.validator, bytes: Array(value.text.utf8)),
      as: name(request, details))
  }
}

/// A JSON answer, and where it came from.
struct JSONAnswer: Sendable {
  var value: JSONValue
  /// What the server calls this state of its answer (`ETag`, else `Last-Modified`).
  var validator: String?
  /// Seconds since the server gave it, where it was kept from an earlier run; `nil`: just given.
  var age: Int64?
  /// Whether it was known before: kept, or said by the server to hold still.
  var isKnown = false
  /// Whether the server allows to keep it.
  var mayBeKept = true

  init(value: JSONValue, validator: String? = nil, age: Int64? = nil) {
    self.value = value
    self.validator = validator
    self.age = age
    isKnown = age != nil
  }

  /// The same answer, which the server just said still holds.
  var confirmed: JSONAnswer {
    var answer = self
    answer.age = nil
    return answer
  }

  init(_ value: JSONValue, of response: HTTPResponse) {
    self.value = value
    validator = response.headers["ETag"] ?? response.headers["Last-Modified"]
    mayBeKept =
      response.headers["Cache-Control"]?.lowercased().contains("no-store") != true
  }

  /// Asks the server to say only that the answer still holds, where it does.
  var condition: HTTPHeaders {
    guard let validator else { return [:] }
    let isTag = validator.hasPrefix("\"") || validator.hasPrefix("W/")
    return [isTag ? "If-None-Match" : "If-Modified-Since": validator]
  }
}

extension JSONValue {
  /// Without descriptions and pictures, most of an answer's bytes, which only details need.
  fileprivate var stripped: JSONValue {
    switch self {
    case .array(let values): return .array(values.map(\.stripped))
    case .object(let members):
      let left = members.filter { $0.name != "description" && $0.name != "images" }
      return .object(
        left.map { member in
          let isList = member.name == "items" || member.name == "modelVersions"
          return isList ? Member(name: member.name, value: member.value.stripped) : member
        })
    default: return self
    }
  }
}
