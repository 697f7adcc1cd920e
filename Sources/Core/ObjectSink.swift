/// Where a download's bytes go: the store implements it, the transfer engine feeds it.
///
/// One download writes to one sink, from one thread at a time. A sink that throws ends the
/// download with that error.
package protocol ObjectSink: AnyObject, Sendable {
  /// How many bytes are there in good order, of earlier attempts and of this one.
  var received: Int64 { get }

  /// The validator (ETag) of the response those bytes came from; `nil` when it had none.
  var validator: String? { get }

  /// The whole object's length as that response told it.
  var total: Int64? { get }

  /// What is not there yet, lowest first. While nobody knows the object's length the last range
  /// ends at `Int64.max`.
  var missing: [Range<Int64>] { get }

  /// The object is cut into pieces of so many bytes. Pieces may come in any order and several at a
  /// time, the bytes of one piece in order alone. `Int64.max`: everything comes in order.
  var pieceSize: Int64 { get }

  /// A response's body begins.
  /// - Parameters:
  ///   - keeping: whether it is of the same object as the bytes that are there; otherwise they are
  ///     dropped.
  ///   - validator: the response's ETag, if it had one.
  ///   - total: the whole object's length, if the response told it.
  func start(keeping: Bool, validator: String?, total: Int64?) throws

  /// Bytes of one piece, next to those that are there. The buffer is valid during the call only.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws
}
