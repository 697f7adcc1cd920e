internal import Core
internal import Glibc

/// Makes the names in a folder durable. libgit2 does so for each file that it writes, but not for
/// the folders that it makes on the way.
func sync(_ folder: AbsolutePath) throws(GitError) {
  let descriptor = unsafe open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw .failed(operation: "open `\(folder)`", reason: "it cannot be synced", code: errno)
  }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else {
    throw .failed(operation: "sync `\(folder)`", reason: "the disk refused", code: errno)
  }
}
