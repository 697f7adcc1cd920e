import Testing

/// Holds Docs/Durability.md against the tests: each invariant is proved by the tests that it names, and each
/// test that says what it proves stands there.
@Suite struct DurabilityTests {
  private struct Row {
    var id: String
    var tests: [String]
  }

  /// A test that says what it proves, in a comment right above it.
  private struct Proof {
    var name: String
    var ids: Set<String>
    var place: String
  }

  private func rows() throws -> [Row] {
    try Repository.text("Docs/Durability.md").split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
      guard cells.count == 3, let id = cells[0].wholeMatch(of: /(D[0-9]+)\ */)?.1 else {
        return nil
      }
      return Row(id: String(id), tests: cells[2].matches(of: /`([^`]+)`/).map { String($0.1) })
    }
  }

  private func proofs() throws -> [Proof] {
    var proofs: [Proof] = []
    for source in try Repository.sources(below: "Tests") {
      var ids: Set<String> = []
      for (index, line) in source.lines.enumerated() {
        if line.contains(/^\ *\/\/\/ Proves D/) {
          ids = Set(line.matches(of: /D[0-9]+/).map { String($0.0) })
        } else if !ids.isEmpty, let name = line.firstMatch(of: /func `([^`]+)`/)?.1 {
          proofs.append(Proof(name: String(name), ids: ids, place: source.place(index)))
          ids = []
        }
      }
    }
    return proofs
  }

  @Test func `every invariant is proved by the tests that it names`() throws {
    let proofs = try proofs()
    let rows = try rows()
    #expect(rows.map(\.id) == (1...rows.count).map { "D\($0)" } && rows.count > 9)
    for row in rows {
      #expect(!row.tests.isEmpty, "\(row.id) names no test")
      for name in row.tests {
        let isProved = proofs.contains { $0.name == name && $0.ids.contains(row.id) }
        #expect(isProved, "\(row.id): no test `\(name)` says that it proves it")
      }
    }
  }

  @Test func `every test that proves something proves what is written down`() throws {
    let ids = Set(try rows().map(\.id))
    let proofs = try proofs()
    #expect(proofs.count > 4)
    for proof in proofs {
      #expect(
        proof.ids.isSubset(of: ids), "\(proof.place): \(proof.ids.subtracting(ids)) is no invariant"
      )
    }
  }
}
