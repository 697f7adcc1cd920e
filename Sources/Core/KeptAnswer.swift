/// An answer of a server as it was given.
package struct KeptAnswer: Sendable, Equatable {
  /// When the server gave it, or last said that it still holds, in seconds since 1970.
  package var time: Int64
  /// What the server calls this state of its answer, where it said so.
  package var validator: String?
  package var bytes: [UInt8]

  package init(time: Int64, validator: String? = nil, bytes: [UInt8]) {
    self.time = time
    self.validator = validator
    self.bytes = bytes
  }
}
