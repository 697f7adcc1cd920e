/// What the bytes of a made file look like.
enum ContentKind: Sendable, Hashable {
  case safetensors(TensorFamily)
  /// A zip archive with one stored member; PyTorch's own format is one too.
  case zip(member: String)
  /// Python's pickle, protocol 2: the old `.ckpt` and `.pt`.
  case pickle
  case gguf
  case onnx
  /// One JSON object.
  case json
  /// Lines of printable text.
  case text
}

/// The bytes of a file, made when asked for: any range of any size without memory or disk.
///
/// A file is a head and a tail that its kind needs, and between them pages of 64 KiB, each cut from
/// a fixed block of noise at a place that depends on seed and page, with a stamp of both at its
/// start. So making bytes costs a copy, and no two pages of any two files are equal.
struct FileContent: Sendable, Hashable {
  let seed: UInt64
  /// Bytes in all.
  let size: Int64
  let kind: ContentKind
  private let head: [UInt8]
  private let tail: [UInt8]

  private static let pageSize: Int64 = 65_536

  /// - Parameter size: raised to the smallest size that the kind can have.
  init(seed: UInt64, size: Int64, kind: ContentKind) {
    self.seed = seed
    self.kind = kind
    self.size = max(size, kind.minimumSize)
    (head, tail) = kind.ends(size: self.size, seed: seed)
  }

  /// The bytes from `offset` on: `count` of them, fewer where the file ends.
  func bytes(at offset: Int64, count: Int) -> [UInt8] {
    let end = min(size, offset + Int64(count))
    guard offset >= 0, offset < end else { return [] }
    var result: [UInt8] = []
    result.reserveCapacity(Int(end - offset))
    var position = offset
    while position < end {
      let page = position / Self.pageSize
      let stop = min(end, (page + 1) * Self.pageSize)
      append(page: page, from: position, to: stop, to: &result)
      position = stop
    }
    overlay(head, at: 0, on: &result, from: offset)
    overlay(tail, at: size - Int64(tail.count), on: &result, from: offset)
    return result
  }

  private func append(page: Int64, from: Int64, to end: Int64, to result: inout [UInt8]) {
    let noise = kind.isText ? Noise.printable : Noise.binary
    let mark = Mixing.mix(seed, UInt64(page))
    let shift = Int64(mark % UInt64(Int64(noise.count) - Self.pageSize))
    let start = shift - page * Self.pageSize
    let first = result.count
    result.append(contentsOf: noise[Int(start + from)..<Int(start + end)])
    let skipped = Int(from - page * Self.pageSize)
    guard skipped < 16 else { return }
    let stamp = Array(Mixing.hexadecimal(mark, count: 16).utf8)
    for index in skipped..<min(16, skipped + Int(end - from)) {
      result[first + index - skipped] = stamp[index]
    }
  }

  private func overlay(_ part: [UInt8], at place: Int64, on result: inout [UInt8], from: Int64) {
    let start = max(place, from)
    let end = min(place + Int64(part.count), from + Int64(result.count))
    guard start < end else { return }
    result.replaceSubrange(
      Int(start - from)..<Int(end - from), with: part[Int(start - place)..<Int(end - place)])
  }
}

/// The blocks that all made bytes are cut from.
private enum Noise {
  static let count = 262_144

  static let binary: [UInt8] = {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in 0..<UInt64(count / 8) {
      let word = Mixing.mix(index)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }()

  /// The same noise in letters, with blanks.
  static let printable: [UInt8] = binary.enumerated().map { index, byte in
    index % 72 == 71 ? 0x20 : UInt8(ascii: "a") + byte % 26
  }
}
