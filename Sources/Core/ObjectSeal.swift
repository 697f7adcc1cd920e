/// What an object's time of last change says of its content.
///
/// The store gives every object a time that follows from its digest. A write by anybody else
/// replaces it, so one look at size and time tells whether a file, hard link or copy still is what
/// was placed, with no record of when that was. Not a proof against forgery: only hashing is.
extension Digest {
  /// The nanoseconds of the object's time, from 1 to 999,999,999; its seconds stay what they are.
  package var sealNanoseconds: Int64 { Int64(leading % 999_999_999) + 1 }

  /// The seconds of the object's time on file systems that keep no nanoseconds: an even number, so
  /// that FAT can keep it, in the years 2001 to 2010.
  package var sealSeconds: Int64 { 1_000_000_000 + 2 * Int64(leading % 150_000_000) }
}

/// What knows where the content of a digest is kept.
package protocol ObjectLocating: Sendable {
  /// Where the object is when it is there.
  func path(of digest: Digest) -> AbsolutePath
}
