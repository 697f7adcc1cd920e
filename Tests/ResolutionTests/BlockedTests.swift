import CatalogueModel
import Core
import Resolution
import Testing

struct `What cannot be had is blocked with its reason` {
  @Test func `no digest`() throws {
    let result = try resolve(
      following, answers([model(1, versions: [version(1, files: [file(1, digest: nil)])])]))
    #expect(result.reasons == [.noDigest])
    #expect(result.entries.isEmpty)
  }

  @Test(arguments: [
    (ScanState.pending, "", BlockedReason?.some(.scanPending)),
    (.danger, "", .scanFailed(.danger)), (.error, "", .scanFailed(.error)),
    (.pending, "    scan: allow-pending\n", nil),
    (.danger, "    scan: allow-pending\n", .scanFailed(.danger)),
    (.danger, "    scan: allow-danger\n", nil), (.pending, "    scan: allow-danger\n", nil),
  ])
  func `the scan's result, as far as the manifest minds`(
    scan: ScanState, policy: String, expected: BlockedReason?
  ) throws {
    let only = file(1, digest: digest(1), scan: scan)
    let result = try resolve(
      following + policy, answers([model(1, versions: [version(1, files: [only])])]))
    #expect(result.reasons == (expected.map { [$0] } ?? []))
  }

  @Test func `a gate holds without a token, is tried with one, and does not matter once stored`()
    throws
  {
    let end = Timestamp("2026-12-01")
    let gated = answers([model(1, versions: [version(1, gate: Gate(endsAt: end))])])
    #expect(try resolve(following, gated).reasons == [.gated(until: end)])
    let tried = try resolve(following, gated, hasToken: true)
    #expect(tried.versions == [1])
    #expect(tried.notes == [.gateTried(1, title: "Ink · v1", until: end)])
    #expect(try resolve(following, gated, stored: [digest(1)]).versions == [1])
  }

  @Test func `downloads disabled, archived and taken down`() throws {
    var disabled = version(1)
    disabled.downloadsDisabled = true
    #expect(
      try resolve(following, answers([model(1, versions: [disabled])])).reasons
        == [.downloadsDisabled])
    var archived = model(1, versions: [version(1, files: [])])
    archived.mode = .archived
    #expect(try resolve(following, answers([archived])).reasons == [.archived])
    archived.versions = [version(1, files: []), version(2)]
    #expect(try resolve(following, answers([archived])).reasons == [.archived])
    var takenDown = model(1, versions: [version(1)])
    takenDown.mode = .takenDown
    #expect(try resolve(following, answers([takenDown])).reasons == [.takenDown])
  }

  @Test func `a remembered refusal holds until it is forgotten`() throws {
    let key = FileKey(model: 1, version: 1, file: 10)
    let refusals = [EntryIdentity(key: key, digest: digest(1)): BlockedReason.loginRequired]
    let catalogue = answers([model(1, versions: [version(1)])])
    #expect(try resolve(following, catalogue, refusals: refusals).reasons == [.loginRequired])
    #expect(try resolve(following, catalogue).versions == [1])
  }

  @Test func `gone models, versions and pins are blocked, unknown creators noted`() throws {
    let body = "collections:\n  a:\n    users: [bob]\n    models: [1, 2@9]\n    versions: [7]\n"
    var catalogue = answers(ids: [model(2, versions: [version(8)])])
    catalogue.models[1] = .gone
    catalogue.versions[7] = .gone
    catalogue.users["bob"] = .notFound
    let result = try resolve(body, catalogue)
    #expect(result.reasons == [.gone, .gone, .gone])
    #expect(result.notes == [.unknownUser("bob", collection: "a")])
  }

  @Test func `what the catalogue could not answer is said for each selector`() throws {
    let body = "collections:\n  a:\n    users: [bob]\n    models: [1]\n    versions: [7, 8]\n"
    var catalogue = CatalogueAnswers()
    catalogue.users["bob"] = .unavailable(reason: "down")
    catalogue.models[1] = .unavailable(reason: "down")
    catalogue.versions[7] = .unavailable(reason: "down")
    let result = try resolve(body, catalogue)
    #expect(
      result.unanswered.map(\.selector)
        == ["user `bob`", "model 1", "version 7", "version 8"])
    #expect(
      try resolve(body, CatalogueAnswers()).unanswered.map(\.reason)
        == Array(repeating: "was not asked", count: 4))
  }

  @Test func `every reason has a code, a text and a side`() throws {
    let place = Place(tree: .main, path: try #require(TreePath("a/b")))
    let byUs: [BlockedReason] = [
      .loginRequired, .tokenRefused, .quota, .region, .fileInTheWay(place),
      .pathUnsafe(place, why: "a link"),
    ]
    let upstream: [BlockedReason] = [
      .gated(until: nil), .noGrant, .downloadsDisabled, .archived, .takenDown, .gone,
      .scanFailed(.danger), .scanPending, .noDigest, .noMatchingFile,
    ]
    #expect(byUs.allSatisfy { $0.isByUs })
    #expect(upstream.allSatisfy { !$0.isByUs })
    #expect(Set((byUs + upstream).map(\.code)).count == 16)
    #expect(Set((byUs + upstream).map(\.text)).count == 16)
  }
}
