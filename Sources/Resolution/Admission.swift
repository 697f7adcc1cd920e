import CatalogueModel
import Core
import ManifestModel

/// Whether a file that nobody has yet may be fetched, and how it is recorded when it is.
enum Admission {
  /// What keeps it from being fetched; `nil` when nothing does.
  ///
  /// A file whose object already stands in the store needs no permission of the site any more.
  /// Gates are tried all the same when a token is at hand: only the download tells whether the
  /// account has a grant.
  static func blocks(
    _ selected: Selected, scan policies: [ScanPolicy], _ rules: PolicyRules,
    _ context: ResolutionContext
  ) -> BlockedReason? {
    guard let digest = selected.file.digest else { return .noDigest }
    if let reason = scanBlock(selected.file.scan, policies) { return reason }
    if let reason = rules.refusal(selected.model, selected.version, selected.file) {
      return reason
    }
    if context.isStored(digest) { return nil }
    if let refusal = context.refusals[EntryIdentity(key: selected.key, digest: digest)],
      !isOver(refusal, selected)
    {
      return refusal
    }
    switch selected.model.mode {
    case .archived: return .archived
    case .takenDown: return .takenDown
    case .normal: break
    }
    if selected.version.downloadsDisabled { return .downloadsDisabled }
    if let gate = selected.version.gate, !context.hasToken { return .gated(until: gate.endsAt) }
    return nil
  }

  /// Early access that the catalogue no longer tells of has ended before its time.
  private static func isOver(_ refusal: BlockedReason, _ selected: Selected) -> Bool {
    if case .gated = refusal { selected.version.gate == nil } else { false }
  }

  private static func scanBlock(_ state: ScanState, _ policies: [ScanPolicy]) -> BlockedReason? {
    if policies.contains(where: { $0.admits(state) }) { return nil }
    return state == .pending ? .scanPending : .scanFailed(state)
  }

  static func entry(_ selected: Selected) -> Entry? {
    Entry(selected.model, selected.version, selected.file)
  }
}
