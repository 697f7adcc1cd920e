import Testing

@Suite struct DocumentTests {
  /// `README.md` and everything below `Docs/`, as paths from the root.
  static func documents() throws -> [String] {
    ["README.md"] + (try Repository.files(below: "Docs", ending: ".md"))
  }

  @Test func `every code of a diagnostic is explained`() throws {
    let text = try Repository.text("Docs/Diagnostics.md")
    var codes: Set<String> = []
    for source in try Repository.sources() {
      for line in source.lines {
        for match in line.matches(of: /"([A-Z]\d{3})"/) { codes.insert(String(match.1)) }
      }
    }
    #expect(codes.count > 20, "the codes were not found")
    for code in codes.sorted() where !text.contains(code) {
      Issue.record("Docs/Diagnostics.md does not explain `\(code)`")
    }
  }

  @Test func `every link in the documents leads to a file`() throws {
    for path in try Self.documents() {
      let folder = path.split(separator: "/").dropLast()
      for match in try Repository.text(path).matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/) {
        let link = String(match.1)
        guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
        var parts = folder
        for part in link.split(separator: "/") where part != "." {
          if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let target = parts.joined(separator: "/")
        #expect(Repository.exists(target), "\(path): the link to `\(link)` leads nowhere")
      }
    }
  }

  @Test func `every exit code and environment variable is documented`() throws {
    let text = try Repository.text("Docs/Operations.md")
    var names: Set<String> = []
    for source in try Repository.sources() where source.target != "CivitaiSandbox" {
      for line in source.lines {
        for match in line.matches(of: /"(CIVSYNC_[A-Z_]+)"/) { names.insert(String(match.1)) }
        guard source.path.hasSuffix("/CommandExit.swift") else { continue }
        if let match = line.firstMatch(of: /case \w+ = (\d+)/) { names.insert("| \(match.1) |") }
      }
    }
    #expect(names.contains("CIVSYNC_TOKEN") && names.contains("| 130 |"))
    for name in names.sorted() where !text.contains(name) {
      Issue.record("Docs/Operations.md does not explain `\(name)`")
    }
  }

  @Test func `every script may be run`() throws {
    for path in [".ci/run", "Tests/run.sh", "Examples/quickstart.sh"] {
      #expect(try Repository.text(path).hasPrefix("#!"), "`\(path)` has no `#!` line")
      #expect(Repository.isExecutable(path), "`\(path)` is not executable")
    }
  }
}
