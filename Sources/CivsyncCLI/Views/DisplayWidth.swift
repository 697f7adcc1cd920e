extension DisplayText {
  /// The columns of one character as a reader sees it, which may be several scalars.
  static func width(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    let own = width(first)
    guard scalars.count > 1 else { return own }
    // Joined emoji take the place of one, and so does what a selector turns into an emoji.
    if scalars.contains(where: { $0 == "\u{200D}" }), own == 2 { return 2 }
    if scalars.contains(where: { $0 == "\u{FE0F}" }) { return 2 }
    return scalars.dropFirst().reduce(own) { sum, scalar in
      scalar.properties.isEmojiModifier ? sum : sum + width(scalar)
    }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Vowels and finals of Hangul, which join the consonant before them.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    return scalar.properties.isEmojiPresentation && !isFlagHalf(scalar) || isWide(scalar.value)
      ? 2 : 1
  }

  /// Two of these make one flag of two columns.
  private static func isFlagHalf(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// The blocks that Unicode's East Asian Width calls wide or full-width.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
