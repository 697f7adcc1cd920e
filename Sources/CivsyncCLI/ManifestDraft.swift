import ManifestModel

/// What a new manifest says, and its text.
package struct ManifestDraft: Sendable, Hashable {
  /// As the manifest writes it: `~/` and `${NAME}` are for its reader to expand.
  package var root: String?
  package var layout: String
  package var users: [String]
  package var models: [String]

  package static let defaultLayout = "comfyui"

  package init(
    root: String? = nil, layout: String = defaultLayout, users: [String] = [],
    models: [String] = []
  ) {
    self.root = root
    self.layout = layout
    self.users = users
    self.models = models
  }

  /// Where the tool of the layout looks when it is installed as its own guide says.
  package var defaultRoot: String {
    switch layout {
    case "comfyui": "~/ComfyUI/models"
    case "a1111": "~/stable-diffusion-webui"
    case "forge": "~/stable-diffusion-webui-forge"
    case "stabilitymatrix": "~/StabilityMatrix/Models"
    case "swarmui": "~/SwarmUI/Models"
    default: "~/models"
    }
  }

  /// Puts what someone wrote where it belongs: a creator is a bare name or the address of its page,
  /// everything else names a model.
  package mutating func add(_ answer: String) {
    for word in answer.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map(String.init) {
      if let user = Self.user(word) { users.append(user) } else { models.append(word) }
    }
  }

  private static func user(_ word: String) -> String? {
    if let page = word.firstRange(of: "/user/"), word.contains("://") {
      return String(word[page.upperBound...].prefix { !"/?#".contains($0) })
    }
    let namesModel = word.contains { ":/@+".contains($0) } || word.allSatisfy(\.isNumber)
    return namesModel ? nil : word
  }

  /// The manifest, with comments that tell what more can be said.
  package var text: String {
    """
    # What this folder of models is to hold. `civsync plan` shows what would change and changes
    # nothing; `civsync apply` makes it so. A key that is not understood is an error.
    version: 1

    # The folder that your tool reads. `~/`, `${NAME}` and `${NAME:-default}` are expanded; a
    # relative path starts from this file's folder.
    root: \(ManifestScalar.text(root ?? defaultRoot))

    # How it is laid out: comfyui, a1111, forge, stabilitymatrix, swarmui, flat, or a template such
    # as "{type}/{baseModel}/{creator}/{file}".
    layout: \(ManifestScalar.text(layout))

    # Rules for all collections; a collection may have its own.
    defaults:
      versions: latest          # all; { newest: 3 }; { since: 2025-01-01 }
      superseded: keep          # replace: an older version goes when there is a newer one
      # files: { formats: [SafeTensor], precision: [fp16, bf16], size: pruned }

    # Only what you take out of here is ever removed; what goes away upstream stays.
    \(collections)

    """
  }

  private var collections: String {
    var lines: [String] = []
    if !users.isEmpty {
      lines += ["  # What these creators publish.", "  creators:", "    users:"]
      lines += users.map { "      - \(ManifestScalar.text($0))" }
      lines += [
        "    # types: [LORA, LoCon]               # only these types",
        "    # baseModels: [\"SDXL*\", Illustrious]",
        "    # exclude: { models: [123] }",
      ]
    }
    if !models.isEmpty {
      lines += [
        "  # Models by id, `id@version`, the address of the page, or AIR.", "  models:",
        "    models:",
      ]
      lines += models.map { "      - \(ManifestScalar.text($0))" }
    }
    if !lines.isEmpty { return (["collections:"] + lines).joined(separator: "\n") }
    return """
      # Name creators or models in the place of `{}`:
      #
      #   creators:
      #     users: [some_creator]
      #     types: [LORA, LoCon]
      #   models:
      #     models: [101055, https://civitai.com/models/133005]
      collections: {}
      """
  }
}
