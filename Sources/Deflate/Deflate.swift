internal import CZlib

/// Bytes in the zlib format (RFC 1950), as PNG files hold their compressed texts.
package enum Deflate {
  /// Compresses quickly rather than well.
  /// - Returns: `nil` when memory has run out.
  package static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    var size = compressBound(uLong(bytes.count))
    var out = [UInt8](repeating: 0, count: Int(size))
    guard unsafe compress2(&out, &size, bytes, uLong(bytes.count), Z_BEST_SPEED) == Z_OK else {
      return nil
    }
    out.removeLast(out.count - Int(size))
    return out
  }

  /// The bytes that were compressed.
  /// - Parameter limit: the most that are made; a few bytes can stand for gigabytes.
  /// - Returns: `nil` for what is no whole zlib stream, is damaged, or holds more than `limit`.
  package static func expanded(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit_(&stream, ZLIB_VERSION, size) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var out: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(max(1, limit), 1 << 16))
    var input = bytes
    var code = Z_OK
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = uInt(clamping: input.count)
      repeat {
        let made = unsafe piece.withUnsafeMutableBufferPointer { piece in
          unsafe stream.next_out = piece.baseAddress
          unsafe stream.avail_out = uInt(piece.count)
          code = unsafe inflate(&stream, Z_NO_FLUSH)
          return unsafe piece.count - Int(stream.avail_out)
        }
        out += piece.prefix(made)
      } while code == Z_OK && out.count <= limit
    }
    return code == Z_STREAM_END && out.count <= limit ? out : nil
  }
}
