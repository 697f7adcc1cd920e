import CatalogueModel
import Core
import ManifestModel
import Resolution
import Testing

/// A model whose file has so many bytes and which is liked and downloaded so often; its version is
/// as new as its number.
private func shown(
  _ id: Int64, bytes: Int64? = 1_000, downloads: Int64? = nil, thumbs: Int64? = nil,
  by creator: String = "alice"
) -> Model {
  var one = file(id * 10, "f\(id).safetensors", digest: digest(UInt8(id)))
  one.approximateBytes = bytes.map { ByteCount($0) }
  var model = model(
    id, "Model \(id)", creator: creator,
    versions: [version(id, published: "2025-01-0\(id)", files: [one])])
  model.downloads = downloads
  model.thumbsUp = thumbs
  return model
}

struct `How many models a collection takes` {
  static let five = answers([
    shown(1, bytes: 500, downloads: 10), shown(2, bytes: 100, downloads: 50, thumbs: 9),
    shown(3, bytes: nil, thumbs: 7), shown(4, bytes: 300, downloads: 50),
    shown(5, bytes: 200, thumbs: 9),
  ])

  @Test(
    arguments: [
      ("newest", [4, 5]), ("oldest", [1, 2]), ("most-downloaded", [2, 4]), ("most-liked", [2, 5]),
      ("smallest", [2, 5]),
    ] as [(String, [Int64])])
  func `the first by the order`(order: String, taken: [Int64]) throws {
    let result = try resolve(
      following + "    limit: { models: 2, order: \(order) }\n", Self.five)
    #expect(result.versions == taken)
  }

  @Test func `what is named by id does not count, nor what a filter leaves out`() throws {
    var catalogue = Self.five
    catalogue.models = answers(ids: [shown(5)]).models
    let body =
      following + "    limit: 2\n    models: [5]\n    exclude: { models: [4] }\n"
    #expect(try resolve(body, catalogue).versions == [2, 3, 5])
  }

  @Test func `what falls out is superseded and stays`() throws {
    let body = following + "    limit: 2\n    superseded: replace\n"
    let former = try recorded(body, answers([shown(1), shown(2)]))
    let result = try resolve(body, answers([shown(1), shown(2), shown(3)]), former: former)
    #expect(result.versions == [1, 2, 3])
    #expect(result.states == [.superseded, .current, .current])
    #expect(result.succeeded.isEmpty)
  }

  @Test func `a counter that is too low keeps out what is new, and never what is known`() throws {
    let body = following + "    minDownloads: 20\n"
    #expect(try resolve(body, Self.five).versions == [2, 4])
    let former = try recorded(following, Self.five)
    let later = try resolve(body, Self.five, former: former)
    #expect(later.versions == [1, 2, 3, 4, 5])
    #expect(later.states == [.current, .current, .current, .current, .current])
    #expect(try resolve(following + "    minThumbs: 8\n", Self.five).versions == [2, 5])
  }

  @Test func `a named model with a low counter is told of`() throws {
    let body = "collections:\n  c:\n    models: [1]\n    minDownloads: 20\n"
    let result = try resolve(body, answers(ids: [shown(1, downloads: 19)]))
    #expect(result.entries.isEmpty)
    #expect(result.notes == [.filteredOut(1, collection: "c", by: "minDownloads")])
  }
}

struct `Favorites` {
  private let body = "collections:\n  liked:\n    favorites: true\n    types: [LORA]\n"

  private func liked(_ listing: Listing?) -> CatalogueAnswers {
    CatalogueAnswers(favorites: listing)
  }

  @Test func `are asked for, and details where companions want them`() throws {
    let asked = CatalogueQuery(for: try manifest(body))
    #expect(asked.favorites)
    #expect(!asked.details)
    #expect(CatalogueQuery(for: try manifest(body + "    previews: 1\n")).details)
    #expect(CatalogueQuery(for: try manifest(body + "    sidecars: [json]\n")).details)
  }

  @Test func `are taken like a creator's models`() throws {
    let listing = Listing.complete([shown(1), shown(2, by: "bob")], fromFallback: false)
    #expect(try resolve(body, liked(listing)).versions == [1, 2])
  }

  @Test func `stay when they are none any more, until the manifest says so`() throws {
    let former = try resolve(body, liked(.complete([shown(1)], fromFallback: false))).entries
    let later = try resolve(body, liked(.complete([], fromFallback: false)), former: former)
    #expect(later.states == [.withdrawn])
    #expect(later.deselected.isEmpty)
    let unsure = try resolve(body, liked(.unavailable(reason: "x")), former: former)
    #expect(unsure.states == [.current])
    #expect(unsure.unanswered.map(\.selector) == ["favorites"])
    let edited = try resolve(
      "collections:\n  liked:\n    users: [bob]\n", answers(user: "bob", []), former: former)
    #expect(edited.deselected.map(\.key.model) == [1])
  }

  @Test func `that are refused are blocked by us`() throws {
    let result = try resolve(body, liked(.refused(.loginRequired)))
    #expect(result.blocked.map(\.title) == ["favorites"])
    #expect(result.reasons == [.loginRequired])
    #expect(try resolve(body, liked(nil)).unanswered.count == 1)
  }
}

struct `Budgets` {
  private func versions(
    _ budget: String, _ models: [Model], former: [Entry] = [], stored: Set<Digest> = []
  ) throws -> (taken: [Int64], refused: [BlockedReason]) {
    let result = try resolve(
      following + "    budget: { \(budget) }\n", answers(models), former: former, stored: stored)
    return (result.versions, result.reasons)
  }

  @Test func `of all files: the newest first, and what still fits after one that does not`() throws
  {
    let models = [
      shown(1, bytes: 100), shown(2, bytes: 900), shown(3, bytes: 700), shown(4, bytes: 200),
    ]
    let (taken, refused) = try versions("total: 1kB", models)
    #expect(taken == [1, 3, 4])
    #expect(refused == [.budget(rule: "budget.total", at: "/project/civsync.yaml:7:22")])
    #expect(try versions("total: 1kB, order: oldest", models).taken == [1, 2])
    #expect(try versions("total: 1kB, order: smallest", models).taken == [1, 3, 4])
  }

  @Test func `what is known counts first and is never put off`() throws {
    let former = try recorded(answers([shown(1, bytes: 800), shown(2, bytes: 800)]))
    let models = [shown(1, bytes: 800), shown(2, bytes: 800), shown(3, bytes: 1)]
    let (taken, refused) = try versions("total: 1kB", models, former: former)
    #expect(taken == [1, 2])
    #expect(refused.count == 1)
    // What upstream no longer shows counts too.
    #expect(try versions("total: 1kB", [shown(3, bytes: 1)], former: former).taken == [1, 2])
  }

  @Test func `of one run: what is in the store costs nothing`() throws {
    let models = [shown(1, bytes: 600), shown(2, bytes: 600), shown(3, bytes: 600)]
    #expect(try versions("perRun: 1kB", models).taken == [3])
    #expect(try versions("perRun: 1kB", models, stored: [digest(3)]).taken == [2, 3])
    let former = try recorded(answers([models[2]]))
    #expect(try versions("perRun: 1kB", models, former: former).taken == [2, 3])
  }

  @Test func `of one creator`() throws {
    let body = "collections:\n  c:\n    users: [alice, bob]\n    budget: { perUser: 1kB }\n"
    var catalogue = answers([shown(1, bytes: 600), shown(2, bytes: 600)])
    catalogue.users["bob"] = .complete(
      [shown(3, bytes: 600, by: "Bob")], fromFallback: false)
    let result = try resolve(body, catalogue)
    #expect(result.versions == [2, 3])
    #expect(result.reasons.map(\.code) == ["budget"])
  }

  @Test func `what one collection can take all have that ask for it`() throws {
    let body = """
      collections:
        small: { users: [alice], budget: { total: 1 }, place: "small/{file}" }
        large: { users: [alice], place: "large/{file}" }

      """
    let result = try resolve(body, answers([shown(1)]))
    #expect(result.paths == ["large/f1.safetensors", "small/f1.safetensors"])
    #expect(result.entries.flatMap(\.file.collections) == ["large", "small"])
    #expect(result.blocked.isEmpty)
  }

  @Test func `a length that is not told counts as nothing, with a note`() throws {
    let result = try resolve(
      following + "    budget: { total: 1kB }\n", answers([shown(1, bytes: nil), shown(2)]))
    #expect(result.versions == [1, 2])
    #expect(result.notes == [.lengthUnknown(collection: "follow", files: 1)])
  }
}

struct `The policy` {
  private func reasons(_ policy: String, _ model: Model) throws -> [String] {
    let body = "policy: { \(policy) }\n" + following + "    scan: allow-danger\n"
    return try resolve(body, answers([model])).reasons.map { reason in
      if case .policy(let rule, let at) = reason { "\(rule) \(at)" } else { reason.code }
    }
  }

  private let fine = shown(1)

  @Test func `lets in what meets it`() throws {
    var allowed = fine
    allowed.commercialUse = ["image", "RentCivit", "Sell"]
    #expect(
      try reasons(
        "formats: [safetensor], scan: require-success, commercialUse: [Image, Sell], "
          + "baseModels: [\"SDXL*\"], maxFile: 1000, maxTotal: 1000", allowed) == [])
  }

  @Test func `blocks what does not, with the rule's place`() throws {
    #expect(try reasons("formats: [GGUF]", fine) == ["policy.formats /project/civsync.yaml:4:20"])
    #expect(
      try reasons("baseModels: [Pony]", fine) == ["policy.baseModels /project/civsync.yaml:4:23"])
    #expect(try reasons("maxFile: 999", fine) == ["policy.maxFile /project/civsync.yaml:4:20"])
    #expect(try reasons("maxTotal: 999", fine) == ["policy.maxTotal /project/civsync.yaml:4:21"])
    #expect(
      try reasons("commercialUse: [Image]", fine) == [
        "policy.commercialUse /project/civsync.yaml:4:26"
      ])
    var pending = fine
    pending.versions[0].files[0].scan = .pending
    #expect(
      try reasons("scan: require-success", pending) == ["policy.scan /project/civsync.yaml:4:17"])
    #expect(try reasons("scan: allow-pending", pending) == [])
  }

  @Test func `all files together: each content once, the known ones first`() throws {
    let body = "policy: { maxTotal: 2500 }\n" + following
    let former = try recorded(body, answers([shown(1)]))
    let result = try resolve(body, answers([shown(1), shown(2), shown(3)]), former: former)
    #expect(result.versions == [1, 3])
    var twin = shown(4)
    twin.versions[0].files[0].digest = digest(1)
    #expect(
      try resolve(body, answers([shown(1), twin, shown(3)]), former: former).versions == [1, 3, 4])
  }

  @Test func `what is placed stays, and is told of in one note`() throws {
    let former = try recorded(answers([shown(1), shown(2)]))
    let body = "policy: { formats: [GGUF], maxFile: 10, maxTotal: 1500 }\n" + following
    let result = try resolve(body, answers([shown(1), shown(2), shown(3)]), former: former)
    #expect(result.versions == [1, 2])
    #expect(result.states == [.current, .current])
    #expect(result.reasons.map(\.code) == ["policy"])
    #expect(
      result.notes.map(\.text) == [
        "placed before, and kept although the policy would not let them in today: 2 do not meet "
          + "`policy.formats`, 2 do not meet `policy.maxFile`, all 2 together are over "
          + "`policy.maxTotal`"
      ])
  }

  @Test func `keeps the former content when the new one of a file does not meet it`() throws {
    let taking = following + "    replaced: take\n"
    let former = try recorded(taking, answers([shown(1)]))
    var swapped = shown(1, bytes: 5_000)
    swapped.versions[0].files[0].digest = digest(99)
    let result = try resolve(
      "policy: { maxFile: 2kB }\n" + taking, answers([swapped]), former: former)
    #expect(result.entries.map(\.digest) == [digest(1)])
    #expect(result.succeeded.isEmpty)
    #expect(result.replaced.count == 1)
  }
}

struct `Protected entries` {
  private let body = following + "    protect: true\n"
  private let one = answers([shown(1)])

  @Test func `are recorded so, and stay when nothing asks for them`() throws {
    let former = try recorded(body, one)
    #expect(former.map(\.file.isProtected) == [true])
    let other = "collections:\n  other:\n    users: [bob]\n"
    let result = try resolve(other, answers(user: "bob", []), former: former)
    #expect(result.deselected.isEmpty)
    #expect(result.entries == former)
    #expect(result.notes == [.protectedStay(title: "Model 1 · v1", more: 0)])
  }

  @Test func `stay so without the word, and are known ones under it`() throws {
    #expect(
      try resolve(following, one, former: recorded(body, one)).entries.map(\.file.isProtected)
        == [true])
    #expect(
      try resolve(body, one, former: recorded(one)).entries.map(\.file.isProtected) == [true])
    #expect(
      try resolve(body, answers([]), former: recorded(one)).entries.map(\.file.isProtected)
        == [true])
  }

  @Test func `are replaced by no successor and no swapped content`() throws {
    let replacing = body + "    superseded: replace\n    replaced: take\n"
    let former = try recorded(replacing, one)
    var newer = shown(1)
    newer.versions.append(version(7, published: "2026-01-01"))
    let result = try resolve(replacing, answers([newer]), former: former)
    #expect(result.states == [.superseded, .current])
    #expect(result.succeeded.isEmpty)
    var swapped = shown(1)
    swapped.versions[0].files[0].digest = digest(99)
    let kept = try resolve(replacing, answers([swapped]), former: former)
    #expect(kept.entries.map(\.digest) == [digest(1)])
    #expect(kept.replaced.count == 1)
  }
}
