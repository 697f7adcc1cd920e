import Core
import DiskTestSupport
import SystemIO
import Testing

@Test func `a folder goes with all that is in it, and links are not followed`() throws {
  let folder = try TemporaryFolder()
  let files = FileSystem()
  let kept = try folder.write("kept", to: "elsewhere/file")
  _ = try folder.write("x", to: "gone/a/b/file")
  let inner = folder.path.appending("gone")
  try files.symlink(kept.parent.string, at: inner.appending("link"))
  try files.removeAll(inner)
  #expect(try files.status(inner) == nil)
  #expect(try folder.text("elsewhere/file") == "kept")
  // What is not there is no error, and a link in its place goes too.
  try files.removeAll(inner)
  try files.symlink(kept.parent.string, at: inner)
  try files.removeAll(inner)
  #expect(try files.status(inner) == nil)
  #expect(try folder.text("elsewhere/file") == "kept")
}
