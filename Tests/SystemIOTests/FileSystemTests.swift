import Core
import DiskTestSupport
import Glibc
import SystemIO
import Testing

@Suite struct FileSystemTests {
  let folder: TemporaryFolder
  let files = FileSystem()
  var root: AbsolutePath { folder.path }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a status tells what stands there`() throws {
    let file = try folder.write("12345", to: "a")
    try files.symlink("a", at: root.appending("link"))
    let status = try #require(try files.status(file))
    #expect(status.kind == .file)
    #expect(status.size == 5)
    #expect(status.links == 1)
    #expect(status.owner == getuid())
    #expect(try files.status(root)?.kind == .folder)
    #expect(try files.status(root.appending("link"))?.kind == .symlink)
    #expect(try files.status(root.appending("link"), followingLinks: true)?.kind == .file)
    #expect(try files.status(AbsolutePath("/dev/null") ?? root)?.kind == .other)
    #expect(try files.status(root.appending("none")) == nil)
    #expect(try files.status(file.appending("below")) == nil)
  }

  @Test func `a listing tells names, kinds and inodes`() throws {
    let file = try folder.write("1", to: "a")
    try files.symlink("a", at: root.appending("link"))
    try files.makeFolder(root.appending("..."))
    let listing = try files.listing(of: root)
    let found = listing.items.map { (Array(listing.name(of: $0)), $0.kind, $0.inode) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    #expect(found.map { String(decoding: $0.0, as: UTF8.self) } == ["...", "a", "link"])
    #expect(found.map(\.1) == [.folder, .file, .symlink])
    #expect(found[1].2 == (try files.status(file)?.inode))
    #expect(throws: SystemError.self) { try files.listing(of: root.appending("none")) }
  }

  @Test func `folders are made with those above them, once`() throws {
    let deep = root.appending("x/y/z")
    #expect(try files.makeFolders(deep).map(\.name) == ["x", "y", "z"])
    #expect(try files.makeFolders(deep).isEmpty)
    #expect(try !files.makeFolder(deep))
    #expect(try files.removeEmptyFolder(deep))
    #expect(try !files.removeEmptyFolder(deep))
    #expect(try !files.removeEmptyFolder(root.appending("x")))
    let file = try folder.write("", to: "file")
    let error = #expect(throws: SystemError.self) { try files.makeFolders(file) }
    #expect(error?.symbol == "ENOTDIR")
  }

  @Test func `a listing has names that are not UTF-8`() throws {
    _ = try folder.write("", to: "b")
    let bad: [CChar] = [0x61, -1, 0]
    let opened = unsafe open(root.string + "/", O_RDONLY)
    let made = unsafe openat(opened, bad, O_CREAT | O_WRONLY, 0o600)
    close(made)
    let entries = try files.list(root)
    #expect(entries.map(\.bytes) == [[0x61, 0xff], [0x62]])
    #expect(entries.map(\.name) == [nil, "b"])
    #expect(entries[0].displayName == "a\u{fffd}")
    #expect(entries[1].kind == .file)
    let removed = unsafe unlinkat(opened, bad, 0)
    #expect(removed == 0)
    close(opened)
    #expect(throws: SystemError.self) { try files.list(root.appending("none")) }
  }

  @Test func `a durable write replaces the whole file and leaves nothing beside it`() throws {
    let path = root.appending("state.json")
    try files.writeDurably(Array("one".utf8), to: path)
    try files.writeDurably(Array("two".utf8), to: path)
    #expect(try folder.text("state.json") == "two")
    #expect(try files.list(root).count == 1)
  }

  @Test func `a durable write that fails leaves the old content and no temporary file`() throws {
    let path = try folder.write("old", to: "state")
    for call in ["write", "fsync", "rename"] {
      let recorder = Recorder { name, path in
        name == call && path.contains("civsync") && (call == "rename" || path.contains("tmp-"))
          ? ENOSPC : nil
      }
      let error = #expect(throws: SystemError.self) {
        try FileSystem(observer: recorder).writeDurably(Array("new".utf8), to: path)
      }
      #expect(error?.isFull == true)
      #expect(try folder.text("state") == "old")
      #expect(try files.list(root).count == 1)
    }
  }

  @Test func `a rename that must not replace does not`() throws {
    let one = try folder.write("1", to: "one")
    let two = try folder.write("2", to: "two")
    let error = #expect(throws: SystemError.self) { try files.renameNoReplace(one, to: two) }
    #expect(error?.isExisting == true)
    try files.exchange(one, two)
    #expect(try folder.text("one") == "2")
    try files.rename(one, to: two)
    #expect(try folder.text("two") == "2")
    try files.renameNoReplace(two, to: root.appending("three"))
    #expect(try folder.text("three") == "2")
  }

  @Test(arguments: [false, true])
  func `without a kernel's promise a rename still replaces nothing`(linksFail: Bool) throws {
    let one = try folder.write("1", to: "one")
    let two = try folder.write("2", to: "two")
    let first = Locked(true)
    let recorder = Recorder { call, _ in
      if call == "link", linksFail { return EPERM }
      guard call == "rename" else { return nil }
      return first.withLock { isFirst in
        defer { isFirst.toggle() }
        return isFirst ? EINVAL : nil
      }
    }
    let files = FileSystem(observer: recorder)
    let error = #expect(throws: SystemError.self) { try files.renameNoReplace(one, to: two) }
    #expect(error?.symbol == "EEXIST")
    first.withLock { $0 = true }
    try files.renameNoReplace(one, to: root.appending("new"))
    #expect(try folder.text("new") == "1")
    #expect(try files.status(one) == nil)
  }

  @Test func `copies keep the time, and reflinks fail cleanly where there are none`() throws {
    let source = try folder.write(String(repeating: "x", count: 100_000), to: "source")
    try files.setModified(source, FileTime(seconds: 1_000, nanoseconds: 7))
    let copy = root.appending("copy")
    try files.copy(source, to: copy, mode: 0o444)
    let status = try #require(try files.status(copy))
    #expect(status.modified == FileTime(seconds: 1_000, nanoseconds: 7))
    #expect(status.mode == 0o444)
    #expect(try files.read(copy)?.count == 100_000)
    #expect(throws: SystemError.self) { try files.copy(source, to: copy, mode: 0o444) }

    let recorder = Recorder { call, _ in call == "clone" ? EOPNOTSUPP : nil }
    let clone = root.appending("clone")
    let error = #expect(throws: SystemError.self) {
      try FileSystem(observer: recorder).reflink(source, to: clone, mode: 0o444)
    }
    #expect(error?.isUnsupported == true)
    #expect(try files.status(clone) == nil)
  }

  @Test func `a copy that the kernel refuses goes through a buffer`() throws {
    let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let source = root.appending("source")
    try files.writeAtomically(bytes, to: source)
    let recorder = Recorder { call, _ in call == "copy" ? EXDEV : nil }
    try FileSystem(observer: recorder).copy(source, to: root.appending("copy"), mode: 0o600)
    #expect(try files.read(root.appending("copy")) == bytes)
  }

  @Test func `a full disk fails a write with a text that says what to do`() throws {
    let full = try #require(AbsolutePath("/dev/full"))
    // Not a regular file, so the store would never write there; the text output does.
    let error = #expect(throws: SystemError.self) { _ = try files.open(full, .update) }
    #expect(error?.symbol == "errno 22" || error?.symbol == "EINVAL")
    let text = SystemError(call: "write", path: "/x", code: ENOSPC).description
    #expect(
      text
        == "cannot write `/x`: no space left on the device (ENOSPC); free some space there "
        + "and run the command again; what was fetched is kept")
    #expect(
      SystemError(call: "spin", path: "/x", code: EDOM).description
        == "cannot spin `/x`: numerical argument out of domain (errno 33)")
  }

  @Test func `names of 255 bytes work and longer ones say so`() throws {
    let long = String(repeating: "é", count: 127) + "x"
    try files.writeDurably([1], to: root.appending(long))
    #expect(try files.list(root).first?.name == long)
    let error = #expect(throws: SystemError.self) {
      try files.makeFolder(root.appending(long + "y"))
    }
    #expect(error?.symbol == "ENAMETOOLONG")
  }

  @Test func `an interrupted call is repeated by nobody but the kernel's word`() throws {
    let recorder = Recorder()
    let files = FileSystem(observer: recorder, names: TemporaryNames { 35 })
    try files.writeDurably([1], to: root.appending("a"))
    #expect(recorder.calls == ["open", "open", "write", "fsync", "rename", "fsync"])
    #expect(TemporaryNames { 35 }.make() == ".civsync-tmp-z")
  }

  @Test func `a folder's name inside an open folder is not followed through a link`() throws {
    try files.makeFolder(root.appending("real"))
    try files.symlink("real", at: root.appending("link"))
    let opened = try files.openFolder(root)
    #expect(throws: SystemError.self) { try files.openFolder(opened.at("link")) }
    let real = try files.openFolder(opened.at("real"))
    #expect(real.path == root.appending("real"))
    #expect(try files.readLink(opened.at("link")) == "real")
    #expect(real.at("x").description == root.string + "/real/x")
  }

  @Test func `a file larger than its limit is not read`() throws {
    let file = try folder.write("12345", to: "a")
    #expect(try files.read(file, limit: 5)?.count == 5)
    let error = #expect(throws: SystemError.self) { try files.read(file, limit: 4) }
    #expect(error?.code == SystemError.tooBig)
    #expect(try files.read(root.appending("none")) == nil)
  }

  @Test func `free space is told with its device`() throws {
    let space = try files.freeSpace(root)
    #expect(space.total > .zero)
    #expect(space.available <= space.total)
    #expect(try space.device == files.status(root)?.device)
    #expect(throws: SystemError.self) { try files.freeSpace(root.appending("none")) }
  }

  @Test func `hard links, modes and syncs do what they say`() throws {
    let file = try folder.write("x", to: "a")
    try files.link(file, to: root.appending("b"))
    try files.setMode(file, 0o444)
    let status = try #require(try files.status(root.appending("b")))
    #expect(status.links == 2)
    #expect(status.mode == 0o444)
    #expect(try status.isUnchanged(since: #require(try files.status(file))))
    try files.syncFile(file)
    try files.syncFileSystem(files.openFolder(root))
    #expect(try files.unlink(file))
    #expect(try !files.unlink(file))
    let recorder = Recorder { call, _ in call == "fsync" ? EINVAL : nil }
    try FileSystem(observer: recorder).syncFolder(root)
  }
}
