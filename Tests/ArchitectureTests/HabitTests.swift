import Testing

@Suite struct HabitTests {
  static let talking: Set = ["CivsyncCLI", "civsync", "civitai-sandbox"]

  @Test func `nothing is forced, and nothing ends the process`() throws {
    let words = ["try!", "as!", "fatalError("]
    for source in try Repository.sources() {
      for (index, line) in source.code.enumerated() {
        for word in words where line.contains(word) {
          Issue.record("\(source.place(index)): `\(word)`")
        }
        #expect(!line.contains(/[\w\)\]]!(?![=\w])/), "\(source.place(index)): forced with `!`")
      }
    }
  }

  @Test func `only the command line prints and reads the process`() throws {
    let globals = ["getenv(", "ProcessInfo", "CommandLine.", "Date()", "Date.now"]
    for source in try Repository.sources() where !Self.talking.contains(source.target) {
      for (index, line) in source.code.enumerated() {
        let prints = line.contains(/(^|[^.\w]|Swift\.)(print|debugPrint|dump|puts|NSLog)\(/)
        #expect(!prints, "\(source.place(index)): a library prints")
        for word in globals where line.contains(word) {
          Issue.record("\(source.place(index)): a library reads a global, `\(word)`")
        }
      }
    }
  }

  @Test func `what the compiler cannot check says why it is safe`() throws {
    for source in try Repository.sources() {
      for (index, line) in source.code.enumerated() {
        guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else {
          continue
        }
        let near = source.lines[max(0, index - 3)..<min(source.lines.count, index + 4)]
        let explained = near.contains { $0.contains("// Safety:") }
        #expect(explained, "\(source.place(index)): no `// Safety:` line within three lines")
      }
    }
  }

  @Test func `no file is longer than 400 lines`() throws {
    for source in try Repository.sources() + Repository.sources(below: "Tests") {
      // The empty piece after the last line's end is none.
      #expect(source.lines.count - 1 <= 400, "`\(source.path)`")
    }
  }

  @Test func `nothing is left for later`() throws {
    let words = ["TODO", "FIXME"]
    let own = "Tests/ArchitectureTests/HabitTests.swift"
    for source in try Repository.sources() + Repository.sources(below: "Tests")
    where source.path != own {
      for (index, line) in source.lines.enumerated() {
        for word in words where line.contains(word) {
          Issue.record("\(source.place(index)): `\(word)`")
        }
      }
    }
  }

  @Test func `the top level holds what a newcomer looks for, and nothing else`() throws {
    let allowed: Set = [
      ".ci", ".git", ".gitignore", ".swift-format", "Docs", "Examples", "LICENSE", "Manifests",
      "Package.swift", "README.md", "Sources", "Tests",
    ]
    let ignored = try Repository.text(".gitignore").split(separator: "\n").map {
      $0.split(separator: "/").joined(separator: "/")
    }
    let others = try Repository.names(in: "").filter {
      !allowed.contains($0) && !ignored.contains($0)
    }
    #expect(others == [])
  }
}
