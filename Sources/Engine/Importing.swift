import Core
import Diagnostics
import ManifestModel
import SystemIO

/// What an import writes, and what it leaves out.
package struct ImportPlan: Sendable {
  package struct Omission: Sendable, Equatable {
    package var path: String
    package var why: String
  }

  /// The manifest's text.
  package var text: String
  package var layout: String
  /// Files that are told as files of a model, and by their digest alone.
  package var models = 0
  package var objects = 0
  package var omissions: [Omission] = []
  /// The manifest that is there says this already.
  package var isUnchanged = false
}

extension Engine {
  /// What a scan found, as a manifest that declares exactly that: every sound file at the place where
  /// it stands. Nothing is written.
  /// - Parameters:
  ///   - layout: for what comes later; `nil`: by the folders' names.
  ///   - overwriting: whether another manifest may be in the way.
  package func planImport(
    _ report: ScanReport, layout: String?, overwriting: Bool
  ) async throws -> ImportPlan {
    var draft = ImportDraft(report, layout: layout, root: root(of: report.folder))
    var plan = ImportPlan(text: "", layout: draft.layout)
    for file in report.files { draft.take(file, &plan) }
    plan.text = draft.text
    guard plan.models + plan.objects > 0 else {
      throw EngineError(
        "C210", "there is nothing in `\(report.folder)` that could be imported",
        help: "`civsync scan` tells what it holds")
    }
    let found = mistakes(inManifest: plan.text).filter { $0.severity == .error }
    if let mistake = found.first {
      throw EngineError(
        "C211", "the manifest would not be valid: \(mistake.message)",
        help: "please report it; nothing was written")
    }
    let text = plan.text
    let (isThere, isSame) = await disk.run { () -> (Bool, Bool) in
      let bytes = (try? self.fileSystem.read(self.project.manifest)) ?? nil
      return (bytes != nil, bytes == Array(text.utf8))
    }
    plan.isUnchanged = isSame
    if isThere, !isSame, !overwriting { try await requireNoManifest() }
    return plan
  }

  /// As the manifest writes it: from its own folder where the folder lies below, else the whole
  /// path.
  private func root(of folder: AbsolutePath) -> String {
    let base = project.manifest.parent
    guard base.contains(folder), base != folder, base.string != "/" else { return folder.string }
    return String(folder.string.dropFirst(base.string.count + 1))
  }
}

/// Puts the manifest of an import together.
private struct ImportDraft {
  private struct Section {
    var models: [String] = []
    var objects: [String] = []
  }

  let layout: String
  private let root: String
  private var sections: [String: Section] = [:]
  private var taken: Set<FileKey> = []
  /// As a manifest compares places: without case, and however accents are composed.
  private var places: Set<String> = []

  init(_ report: ScanReport, layout: String?, root: String) {
    self.root = root
    self.layout = layout ?? Self.detected(report)
  }

  /// The tool whose folders these are, by the names that only it has.
  private static func detected(_ report: ScanReport) -> String {
    let folders = Set(
      report.files.flatMap { file in
        file.path.split(separator: "/").dropLast().map(String.init)
      })
    func has(_ names: String...) -> Bool { names.contains { folders.contains($0) } }
    if has("checkpoints", "diffusion_models", "text_encoders", "clip_vision") { return "comfyui" }
    if has("StableDiffusion", "LyCORIS", "TextEncoders") { return "stabilitymatrix" }
    if has("Stable-Diffusion") { return "swarmui" }
    if has("Stable-diffusion") { return "a1111" }
    return "comfyui"
  }

  mutating func take(_ file: ScannedFile, _ plan: inout ImportPlan) {
    func omit(_ why: String) {
      plan.omissions.append(ImportPlan.Omission(path: file.path, why: why))
    }
    guard file.content.isSound else { return omit("it is not what it seems") }
    guard !file.isLink else { return omit("it is a symbolic link, or lies behind one") }
    guard let digest = file.digest else { return omit("it could not be read") }
    guard TreePath(file.path) != nil,
      file.path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { return omit("its name holds a control character, or is none that a manifest can have") }
    guard places.insert(file.path.lowercased()).inserted else {
      return omit("another file has the same name but for case or accents")
    }
    let name = Self.sectionName(file.path)
    let place = ManifestScalar.text(
      PathTemplate.escaping(file.path).replacing("$", with: "$$"))
    if case .known(let known) = file.upstream, let id = known.file,
      taken.insert(FileKey(model: known.model, version: known.version, file: id)).inserted
    {
      sections[name, default: Section()].models.append(
        "      - { id: \(known.model), version: \(known.version), file: \(id), place: \(place) }"
          + "  \(ManifestScalar.comment(known.title))")
      plan.models += 1
    } else {
      sections[name, default: Section()].objects.append(
        "      - { sha256: \(digest.hex), place: \(place) }")
      plan.objects += 1
    }
  }

  /// A collection for each folder at the top.
  private static func sectionName(_ path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.count > 1 else { return "top" }
    let name = parts[0].map { character -> Character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    let text = String(name).drop { !$0.isLetter && !$0.isNumber }
    return text.isEmpty ? "other" : String(text)
  }

  var text: String {
    var lines = [
      "# Made by `civsync import`: what was found in the folder, each file at its place. Edit it as you",
      "# like; what you take out is given back to you, never removed, if civsync did not fetch it.",
      "version: 1", "root: \(ManifestScalar.text(root))", "layout: \(ManifestScalar.text(layout))",
      "collections:",
    ]
    for (name, section) in sections.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(ManifestScalar.text(name)):")
      if !section.models.isEmpty {
        lines += [
          "    # You have these already, whatever the site's scan says of them.",
          "    scan: allow-danger",
        ]
        lines += ["    models:"] + section.models
      }
      if !section.objects.isEmpty {
        lines += ["    # Not known to the site, or there a second time: by their digests."]
        lines += ["    objects:"] + section.objects
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
