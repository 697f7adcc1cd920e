import Core
import Index
import Testing

@Suite struct VerifiedTests {
  @Test func `what was verified is remembered, replaced and forgotten`() throws {
    let folder = try TemporaryFolder()
    let (index, _) = Index.open(at: folder.database)
    #expect(index.verifiedObjects().isEmpty)
    let (one, two) = (try digest(1), try digest(2))
    let first = VerifiedObject(stamp: stamp(device: .max, inode: .max), time: 5)
    let second = VerifiedObject(stamp: stamp(size: 9), time: 6)
    index.noteVerified([one: first, two: second])
    #expect(Index.open(at: folder.database).index.verifiedObjects() == [one: first, two: second])
    index.noteVerified([two: first])
    #expect(index.verifiedObjects() == [one: first, two: first])
    index.forgetVerified([one])
    #expect(index.verifiedObjects() == [two: first])
  }
}
