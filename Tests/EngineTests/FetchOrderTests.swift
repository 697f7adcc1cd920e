import ManifestModel
import Testing

@testable import Engine

struct `The order of fetching` {
  /// What the places take, when `ends` says whose file is through next.
  private func taken(
    _ sizes: [Int64], _ rule: FetchRule, places: Int, ends: (Int) -> Int = { $0 }
  ) -> [Int] {
    var order = FetchOrder(Array(sizes.indices), by: rule, places: places) { sizes[$0] }
    var taken: [Int] = []
    var turn = 0
    while turn < sizes.count + places * 4, taken.count < sizes.count {
      let place = turn < places ? turn : ends(turn) % places
      if let item = order.next(at: place) { taken.append(item) }
      turn += 1
    }
    for place in 0..<places { #expect(order.next(at: place) == nil) }
    return taken
  }

  @Test func `takes the small ones first, and at one place the large ones`() {
    let sizes: [Int64] = [50, 10, 40, 20, 30]
    #expect(taken(sizes, .smallFirst, places: 1) == [1, 3, 4, 2, 0])
    #expect(taken(sizes, .smallFirst, places: 2) == [1, 0, 3, 2, 4])
    #expect(taken(sizes, .smallFirst, places: 3) == [1, 3, 0, 4, 2])
    #expect(taken(sizes, .largeFirst, places: 2) == [0, 2, 4, 3, 1])
    #expect(taken(sizes, .manifest, places: 3) == [0, 1, 2, 3, 4])
  }

  @Test func `takes a file of unknown size for a large one, and keeps the plan's order in a tie`() {
    #expect(taken([0, 5, 5, 1], .smallFirst, places: 1) == [3, 1, 2, 0])
    #expect(taken([0, 5, 5, 1], .largeFirst, places: 1) == [0, 1, 2, 3])
  }

  @Test(arguments: FetchRule.allCases)
  func `gives each file out once, whoever is through first`(rule: FetchRule) {
    var dice = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let sizes = (0..<Int.random(in: 0...30, using: &dice)).map { _ in
        Int64.random(in: 0...9, using: &dice)
      }
      let places = Int.random(in: 1...8, using: &dice)
      let ends = (0..<400).map { _ in Int.random(in: 0..<places, using: &dice) }
      let taken = taken(sizes, rule, places: places) { ends[$0 % ends.count] }
      #expect(taken.sorted() == Array(sizes.indices), "\(sizes) \(places)")
    }
  }
}
