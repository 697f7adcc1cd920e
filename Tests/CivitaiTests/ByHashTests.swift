import CatalogueModel
import Core
import Testing
import Transfer

@testable import Civitai

@Suite struct ByHashTests {
  private func digest(_ byte: UInt8) throws -> Digest {
    try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
  }

  private func match(_ digest: Digest, model: Int, version: Int) -> String {
    #"{"hash":"\#(digest.hex.uppercased())","modelId":\#(model),"modelVersionId":\#(version)}"#
  }

  private let path = "/model-versions/by-hash/ids"

  @Test func `what the site does not tell of is unknown, and asked of every endpoint`() async throws
  {
    let (first, second, third) = (try digest(1), try digest(2), try digest(3))
    let rig = Rig([
      "one \(path)": [.success(json("[\(match(first, model: 1, version: 10))]"))],
      "two \(path)": [
        .success(json("[\(match(second, model: 2, version: 20)), {}, 7, {\"hash\":\"zz\"}]"))
      ],
    ])
    let answers = await rig.catalogue.find([first, second, third])
    #expect(
      answers.matches == [
        first: HashMatch(model: 1, version: 10), second: HashMatch(model: 2, version: 20),
      ])
    #expect(answers.unanswered.isEmpty && answers.calls == 2)
    #expect(rig.http.requests.allSatisfy { $0.method == .post && $0.bearer == nil })
  }

  @Test(arguments: [
    ScriptedHTTP.Answer.success(json("{}")), .success(html()), .success(notFound),
    .failure(.couldNotConnect(host: "one.example", message: "refused")),
  ])
  func `without the first endpoint what a later one does not know is not unknown`(
    answer: ScriptedHTTP.Answer
  ) async throws {
    let (first, second) = (try digest(1), try digest(2))
    let rig = Rig([
      "one": [answer],
      "two \(path)": [.success(json("[\(match(first, model: 1, version: 10))]"))],
    ])
    let answers = await rig.catalogue.find([first, second])
    #expect(answers.matches == [first: HashMatch(model: 1, version: 10)])
    #expect(answers.unanswered == [second])
    #expect(answers.reasons.count == 1 && answers.reasons[0].contains("one.example"))
  }

  @Test func `more than ten thousand go in several calls`() async throws {
    let digests = Set(
      try (0..<10_001).map { number in
        try #require(
          Digest(
            bytes: (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 < 2 ? $0 * 8 : 30)) }))
      })
    #expect(digests.count == 10_001)
    let rig = Rig(["one": [.success(json("[]"))]], endpoints: [site])
    let answers = await rig.catalogue.find(digests)
    #expect(answers.calls == 2 && answers.unanswered.isEmpty)
  }

  @Test func `one checksum is found, missing, or not known`() async {
    let rig = Rig([
      "one /model-versions/by-hash/AA": [.success(json(#"{"id":10,"modelId":1}"#))],
      "one /model-versions/by-hash/BB": [.success(json(#"{"id":10}"#))],
    ])
    guard case .found(HashMatch(model: 1, version: 10)) = await rig.catalogue.find(hash: "AA"),
      case .unavailable(let reason) = await rig.catalogue.find(hash: "BB"),
      case .missing = await rig.catalogue.find(hash: "CC")
    else {
      Issue.record("a checksum was answered otherwise")
      return
    }
    #expect(reason == "`https://one.example/` answered without the version's ids")
  }
}
