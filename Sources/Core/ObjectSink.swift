/// Where a download's bytes go: the store implements it, the transfer engine feeds it.
///
/// One download writes to one sink, from one thread at a time. A sink that throws ends the
/// download with that error.
package protocol ObjectSink: AnyObject, Sendable {
  /// How many bytes an earlier attempt left behind in good order: a ranged request may go on there.
  var received: Int64 { get }

  /// The validator (ETag) of the response those bytes came from; `nil` when it had none.
  var validator: String? { get }

  /// A response's body begins.
  /// - Parameters:
  ///   - offset: where its first byte belongs: `received` to go on, 0 to start over (what was
  ///     there is dropped).
  ///   - validator: the response's ETag, if it had one.
  ///   - total: the whole object's length, if the response told it.
  func start(at offset: Int64, validator: String?, total: Int64?) throws

  /// The next bytes, in order. The buffer is valid during the call only.
  func append(_ bytes: UnsafeRawBufferPointer) throws
}
