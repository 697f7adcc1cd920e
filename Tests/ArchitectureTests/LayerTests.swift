import Testing

@Suite struct LayerTests {
  @Test func `every target imports only what its row of the table allows`() throws {
    let sources = try Repository.sources()
    #expect(sources.count > 100, "the sources were not found")
    for source in sources {
      guard let row = House.row(source.target) else {
        Issue.record("`\(source.path)`: the target has no row in the table of layers")
        continue
      }
      let products = row.products.reduce(into: Set()) { $0.formUnion(House.modules(of: $1)) }
      let allowed = row.own.union(products).union(row.system)
      for line in source.imports where !allowed.contains(line.module) {
        Issue.record("\(line.place): `\(row.target)` may not import `\(line.module)`")
      }
    }
  }

  @Test func `a row names only targets of lower layers`() {
    for row in House.rows {
      for name in row.own {
        guard let other = House.row(name) else {
          Issue.record("`\(row.target)` names `\(name)`, which has no row")
          continue
        }
        // Within a layer the order of the rows decides, so that there are no circles.
        let before = House.rows.firstIndex { $0.target == name } ?? .max
        let here = House.rows.firstIndex { $0.target == row.target } ?? 0
        #expect(other.layer <= row.layer && before < here, "`\(row.target)` imports upwards")
      }
    }
  }

  @Test func `the pure targets have to do with values alone`() throws {
    for name in ["Core", "Diagnostics", "CatalogueModel", "Resolution", "Planning"] {
      let row = try #require(House.row(name))
      #expect(row.isPure, "`\(name)` is pure")
      for other in row.own.compactMap(House.row) where other.target != "ManifestModel" {
        #expect(other.isPure, "`\(name)` is pure and imports `\(other.target)`")
      }
    }
    for row in House.rows where row.system.contains("Glibc") {
      #expect(House.wrappers.contains(row.target), "`\(row.target)` wraps no outside world")
    }
  }

  @Test func `C libraries stay inside the target that wraps them`() throws {
    for source in try Repository.sources() {
      for line in source.imports where House.cLibraries.contains(line.module) {
        #expect(line.access == "internal", "\(line.place): write `internal import`")
      }
      for line in source.imports {
        #expect(line.access != "public", "\(line.place): nothing here is public")
      }
    }
  }

  @Test func `the package declares what is imported, and the table allows it`() throws {
    let declared = try PackageTargets.read()
    #expect(Set(declared.keys) == Set(House.rows.map(\.target)))
    let sources = try Repository.sources()
    for row in House.rows {
      let own = try #require(declared[row.target], "`\(row.target)` is not in Package.swift")
      let beyond = own.subtracting(row.own.union(row.products)).sorted()
      #expect(beyond == [], "Package.swift lets `\(row.target)` import what the table does not")

      let files = sources.filter { $0.target == row.target }
      let imported = Set(files.flatMap { $0.imports.map(\.module) }).subtracting(row.system)
      let modules = own.map { ($0, House.modules(of: $0)) }
      let reached = modules.reduce(into: Set()) { $0.formUnion($1.1) }
      let undeclared = imported.subtracting(reached).sorted()
      #expect(undeclared == [], "Package.swift does not declare these for `\(row.target)`")
      // A package of others that nobody imports is built, loaded and trusted for nothing.
      let unused = row.products.intersection(own).filter {
        House.modules(of: $0).isDisjoint(with: imported)
      }
      #expect(unused == [], "Package.swift declares these for `\(row.target)` in vain")
    }
  }

  @Test func `every target has a folder and every folder a target`() throws {
    #expect(try Repository.names(in: "Sources") == House.rows.map(\.target).sorted())
  }

  @Test func `the table in the documentation names every target`() throws {
    let text = try Repository.text("Docs/Architecture.md")
    for row in House.rows {
      #expect(text.contains("`\(row.target)`"), "Docs/Architecture.md lacks `\(row.target)`")
    }
  }
}

/// The targets of Package.swift, read from its text: asking SwiftPM would wait for the build that
/// runs this test.
enum PackageTargets {
  /// What each target outside of the tests depends on: targets, and products of other packages.
  static func read() throws -> [String: Set<String>] {
    let text = try Repository.text("Package.swift")
    let products = productNames(text)
    var targets: [String: Set<String>] = [:]
    for part in callArguments(text) {
      let strings = part.split(separator: "\"", omittingEmptySubsequences: false)
      guard strings.count > 1 else { continue }
      let name = String(strings[1])
      guard !part.contains(".systemLibrary") else {
        targets[name] = []
        continue
      }
      let quoted = stride(from: 3, to: strings.count, by: 2).map { String(strings[$0]) }
      let plain = stride(from: 2, to: strings.count, by: 2).flatMap { words(strings[$0]) }
      targets[name] = Set(quoted).union(plain.compactMap { products[$0] })
    }
    return targets
  }

  private static func words(_ text: Substring) -> [String] {
    text.split { !$0.isLetter }.map(String.init)
  }

  /// `let crypto = Target.Dependency.product(name: "Crypto", …)` gives `crypto` its product.
  private static func productNames(_ text: String) -> [String: String] {
    var names: [String: String] = [:]
    for line in text.split(separator: "\n") where line.contains("Target.Dependency.product") {
      let words = line.split(separator: " ")
      let strings = line.split(separator: "\"")
      if words.count > 1, strings.count > 1 { names[String(words[1])] = String(strings[1]) }
    }
    return names
  }

  /// The text of each call below `targets: [` that makes a target which is no test.
  private static func callArguments(_ text: String) -> [Substring] {
    let start = text.firstRange(of: "\n  targets: [")?.upperBound ?? text.startIndex
    var calls: [Substring] = []
    for line in text[start...].split(separator: "\n") where !line.contains("//") {
      let word = line.drop { $0 == " " }
      // A call begins at four spaces; what is deeper goes on with it.
      if line.count - word.count == 4 {
        calls.append(line)
      } else if let last = calls.popLast() {
        calls.append(text[last.startIndex..<line.endIndex])
      }
    }
    let makers = ["target(", ".executableTarget(", ".systemLibrary("]
    return calls.filter { call in
      makers.contains { call.drop { $0 == " " }.hasPrefix($0) }
    }
  }
}
