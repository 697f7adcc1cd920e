/// How a sandbox starts.
package struct SandboxOptions: Sendable {
  /// Port of the API on 127.0.0.1; 0: any free one.
  package var apiPort = 0
  /// Port of storage; 0: any free one.
  package var storagePort = 0
  /// Size of the made catalogue; those beyond the hand-made ones are generated when asked for.
  package var models = MadeModels.all.count
  /// Another seed makes other bytes and other generated models; ids and names of the hand-made ones
  /// stay.
  package var seed: UInt64 = 1
  /// Factor on file sizes; `nil`: 1, or 0.001 with `catalogueDirectory`.
  package var scale: Double?
  /// A folder of recorded model responses that are served in place of the made catalogue.
  package var catalogueDirectory: String?
  /// Tokens that open a session; any other is taken for none.
  package var tokens: Set<String> = ["sandbox-token"]
  /// Bytes per second for each connection to storage.
  package var throttleBytesPerSecond: Int?
  /// Seconds that a signed storage address holds.
  package var signatureLifetime: Int64 = 86_400

  /// Whether lists and models come with an `ETag`. No source says that the site sends one.
  package var givesValidators = false

  /// What the answers call the API, where something in between gives it another name (a proxy that
  /// answers for the site's own hosts); `nil`: its address.
  package var shownAPI: String?
  /// The same for storage.
  package var shownStorage: String?

  package init() {}

  /// Limits what arithmetic on ids can bear.
  package static let mostModels = 1_000_000
}
