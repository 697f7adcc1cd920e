import Core
import SystemIO

/// What a disk may hold after the machine stopped: the promises of POSIX that Docs/Durability.md counts on,
/// and nothing beyond them. A file's bytes are there once the file was synced, a name once its folder was; a
/// rename is there wholly or not at all.
struct CrashModel {
  /// What is lost of all that was not synced.
  enum Loss: Hashable, Sendable {
    /// Nothing but the second half of the last write: what a kill leaves.
    case torn
    /// The bytes: names, sizes and times are there, and zeros.
    case bytes
    /// Everything.
    case all
    /// Of each name and each content it is drawn.
    case some(seed: UInt64)
  }

  private struct Content {
    var now: FolderImage.Content
    /// As it was last synced; `nil`: never.
    var durable: FolderImage.Content?
  }

  /// Names that came, went or changed at a stroke.
  private struct Change {
    var entries: [(path: String, node: FolderImage.Node?)]
    var isDurable = false
    var removesFolder = false

    var folders: Set<String> { Set(entries.map { CrashModel.parent($0.path) }) }
  }

  private let folder: AbsolutePath
  private let start: [String: FolderImage.Node]
  private var names: [String: FolderImage.Node]
  private var contents: [UInt64: Content]
  private var changes: [Change] = []
  /// The system's numbers, which are used again, to those of contents here.
  private var numbers: [UInt64: UInt64] = [:]
  private var next: UInt64 = 1 << 60
  /// The last thing that happened, if it was a write.
  private var lastWrite: (number: UInt64, before: FolderImage.Content)?

  init(_ log: CrashLog) { self.init(log.start, folder: log.folder) }

  init(_ image: FolderImage, folder: AbsolutePath) {
    self.folder = folder
    start = image.names
    names = image.names
    contents = image.contents.mapValues { Content(now: $0, durable: $0) }
    for number in image.contents.keys { numbers[number] = number }
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  private func relative(_ path: String) -> String? {
    if path == folder.string { return "" }
    guard path.hasPrefix(folder.string + "/") else { return nil }
    return String(path.dropFirst(folder.string.count + 1))
  }

  // MARK: What happens

  mutating func happen(_ event: CrashLog.Event) {
    lastWrite = nil
    switch event {
    case .others(let image): take(image)
    case .effect(let effect):
      changeNames(effect)
      changeContents(effect)
      sync(effect)
    }
  }

  private mutating func change(_ entries: [(path: String, node: FolderImage.Node?)]) {
    for (path, node) in entries { names[path] = node }
    changes.append(Change(entries: entries))
  }

  private mutating func take(_ image: FolderImage) {
    var entries: [(path: String, node: FolderImage.Node?)] =
      names.keys.filter { CrashLog.isOthers($0) }.map { ($0, nil) }
    for (path, node) in image.names {
      guard case .file(let number) = node, let content = image.contents[number] else {
        entries.append((path, node))
        continue
      }
      contents[next] = Content(now: content, durable: content)
      entries.append((path, .file(next)))
      next += 1
    }
    change(entries)
    changes[changes.count - 1].isDurable = true
  }

  private mutating func changeNames(_ effect: SystemCallEffect) {
    switch effect {
    case .made(let path, let inode):
      guard let path = relative(path) else { return }
      if case .file(let number)? = names[path] {
        numbers[inode] = number
        return
      }
      numbers[inode] = next
      contents[next] = Content(now: .init(bytes: []), durable: nil)
      change([(path, .file(next))])
      next += 1
    case .madeFolder(let path): relative(path).map { change([($0, .folder)]) }
    case .madeSymlink(let path, let text): relative(path).map { change([($0, .symlink(text))]) }
    case .linked(let source, let target):
      guard let source = relative(source), let target = relative(target) else { return }
      change([(target, names[source])])
    case .renamed(let source, let target): rename(source, target)
    case .exchanged(let one, let other):
      guard let one = relative(one), let other = relative(other) else { return }
      change([(one, names[other]), (other, names[one])])
    case .unlinked(let path): relative(path).map { change([($0, nil)]) }
    case .removedFolder(let path):
      guard let path = relative(path) else { return }
      change([(path, nil)])
      changes[changes.count - 1].removesFolder = true
    case .wrote, .copied, .truncated, .reserved, .setMode, .setModified, .synced, .syncedFolder,
      .syncedFileSystem:
      return
    }
  }

  private mutating func rename(_ source: String, _ target: String) {
    guard let source = relative(source), let target = relative(target) else { return }
    var entries: [(path: String, node: FolderImage.Node?)] = [
      (source, nil), (target, names[source]),
    ]
    for (path, node) in names where path.hasPrefix(source + "/") {
      entries += [(path, nil), (target + path.dropFirst(source.count), node)]
    }
    change(entries)
  }

  private mutating func changeContents(_ effect: SystemCallEffect) {
    switch effect {
    case .wrote(let inode, let offset, let bytes):
      guard let number = numbers[inode], let before = contents[number]?.now else { return }
      lastWrite = (number, before)
      edit(inode) { $0.patch(bytes, at: Int(offset)) }
    case .copied(let source, let target, let offset, let length):
      guard let number = numbers[source], let bytes = contents[number]?.now.bytes else { return }
      let range = Int(offset)..<min(bytes.count, Int(offset + length))
      edit(target) { $0.patch(Array(bytes[range]), at: Int(offset)) }
    case .truncated(let inode, let size): edit(inode) { $0.resize(Int(size)) }
    case .setMode(let inode, let mode): edit(inode) { $0.mode = mode }
    case .setModified(let inode, let time): edit(inode) { $0.modified = time }
    default: return
    }
  }

  private mutating func edit(_ inode: UInt64, _ body: (inout FolderImage.Content) -> Void) {
    guard let number = numbers[inode], var content = contents[number] else { return }
    body(&content.now)
    contents[number] = content
  }

  private mutating func sync(_ effect: SystemCallEffect) {
    switch effect {
    case .synced(let inode):
      guard let number = numbers[inode] else { return }
      settle(number)
    case .syncedFolder(let path):
      guard let path = relative(path) else { return }
      for index in changes.indices where !changes[index].isDurable {
        // A folder that is on the disk has a way to it there.
        let isOnTheWay = changes[index].entries.contains {
          $0.node == .folder && (path == $0.path || path.hasPrefix($0.path + "/"))
        }
        changes[index].isDurable = isOnTheWay || changes[index].folders.contains(path)
      }
    case .syncedFileSystem:
      for index in changes.indices { changes[index].isDurable = true }
      for number in Array(contents.keys) { settle(number) }
    default: return
    }
  }

  private mutating func settle(_ number: UInt64) {
    guard var content = contents[number] else { return }
    content.durable = content.now
    contents[number] = content
  }

  // MARK: What is left

  /// The disk as the machine finds it.
  func image(_ loss: Loss) -> FolderImage {
    var image = FolderImage()
    image.names = start
    var coin = Coin(loss)
    for change in kept(&coin) {
      for (path, node) in change.entries { image.names[path] = node }
    }
    for case .file(let number) in image.names.values where image.contents[number] == nil {
      image.contents[number] = contents[number].map { content(number, $0, loss, &coin) }
    }
    return image
  }

  /// What happened to a name happened in its order: with a change that is kept are all earlier ones of its
  /// names. A folder that is gone had nothing in it.
  private func kept(_ coin: inout Coin) -> [Change] {
    var isKept = changes.map { $0.isDurable || coin.keepsName() }
    var needed: Set<String> = []
    var emptied: Set<String> = []
    for index in changes.indices.reversed() {
      let change = changes[index]
      isKept[index] =
        isKept[index]
        || change.entries.contains {
          needed.contains($0.path) || emptied.contains(Self.parent($0.path))
        }
      guard isKept[index] else { continue }
      needed.formUnion(change.entries.map(\.path))
      if change.removesFolder { emptied.formUnion(change.entries.map(\.path)) }
    }
    return zip(changes, isKept).filter(\.1).map(\.0)
  }

  private func content(
    _ number: UInt64, _ content: Content, _ loss: Loss, _ coin: inout Coin
  ) -> FolderImage.Content {
    let durable = content.durable ?? FolderImage.Content(bytes: [])
    switch loss {
    case .torn:
      guard let lastWrite, lastWrite.number == number else { return content.now }
      let (old, new) = (lastWrite.before, content.now)
      var torn = new
      let first = zip(old.bytes, new.bytes).prefix { $0 == $1 }.count
      let middle = first + (new.bytes.count - first) / 2
      torn.bytes = Array(new.bytes[..<middle]) + old.bytes.dropFirst(middle)
      return torn
    case .bytes:
      guard durable.bytes != content.now.bytes else { return content.now }
      var empty = content.now
      empty.bytes = durable.bytes
      empty.resize(content.now.bytes.count)
      return empty
    case .all: return durable
    case .some: return coin.keeps() ? content.now : durable
    }
  }

  /// Draws what is kept, the same for the same seed.
  private struct Coin {
    let loss: Loss
    var state: UInt64

    init(_ loss: Loss) {
      self.loss = loss
      state = if case .some(let seed) = loss { seed } else { 0 }
    }

    mutating func keeps() -> Bool {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 63 == 0
    }

    mutating func keepsName() -> Bool {
      switch loss {
      case .torn, .bytes: true
      case .all: false
      case .some: keeps()
      }
    }
  }
}

extension FolderImage.Content {
  fileprivate mutating func patch(_ new: [UInt8], at offset: Int) {
    if bytes.count < offset + new.count { resize(offset + new.count) }
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
    modified = nil
  }

  fileprivate mutating func resize(_ size: Int) {
    bytes =
      bytes.count > size
      ? Array(bytes[..<size]) : bytes + [UInt8](repeating: 0, count: size - bytes.count)
    modified = nil
  }
}
