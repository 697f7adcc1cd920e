import Diagnostics
import GitStore
import History

extension Engine {
  /// What can be done where the history has lost something of a snapshot.
  func advised(_ problem: EngineError) -> EngineError {
    let readable = (try? history.readableSnapshots(3)) ?? []
    var notes = ["the store and the placed files are as they were"]
    notes += readable.map { "snapshot `\($0.id.short)` can be read: \($0.title)" }
    let help =
      if let newest = readable.first {
        "`git -C .civsync update-ref refs/heads/main \(newest.id.hex)` makes the newest of these the last one; "
          + "then `civsync plan` tells what differs, and `civsync apply` adopts what was placed since"
      } else {
        "put `.civsync/.git` back from a backup, or move it away: then `civsync apply` adopts what is placed"
      }
    var advised = problem
    for index in advised.diagnostics.indices {
      advised.diagnostics[index].notes += notes
      advised.diagnostics[index].help = help
    }
    return advised
  }
}
