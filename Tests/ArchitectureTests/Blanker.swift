/// Makes comments and the content of string literals blank, so that what is left is code.
///
/// It knows what Swift files here are made of: line and nested block comments, strings of one and
/// of several lines, raw ones, and interpolations. Lines keep their numbers.
struct Blanker {
  private let text: [Character]
  private var place = 0
  private var result = ""

  init(_ text: String) { self.text = Array(text) }

  mutating func blanked() -> String {
    result = ""
    place = 0
    while place < text.count {
      if sees("//") {
        skipLine()
      } else if sees("/*") {
        skipBlock()
      } else if let hashes = stringStart() {
        skipString(hashes: hashes)
      } else {
        take()
      }
    }
    return result
  }

  private func sees(_ word: String) -> Bool {
    place + word.count <= text.count && text[place..<place + word.count].elementsEqual(word)
  }

  private mutating func take() {
    result.append(text[place])
    place += 1
  }

  private mutating func drop(_ count: Int = 1) {
    for character in text[place..<min(place + count, text.count)] {
      result.append(character == "\n" ? "\n" : " ")
    }
    place += count
  }

  private mutating func skipLine() {
    while place < text.count, text[place] != "\n" { drop() }
  }

  private mutating func skipBlock() {
    var depth = 0
    repeat {
      if sees("/*") {
        depth += 1
        drop(2)
      } else if sees("*/") {
        depth -= 1
        drop(2)
      } else {
        drop()
      }
    } while depth > 0 && place < text.count
  }

  /// The number of `#` before the quote of a string that begins here; `nil` when none does.
  private func stringStart() -> Int? {
    var end = place
    while end < text.count, text[end] == "#" { end += 1 }
    return end < text.count && text[end] == "\"" ? end - place : nil
  }

  private mutating func skipString(hashes: Int) {
    let marks = String(repeating: "#", count: hashes)
    drop(hashes)
    let quote = sees("\"\"\"") ? "\"\"\"" : "\""
    drop(quote.count)
    while place < text.count, !sees(quote + marks) {
      if sees("\\" + marks + "(") {
        drop(hashes + 1)
        skipInterpolation()
      } else if sees("\\" + marks) {
        drop(hashes + 2)
      } else {
        drop()
      }
    }
    drop(quote.count + hashes)
  }

  /// From the opening parenthesis to after the closing one; strings inside it nest.
  private mutating func skipInterpolation() {
    var depth = 0
    repeat {
      if let hashes = stringStart() {
        skipString(hashes: hashes)
        continue
      }
      if text[place] == "(" { depth += 1 }
      if text[place] == ")" { depth -= 1 }
      drop()
    } while depth > 0 && place < text.count
  }
}
