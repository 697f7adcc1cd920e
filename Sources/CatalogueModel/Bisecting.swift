extension Array {
  /// Where the first element stands that passes, when none before it does and all after it do; the
  /// end where none passes.
  @inlinable package func bisected(_ passes: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if passes(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
