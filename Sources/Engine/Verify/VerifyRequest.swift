/// Which objects are read, and for how long.
package struct VerifyRequest: Sendable, Equatable {
  /// The share of all objects, from 0 to 1; `nil`: all of them.
  package var sample: Double?
  /// What the sample is drawn with; `nil`: one that is drawn itself, and told.
  package var seed: UInt64?
  /// No object is begun after so long; what was begun is read to its end.
  package var timeBudget: Duration?
  /// The objects that came last are read first, however long ago others were read.
  package var newestFirst = false
  /// How often progress is told.
  package var interval: Duration = .seconds(10)

  package init() {}
}
