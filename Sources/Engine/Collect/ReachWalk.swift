import Core
import History

/// Goes through snapshots from the oldest to the last one and keeps count of what each needs. Pure.
struct ReachWalk {
  private struct Step {
    var added: [Int] = []
    var removed: [Int] = []
  }

  /// Every content that any of them needs; its number is where it stands.
  private(set) var digests: [Digest] = []
  private var numbers: [Digest: Int] = [:]
  private var steps: [Step] = []

  init(_ differences: [ReachDifference]) {
    steps.reserveCapacity(differences.count)
    for difference in differences {
      var step = Step()
      for digest in difference.added { step.added.append(number(of: digest)) }
      for digest in difference.removed { step.removed.append(number(of: digest)) }
      steps.append(step)
    }
  }

  private mutating func number(of digest: Digest) -> Int {
    if let known = numbers[digest] { return known }
    numbers[digest] = digests.count
    digests.append(digest)
    return digests.count - 1
  }

  func knows(_ digest: Digest) -> Bool { numbers[digest] != nil }

  /// What the snapshots need that are kept.
  /// - Parameter keeps: for each snapshot whether it is.
  func needed(_ keeps: [Bool]) -> Set<Digest> {
    var counts = [Int](repeating: 0, count: digests.count)
    var isNeeded = [Bool](repeating: false, count: digests.count)
    for (index, step) in steps.enumerated() {
      for number in step.added { counts[number] += 1 }
      for number in step.removed { counts[number] -= 1 }
      guard keeps[index] else { continue }
      if index > 0, keeps[index - 1] {
        // What the one before needs is marked already.
        for number in step.added where counts[number] > 0 { isNeeded[number] = true }
      } else {
        for number in counts.indices where counts[number] > 0 { isNeeded[number] = true }
      }
    }
    return Set(digests.indices.lazy.filter { isNeeded[$0] }.map { digests[$0] })
  }

  /// For each of these contents that a snapshot went on without, the last one that did.
  func leaving(_ wanted: Set<Digest>) -> [Digest: Int] {
    var counts = [Int](repeating: 0, count: digests.count)
    var leaving: [Digest: Int] = [:]
    for (index, step) in steps.enumerated() {
      for number in step.added { counts[number] += 1 }
      for number in step.removed {
        counts[number] -= 1
        if counts[number] == 0, wanted.contains(digests[number]) {
          leaving[digests[number]] = index
        }
      }
    }
    return leaving
  }

  /// For each snapshot how many of these contents it needs.
  func count(of contents: Set<Digest>) -> [Int] {
    let isMeant = digests.map(contents.contains)
    var counts = [Int](repeating: 0, count: digests.count)
    var needs = 0
    return steps.map { step in
      for number in step.added {
        counts[number] += 1
        if counts[number] == 1, isMeant[number] { needs += 1 }
      }
      for number in step.removed {
        counts[number] -= 1
        if counts[number] == 0, isMeant[number] { needs -= 1 }
      }
      return needs
    }
  }
}
