internal import CLinux
internal import Glibc

/// What a folder holds, as one pass over it tells: for folders of many thousand names, of which few
/// are looked at as text.
package struct FolderListing: Sendable {
  package struct Item: Sendable {
    /// Of the file itself, not of what a symbolic link leads to.
    package let inode: UInt64
    /// `nil` where the file system does not tell without a look at the file itself.
    package let kind: FileKind?
    fileprivate let start: Int
    fileprivate let end: Int
  }

  /// In the file system's own order, without `.` and `..`.
  package private(set) var items: [Item] = []
  /// All names, one after the other.
  private var text: [UInt8] = []

  /// The name as the file system has it: any bytes but `/` and NUL.
  package func name(of item: Item) -> ArraySlice<UInt8> { text[item.start..<item.end] }

  fileprivate mutating func append(_ name: UnsafeRawBufferPointer, inode: UInt64, _ kind: FileKind?)
  {
    let start = text.count
    unsafe text.append(contentsOf: name)
    items.append(Item(inode: inode, kind: kind, start: start, end: text.count))
  }
}

extension FileSystem {
  /// The names in a folder with what the folder itself knows of them.
  package func listing(of place: some Locatable) throws(SystemError) -> FolderListing {
    let location = place.location
    let descriptor = try call("list", location) {
      unsafe Int(civsync_openat(location.base, location.text, O_RDONLY | O_DIRECTORY, 0))
    }
    guard let stream = unsafe fdopendir(Int32(descriptor)) else {
      let code = errno
      close(Int32(descriptor))
      throw SystemError(call: "list", path: location.description, code: code)
    }
    defer { unsafe _ = closedir(stream) }
    var listing = FolderListing()
    try call("readdir", location) {
      listing = FolderListing()
      return unsafe Self.eachEntry(of: stream) { entry in
        let name = unsafe Self.nameBytes(of: entry)
        if unsafe Self.isDots(name) { return }
        unsafe listing.append(
          name, inode: UInt64(entry.pointee.d_ino), Self.kind(entry.pointee.d_type))
      }
    }
    return listing
  }

  private static func nameBytes(of entry: UnsafeMutablePointer<dirent>) -> UnsafeRawBufferPointer {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
    let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
    return unsafe UnsafeRawBufferPointer(start: start, count: length)
  }

  private static func isDots(_ name: UnsafeRawBufferPointer) -> Bool {
    let dot = UInt8(ascii: ".")
    return unsafe name.count <= 2 && name.first == dot && name.last == dot
  }
}
