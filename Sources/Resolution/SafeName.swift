/// Turns what the site calls a thing into one path component that every file system takes.
///
/// Names on the site contain `/ : < > *`, leading spaces, `..` and any script; lengths are counted
/// in bytes because file systems count so.
package enum SafeName {
  /// Room below the usual limit of 255 for a sidecar's longer ending (`.civitai.info`).
  package static let maximumBytes = 240

  private static let reservedOnWindows: Set<String> = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
  ]

  /// - Parameter fallback: used when nothing of the name is left.
  package static func component(_ name: String, fallback: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      scalars.append(isUnsafe(scalar) ? "_" : scalar)
    }
    var text = Substring(String(scalars))
    while let first = text.first, first == " " || first == "." { text.removeFirst() }
    while let last = text.last, last == " " || last == "." { text.removeLast() }
    guard !text.isEmpty else { return fallback }
    let (stem, ending) = split(String(text))
    let safeStem = reservedOnWindows.contains(stem.lowercased()) ? stem + "_" : stem
    return limited(stem: safeStem, ending: ending)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "/", "\\", ":", "<", ">", "*", "?", "\"", "|": true
    default:
      scalar.value < 0x20 || scalar.value == 0x7f || scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
    }
  }

  /// The name and its ending with the dot: `model.v1.safetensors` → `model.v1`, `.safetensors`.
  /// An ending longer than 16 bytes, or with a space in it, is part of the name.
  package static func split(_ name: String) -> (stem: String, ending: String) {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
    let ending = name[dot...]
    guard (2...16).contains(ending.utf8.count), !ending.contains(" ") else { return (name, "") }
    return (String(name[..<dot]), String(ending))
  }

  /// The stem cut at a character's boundary so that the whole fits into so many bytes.
  package static func limited(
    stem: String, ending: String, to limit: Int = maximumBytes
  ) -> String {
    var stem = Substring(stem)
    while stem.utf8.count + ending.utf8.count > limit, !stem.isEmpty { stem.removeLast() }
    while stem.last == " " { stem.removeLast() }
    return stem + ending
  }

  /// `name.ext` → `name_<suffix>.ext`, within the limit.
  package static func suffixed(_ name: String, with suffix: String) -> String {
    let (stem, ending) = split(name)
    return limited(stem: stem, ending: "_\(suffix)\(ending)")
  }
}
