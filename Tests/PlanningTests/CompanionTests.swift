import CatalogueModel
import Core
import Planning
import Testing

/// An entry with the companions that are recorded for it.
private func owner(
  _ id: Int64, at paths: String..., companions: [RecordedCompanion] = []
) -> Entry {
  var entry = entry(id, at: "x")
  entry.file.places = paths.map(place)
  entry.file.companions = companions
  return entry
}

private let note = RecordedCompanion(kind: .a1111, digest: digest(201), bytes: ByteCount(10))
private let picture = RecordedCompanion(kind: .preview, digest: digest(202), bytes: ByteCount(99))

private let url = SafeURL(scheme: "https", host: "i.example", port: nil, path: "/1.png")

@Suite struct CompanionTests {
  /// `+ a.json generated`, `> b.json < a.json`, `- a.json aside`.
  private func lines(_ plan: Plan) -> [String] {
    plan.companions.map { action in
      let from = action.from.map { " < \($0)" } ?? ""
      let source: String
      switch action.source {
      case .generated: source = " generated"
      case .network(let url): source = " \(url.path)"
      case .store: source = " store"
      case .none: source = ""
      }
      return "\(action.kind.rawValue) \(action.place)\(from)\(source)"
        + (action.movesAside ? " aside" : "")
    }
  }

  private func plan(
    _ desired: [Entry], former: [Entry] = [], wish: CompanionWish? = CompanionWish(),
    seen: [String: CompanionSeen] = [:], stored: Set<Digest> = [note.digest, picture.digest],
    files: Plan? = nil
  ) -> Plan {
    let files = files ?? Plan(result: desired)
    let wishes = wish.map { wish in
      Dictionary(uniqueKeysWithValues: desired.map { ($0.identity, wish) })
    }
    return CompanionPlanner.plan(
      files, former: former, wishes: wishes,
      seen: Dictionary(uniqueKeysWithValues: seen.map { (place($0), $1) }),
      isStored: { stored.contains($0) })
  }

  private let all = CompanionWish(
    sidecars: Set(CompanionKind.sidecars), previews: 2, canGenerate: true, pictures: [url, url],
    mayRemove: true)

  @Test func `companions stand beside each place under the names that tools know`() {
    let plan = plan([owner(1, at: "a/one.v2.safetensors", "b/two")], wish: all)
    #expect(
      lines(plan) == [
        "create a/one.v2.civitai.info generated", "create a/one.v2.cm-info.json generated",
        "create a/one.v2.json generated", "create a/one.v2.metadata.json generated",
        "create a/one.v2.preview.2.png /1.png", "create a/one.v2.preview.png /1.png",
        "create b/two.civitai.info generated", "create b/two.cm-info.json generated",
        "create b/two.json generated", "create b/two.metadata.json generated",
        "create b/two.preview.2.png /1.png", "create b/two.preview.png /1.png",
      ])
    #expect(plan.companionsToMake.count == 6)
    #expect(plan.hasChanges)
  }

  @Test func `what is recorded and stands is kept, what is missing is put back from the store`() {
    let known = owner(1, at: "a.st", companions: [note, picture])
    let wish = CompanionWish(sidecars: [.a1111], previews: 1, canGenerate: true, pictures: [url])
    let clean = plan(
      [known], former: [known], wish: wish, seen: ["a.json": .intact, "a.preview.png": .intact])
    #expect(clean.companions.isEmpty && clean.result[0].file.companions == [note, picture])
    let missing = plan([known], former: [known], wish: wish, seen: ["a.preview.png": .intact])
    #expect(lines(missing) == ["repair a.json store"])
    #expect(missing.result[0].file.companions == [note, picture])
  }

  @Test func `what is missing here and in the store is made anew, or given up`() {
    let known = owner(1, at: "a.st", companions: [note])
    let able = CompanionWish(sidecars: [.a1111], canGenerate: true)
    #expect(
      lines(plan([known], former: [known], wish: able, stored: [])) == ["repair a.json generated"])
    let unable = CompanionWish(sidecars: [.a1111])
    let lost = plan([known], former: [known], wish: unable, stored: [])
    #expect(lost.companions.isEmpty && lost.result[0].file.companions.isEmpty)
  }

  @Test func `an edited companion is the user's: no action, and it stays recorded`() {
    let known = owner(1, at: "a.st", companions: [note])
    let plan = plan(
      [known], former: [known], wish: CompanionWish(sidecars: [.a1111], canGenerate: true),
      seen: ["a.json": .other])
    #expect(plan.companions.isEmpty && plan.result[0].file.companions == [note])
  }

  @Test func `a foreign file at the name is left alone, and not recorded`() {
    let plan = plan(
      [owner(1, at: "a.st")], wish: CompanionWish(sidecars: [.a1111], canGenerate: true),
      seen: ["a.json": .other])
    #expect(plan.companions.isEmpty && plan.result[0].file.companions.isEmpty)
  }

  @Test func `a companion moves with its file, edited or not`() {
    let before = owner(1, at: "a.st", companions: [note])
    var after = before
    after.file.places = [place("b/c.st")]
    let move = Action(
      kind: .move, place: place("b/c.st"), from: place("a.st"), entry: after, former: before)
    for state in [CompanionSeen.intact, .other] {
      let plan = plan(
        [after], former: [before], seen: ["a.json": state],
        files: Plan(actions: [move], result: [after]))
      #expect(lines(plan) == ["move b/c.json < a.json"])
      #expect(plan.result[0].file.companions == [note])
    }
  }

  @Test func `it goes with its file, aside first when the user edited it`() {
    let gone = owner(1, at: "a.st", companions: [note])
    #expect(lines(plan([], former: [gone], seen: ["a.json": .intact])) == ["remove a.json"])
    #expect(lines(plan([], former: [gone], seen: ["a.json": .other])) == ["remove a.json aside"])
    #expect(plan([], former: [gone]).companions.isEmpty)
  }

  @Test func `beside several places what differs may always have been the user's, and stays`() {
    let gone = owner(1, at: "a.st", "b.st", companions: [note])
    #expect(
      lines(plan([], former: [gone], seen: ["a.json": .other, "b.json": .intact]))
        == ["remove b.json"])
  }

  @Test func `only an edit of the manifest takes a companion away from a file that stays`() {
    let known = owner(1, at: "a.st", companions: [note])
    let kept = plan([known], former: [known], wish: CompanionWish(), seen: ["a.json": .intact])
    #expect(kept.companions.isEmpty && kept.result[0].file.companions == [note])
    let edited = plan(
      [known], former: [known], wish: CompanionWish(mayRemove: true), seen: ["a.json": .intact])
    #expect(lines(edited) == ["remove a.json"] && edited.result[0].file.companions.isEmpty)
  }

  @Test func `a successor of the same name replaces the companion of its predecessor`() {
    let old = owner(1, at: "a.st", companions: [note])
    let new = owner(2, at: "a.st")
    let wish = CompanionWish(sidecars: [.a1111], canGenerate: true)
    #expect(
      lines(plan([new], former: [old], wish: wish, seen: ["a.json": .intact]))
        == ["replace a.json generated"])
    #expect(
      lines(plan([new], former: [old], wish: wish, seen: ["a.json": .other]))
        == ["replace a.json generated aside"])
    let unable = CompanionWish(sidecars: [.a1111])
    #expect(
      lines(plan([new], former: [old], wish: unable, seen: ["a.json": .intact]))
        == ["remove a.json"])
  }

  @Test func `two files of one stem share theirs, and no companion takes a file's place`() {
    let wish = CompanionWish(sidecars: [.a1111], canGenerate: true)
    #expect(
      lines(plan([owner(1, at: "A.st"), owner(2, at: "a.ckpt")], wish: wish))
        == ["create A.json generated"])
    #expect(plan([owner(1, at: "a.st"), owner(2, at: "a.json")], wish: wish).companions.isEmpty)
  }

  @Test func `a preview that is not to be tried now is not in the plan`() {
    let wish = CompanionWish(previews: 3, pictures: [nil, url])
    #expect(lines(plan([owner(1, at: "a.st")], wish: wish)) == ["create a.preview.2.png /1.png"])
  }

  @Test func `going back wants what was recorded, from the store alone`() {
    let target = owner(1, at: "a.st", companions: [note, picture])
    let now = owner(1, at: "a.st", companions: [picture])
    let plan = plan(
      [target], former: [now], wish: nil, seen: ["a.preview.png": .intact], stored: [note.digest])
    #expect(lines(plan) == ["create a.json store"])
    #expect(plan.result[0].file.companions == [note, picture])
    let lost = self.plan([target], former: [], wish: nil, stored: [])
    #expect(lost.companions.isEmpty && lost.result[0].file.companions.isEmpty)
  }

  @Test func `a name that would be too long is not made`() {
    let long = String(repeating: "n", count: 245) + ".st"
    let plan = plan([owner(1, at: long)], wish: all)
    #expect(lines(plan) == ["create \(long.dropLast(3)).json generated"])
  }

  @Test func `planning again after it was done plans nothing`() {
    let first = plan([owner(1, at: "a.st", "b.st")], wish: all)
    var after = first.result[0]
    after.file.companions = first.companionsToMake.map {
      RecordedCompanion(
        kind: $0.slot.kind, number: $0.slot.number, digest: note.digest, bytes: ByteCount(1))
    }
    let seen = Dictionary(
      uniqueKeysWithValues: first.companions.map { ($0.place.description, CompanionSeen.intact) })
    let second = plan([after], former: [after], wish: all, seen: seen)
    #expect(second.companions.isEmpty)
    #expect(second.result[0].file.companions.count == 6)
  }
}
