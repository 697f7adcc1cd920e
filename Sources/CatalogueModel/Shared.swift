/// A value that is kept once for all that hold it.
///
/// Tens of thousands of entries stand in a dozen lists at once; behind this a copy of one costs a
/// pointer. It never changes: who changes a part of an entry gets a new one.
@usableFromInline package final class Shared<Value: Sendable>: Sendable {
  @usableFromInline package let value: Value

  @usableFromInline package init(_ value: Value) { self.value = value }
}

extension Shared where Value: Equatable {
  /// Whether two hold equal values; who holds one and the same need not look.
  static func holdEqual(_ left: Shared, _ right: Shared) -> Bool {
    left === right || left.value == right.value
  }
}
