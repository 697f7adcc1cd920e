/// A file that goes along with a placed one, for the tools that show models. Its name is that of
/// the placed file with another ending; the raw value of a sidecar is that ending.
package enum CompanionKind: String, Sendable, Hashable, CaseIterable {
  /// The version as the site's API describes it, as Civitai-Helper keeps it.
  case civitaiInfo = "civitai.info"
  /// The user metadata of A1111 and Forge.
  case a1111 = "json"
  /// StabilityMatrix.
  case cmInfo = "cm-info.json"
  /// LoRA Manager.
  case loraManager = "metadata.json"
  /// A picture.
  case preview = "preview"

  /// Those that civsync writes itself, from what the catalogue tells.
  package static let sidecars: [CompanionKind] = [.civitaiInfo, .a1111, .cmInfo, .loraManager]
}
