import Core
import GitStore
import History
import ManifestModel

extension KeepSpec {
  /// Which of the snapshots stay able to be gone back to.
  /// - Parameters:
  ///   - snapshots: oldest first; the last one always stays.
  ///   - tagged: those that have a name.
  ///   - now: seconds since 1970.
  func keeps(
    _ snapshots: [SnapshotOutline], tagged: Set<CommitID>, now: Int64
  ) -> [Bool] {
    let earliest = now - Int64(withinDays) * 86_400
    return snapshots.enumerated().map { index, snapshot in
      index >= snapshots.count - max(1, last)
        || withinDays > 0 && snapshot.time.seconds >= earliest
        || self.tagged && tagged.contains(snapshot.id)
    }
  }
}
