import Testing

/// One door to the file system: what passes by it can be neither failed nor recorded by a test, and what is
/// proved of all calls would not hold of it.
@Suite struct SeamTests {
  /// What the C library and the shim offer that reads or changes files.
  private static let calls: Set = [
    "access", "chmod", "chown", "copy_file_range", "creat", "faccessat", "fallocate", "fchmod",
    "fchmodat", "fchown", "fclose", "fdatasync", "fdopendir", "fflush", "flock", "fopen", "fread",
    "fstat", "fstatat", "fstatvfs", "fsync", "ftruncate", "futimens", "fwrite", "glob", "lchown",
    "link", "linkat", "lseek", "lstat", "mkdir", "mkdirat", "mkdtemp", "mkfifo", "mknod", "mkstemp",
    "mmap", "nftw", "open", "openat", "opendir", "posix_fallocate", "pread", "pwrite", "read",
    "readdir", "readlink", "readlinkat", "readv", "realpath", "rename", "renameat",
    "renameat2", "rmdir", "scandir", "sendfile", "stat", "statvfs", "statx", "symlink", "symlinkat",
    "sync", "syncfs", "sync_file_range", "truncate", "unlink", "unlinkat", "utimensat", "utimes",
    "write", "writev", "civsync_openat", "civsync_renameat2", "civsync_syncfs",
    "civsync_start_writeback", "civsync_clone", "civsync_copy_file_range", "civsync_reserve",
  ]

  /// Of Foundation's own ways.
  private static let foundation = [
    "FileManager", "FileHandle", "Data(contentsOf", "String(contentsOf", "resourceValues",
    "createDirectory", "removeItem(",
  ]

  /// Calls of those names that are no files' business, with the file that may make them and why.
  private static let others: [(file: String, call: String, why: String)] = [
    ("Sources/civsync/Civsync.swift", "write", "to the terminal, when the process ends at once"),
    ("Sources/SystemIO/ShellCommand.swift", "read", "from the pipe of a child"),
    ("Sources/SystemIO/OpenFile.swift", "flock", "gives the lock back when the file is closed"),
    ("Sources/SystemIO/FolderListing.swift", "fdopendir", "makes memory for a folder that is open"),
    ("Sources/SystemIO/FileSystem+Folders.swift", "fdopendir", "likewise"),
    ("Sources/SystemIO/FileSystem+Folders.swift", "readdir", "made in the call of `eachEntry`"),
    ("Sources/SystemIO/SystemCallObserver.swift", "fstat", "for the observer itself"),
    ("Sources/SystemIO/SystemCallObserver.swift", "fstatat", "for the observer itself"),
  ]

  /// Programs beside the house, which no promise is about.
  private static let beside: Set = ["CivitaiSandbox", "civitai-sandbox"]

  /// The C library's functions never throw: a method of the same name stands behind `try`, a value, or
  /// `func`. `stat()` makes a value.
  private func calls(in line: Substring) -> [String] {
    guard line.contains("(") else { return [] }
    return line.matches(of: /(?<name>[A-Za-z_][A-Za-z_0-9]*)\((?!\))/).compactMap { match in
      let name = String(match.name)
      guard Self.calls.contains(name) else { return nil }
      var before = line[..<match.name.startIndex]
      if before.hasSuffix("unsafe ") { before = before.dropLast("unsafe ".count) }
      let isMethod = [".", "func ", "try ", "try? "].contains { before.hasSuffix($0) }
      return isMethod && !before.hasSuffix("Glibc.") ? nil : name
    }
  }

  private func isAllowed(_ source: SourceText, _ call: String) -> Bool {
    Self.others.contains { $0.file == source.path && $0.call == call }
  }

  @Test func `only SystemIO calls the file system`() throws {
    for source in try Repository.sources() where !Self.beside.contains(source.target) {
      let modules = Set(source.imports.map(\.module))
      let seesC = !modules.isDisjoint(with: ["Glibc", "CLinux"]) && source.target != "SystemIO"
      let seesFoundation = !modules.isDisjoint(with: ["Foundation", "FoundationEssentials"])
      guard seesC || seesFoundation else { continue }
      for (index, line) in source.code.enumerated() {
        for word in Self.foundation where seesFoundation && line.contains(word) {
          Issue.record("\(source.place(index)): `\(word)` passes SystemIO by")
        }
        guard seesC else { continue }
        for call in calls(in: line) where !isAllowed(source, call) {
          Issue.record("\(source.place(index)): `\(call)` passes SystemIO by")
        }
      }
    }
  }

  /// The name of the call that the observer sees stands at most so many lines above the call itself.
  private static let near = 11

  @Test func `and SystemIO makes no call that its observer does not see`() throws {
    var seen = 0
    for source in try Repository.sources() where source.target == "SystemIO" {
      for (index, line) in source.code.enumerated() {
        for call in calls(in: line) where !isAllowed(source, call) {
          let near = source.code[max(0, index - Self.near)...index]
          let isSeen = near.contains { $0.contains("call(") }
          #expect(isSeen, "\(source.place(index)): `\(call)` is not in a `call(…)`")
          seen += 1
        }
      }
    }
    #expect(seen > 25, "the calls were not found")
  }

  @Test func `every exception is still needed`() throws {
    for other in Self.others {
      let source = SourceText(path: other.file, text: try Repository.text(other.file))
      let isMade = source.code.contains { calls(in: $0).contains(other.call) }
      #expect(isMade, "`\(other.file)` makes no call of `\(other.call)` any more")
    }
  }
}
