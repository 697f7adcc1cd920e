/// The candidate that `word` was probably meant to be, for "did you mean …?".
///
/// Compared without case, by the number of letters to insert, drop, change or swap; `nil` when
/// nothing is near (more than a third of the word, at most three letters). Of equally near ones
/// the first wins.
package func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
  let letters = Array(word.lowercased())
  // A long word is no typing mistake, and the comparison takes time by the square of its length.
  guard !letters.isEmpty, letters.count <= 64 else { return nil }
  let limit = max(1, min(3, letters.count / 3))
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased())
    guard abs(other.count - letters.count) <= limit else { continue }
    let distance = editDistance(letters, other)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      var cost = min(
        last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
