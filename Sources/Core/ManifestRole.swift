/// How a text came to be part of what a project declares.
package enum ManifestRole: String, Sendable, Hashable, CaseIterable {
  /// Named by the user: `civsync.yaml`, or each file after `-f`.
  case manifest
  /// Named by another one's `include:`.
  case include
  /// `civsync.local.yaml` beside the first manifest: what differs on this machine.
  case overlay
}
