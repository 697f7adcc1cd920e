import Core
import DiskTestSupport
import Glibc
import SystemIO
import Testing

@Suite struct OpenFileTests {
  let folder: TemporaryFolder
  let files = FileSystem()

  init() throws { folder = try TemporaryFolder() }

  @Test func `bytes are written and read at their offsets`() throws {
    let file = try files.open(folder.path.appending("f"), .create)
    try file.write([1, 2, 3][...], at: 2)
    try file.reserve(1 << 20)
    #expect(try file.status().size == 5)
    try file.truncate(to: 4)
    try file.startWriteback(at: 0, length: 4)
    try file.sync()
    var buffer = [UInt8](repeating: 9, count: 8)
    #expect(try file.read(at: 0, into: &buffer) == 4)
    #expect(buffer == [0, 0, 1, 2, 9, 9, 9, 9])
    #expect(try file.read(at: 2, into: &buffer, limit: 1) == 1)
    #expect(buffer[0] == 1)
  }

  @Test func `only regular files open, and links only when followed`() throws {
    let path = try folder.write("x", to: "file")
    let link = folder.path.appending("link")
    try files.symlink(path.string, at: link)
    #expect(throws: SystemError.self) { _ = try files.open(link, .read) }
    let size = try files.open(link, .read, followingLinks: true).status().size
    #expect(size == 1)
    let error = #expect(throws: SystemError.self) { _ = try files.open(folder.path, .read) }
    #expect(error?.symbol == "EISDIR")
    let pipe = folder.path.appending("pipe")
    let made = unsafe mkfifo(pipe.string, 0o600)
    #expect(made == 0)
    #expect(throws: SystemError.self) { _ = try files.open(pipe, .read) }
  }

  @Test func `a descriptor is closed when its file goes out of scope`() throws {
    let path = try folder.write("x", to: "file")
    let fds = try #require(AbsolutePath("/proc/self/fd"))
    func targets() throws -> Int {
      try files.list(fds).count { entry in
        (try? files.readLink(fds.appending(entry.displayName))) == path.string
      }
    }
    do {
      let file = try files.open(path, .read)
      #expect(try targets() == 1)
      #expect(try file.status().size == 1)
    }
    #expect(try targets() == 0)
  }

  @Test func `a seal says that nobody wrote`() throws {
    let digest = ContentHasher.digest(of: Array("x".utf8))
    let path = try folder.write("x", to: "file")
    #expect(try files.status(path)?.isSealed(as: digest) == false)
    try files.seal(path, as: digest)
    let status = try #require(try files.status(path))
    #expect(status.isSealed(as: digest))
    #expect(status.isSealed(as: digest, size: 1))
    #expect(!status.isSealed(as: digest, size: 2))
    #expect(!status.isSealed(as: ContentHasher.digest(of: [])))
    try files.open(path, .update).write([0x79][...])
    #expect(try files.status(path)?.isSealed(as: digest) == false)
    try files.setModified(path, FileTime(seconds: digest.sealSeconds, nanoseconds: 0))
    #expect(try files.status(path)?.isSealed(as: digest) == true)
    try files.setModified(path, FileTime(seconds: digest.sealSeconds + 2, nanoseconds: 0))
    #expect(try files.status(path)?.isSealed(as: digest) == false)
  }
}

@Suite struct ContentHasherTests {
  @Test func `digests are those of the standard`() throws {
    #expect(
      ContentHasher.digest(of: Array("abc".utf8)).hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      ContentHasher.digest(of: []).hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `a file's digest is that of its bytes, pieces included`() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let path = folder.path.appending("big")
    try FileSystem().writeAtomically(bytes, to: path)
    let hashed = try #require(try FileSystem().hashFile(path))
    #expect(hashed.digest == ContentHasher.digest(of: bytes))
    #expect(hashed.size == 2_500_000)
    #expect(try FileSystem().hashFile(path, isCancelled: { true }) == nil)
    #expect(throws: SystemError.self) { try FileSystem().hashFile(folder.path) }
  }
}
