import CatalogueModel
import Core
import Foundation
import GitStore
import History
import Planning
import SystemIO
import Testing

/// Something that must never be, by the invariant of Docs/Durability.md that it breaks.
struct Violation: Sendable, Hashable, CustomStringConvertible {
  var id: String
  var text: String
  var description: String { "\(id): \(text)" }
}

/// What a project shows: the files in its trees but for those that are the user's own, the lock, and
/// where its last snapshot says that things stand.
struct WorldState: Sendable, Equatable {
  /// Paths from the project's folder on, and what stands there.
  var trees: [String: Digest]
  var lock: [UInt8]?
  /// The same by the last snapshot; `nil` before the first.
  var head: [String: Digest]?
  /// Only where it is watched.
  var manifest: [UInt8]?
}

/// The one checker of all that Docs/Durability.md promises.
struct Invariants: Sendable {
  /// The project's folder.
  let folder: AbsolutePath
  var trees = ["models"]
  var store = ".civsync/store"
  /// What the project may show once everything was recovered.
  var states: [WorldState] = []
  /// The user's own files, by their paths from the project's folder on.
  var foreign: [String: [UInt8]] = [:]
  /// What the store must still have.
  var verified: Set<Digest> = []
  /// The manifest is as it was before the command or as that is to leave it: nobody else edits it.
  var watchesManifest = false
  /// The project has written since the machine stopped: its roots are whole again.
  var readsRoots = false
  /// What a collection may have taken: earlier snapshots need it, and no longer have it.
  var collected: Set<Digest> = []
  /// Every content that may be placed at all; `nil`: those of `states`.
  var placeable: Set<Digest>?
  /// Must be in no file.
  var token = "proof-token-3f1c9a"

  /// The files of the last look, with what was read of them: a look at a whole project.
  struct Look {
    let image: FolderImage
    let digests: [UInt64: Digest]

    init(_ folder: AbsolutePath) throws {
      image = try FolderImage(folder)
      digests = image.contents.mapValues { ContentHasher.digest(of: $0.bytes) }
    }

    func digest(_ path: String) -> Digest? {
      guard case .file(let number)? = image.names[path] else { return nil }
      return digests[number]
    }
  }

  /// What the project shows now.
  func state() throws -> WorldState { try state(Look(folder)) }

  private func state(_ look: Look) throws -> WorldState {
    var shown: [String: Digest] = [:]
    for tree in trees {
      for (path, node) in look.image.names where path.hasPrefix(tree + "/") {
        guard !isOwn(path), foreign[path] == nil || foreign[path] != look.image.bytes(path) else {
          continue
        }
        switch node {
        case .folder: continue
        case .file: shown[path] = look.digest(path)
        case .symlink(let target): shown[path] = digest(behind: target, look)
        }
      }
    }
    return WorldState(
      trees: shown, lock: look.image.bytes("civsync.lock"), head: try head(),
      manifest: watchesManifest ? look.image.bytes("civsync.yaml") : nil)
  }

  /// What leads out of the store, or nowhere, has the digest of its own text: no content has.
  private func digest(behind target: String, _ look: Look) -> Digest {
    let inside = target.hasPrefix(folder.string + "/")
    let path = inside ? String(target.dropFirst(folder.string.count + 1)) : target
    return look.digest(path) ?? ContentHasher.digest(of: Array("-> \(target)".utf8))
  }

  private func isOwn(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0 == ".civsync-root" || $0 == ".civsync-store" }
  }

  private func head() throws -> [String: Digest]? {
    try History(folder: folder.appending(".civsync")).head().map(places)
  }

  /// How many snapshots there are.
  func snapshots() throws -> Int {
    try History(folder: folder.appending(".civsync")).log().count
  }

  private func places(of snapshot: Snapshot) -> [String: Digest] {
    let roots = Dictionary(
      snapshot.trees.map { ($0.name, $0.root) }, uniquingKeysWith: { first, _ in first })
    var shown: [String: Digest] = [:]
    for entry in snapshot.entries {
      for place in entry.file.places {
        guard let root = roots[place.tree], folder.contains(root) else { continue }
        func path(_ place: Place) -> String {
          String(root.appending(place.path).string.dropFirst(folder.string.count + 1))
        }
        // The user's own, which stands there as it did.
        let isUsers = entry.file.origin == .adopted && foreign[path(place)] != nil
        if !isUsers { shown[path(place)] = entry.digest }
        for companion in entry.file.companions {
          guard let beside = place.companion(companion.kind, companion.number) else { continue }
          shown[path(beside)] = companion.digest
        }
      }
    }
    return shown
  }

  /// Everything that is not as it must be.
  /// - Parameter recovered: a command came to its end since whatever happened; before that a switch
  ///   may stand in its middle.
  func check(recovered: Bool) throws -> [Violation] {
    let look = try Look(folder)
    var found = objects(look) + kept(look) + partials(look) + secrets(look)
    found += placed(look, recovered: recovered) + history(look) + roots(look)
    found += users(look, recovered: recovered)
    if recovered { found += try agreement(look) }
    return found
  }

  // MARK: D1, D2, D9: the store

  private func objects(_ look: Look) -> [Violation] {
    look.image.files(below: store + "/sha256").compactMap { path in
      guard case .file(let number)? = look.image.names[path],
        let content = look.image.contents[number],
        let named = Digest(hex: String(path.split(separator: "/").last ?? ""))
      else { return Violation(id: "D1", text: "`\(path)` has no object's name") }
      if look.digests[number] == named {
        return content.mode == 0o444
          ? nil : Violation(id: "D1", text: "`\(path)` may be written to: \(content.mode)")
      }
      guard content.modified?.nanoseconds == named.sealNanoseconds else { return nil }
      return Violation(id: "D1", text: "`\(path)` is sealed and holds something else")
    }
  }

  private func kept(_ look: Look) -> [Violation] {
    verified.filter { digest in
      let hex = digest.hex
      let names = ["sha256/\(hex.prefix(2))/\(hex)", "partial/\(hex).verified"]
      return !names.contains { look.digest(store + "/" + $0) == digest }
    }.sorted().map { Violation(id: "D2", text: "object `\($0.short)` is gone or damaged") }
  }

  private func partials(_ look: Look) -> [Violation] {
    var partial: [UInt64: String] = [:]
    for path in look.image.files(below: store + "/partial") where !path.hasSuffix(".verified") {
      if case .file(let number)? = look.image.names[path] { partial[number] = path }
    }
    return look.image.names.compactMap { path, node in
      // A link that is tried is none to a part of anything.
      if path.contains("/.civsync-tmp-") { return nil }
      switch node {
      case .folder: return nil
      case .file(let number):
        guard let other = partial[number], !path.hasPrefix(store + "/partial/") else { return nil }
        return Violation(id: "D9", text: "`\(path)` is the partial file `\(other)`")
      case .symlink(let target):
        guard target.contains("/partial/") else { return nil }
        return Violation(id: "D9", text: "`\(path)` leads to the partial file `\(target)`")
      }
    }
  }

  // MARK: D3, D4, D5: trees

  private func placed(_ look: Look, recovered: Bool) -> [Violation] {
    let allowed = placeable ?? Set(states.flatMap(\.trees.values))
    guard let shown = try? state(look).trees else { return [] }
    return shown.compactMap { path, digest in
      let name = path.split(separator: "/").last ?? ""
      // What is being made has no name yet that anybody knows it by.
      if !recovered, name.hasPrefix(".civsync-") { return nil }
      if allowed.contains(digest) || foreign.values.contains(look.image.bytes(path) ?? []) {
        return nil
      }
      return Violation(id: "D3", text: "`\(path)` holds what nobody verified")
    }
  }

  private func agreement(_ look: Look) throws -> [Violation] {
    let now = try state(look)
    let standing = states.filter { $0.trees == now.trees }
    if standing.isEmpty {
      let lines = states.map { difference(from: $0.trees, to: now.trees) }
      return [Violation(id: "D4", text: "the trees show none of the states: \(lines)")]
    }
    var found: [Violation] = []
    for path in look.image.names.keys.sorted() where path.hasPrefix(".civsync-tmp-") {
      found.append(Violation(id: "D4", text: "`\(path)` was left beside the manifest"))
    }
    if !standing.contains(where: { $0.head == now.head }) {
      found.append(Violation(id: "D5", text: "the history is not of what the trees show"))
    }
    if !standing.contains(where: { $0.head == now.head && $0.lock == now.lock }) {
      found.append(Violation(id: "D5", text: "the lock is not of what the trees show"))
    }
    if !standing.contains(where: { $0.head == now.head && $0.manifest == now.manifest }) {
      found.append(Violation(id: "D5", text: "the manifest is not of what the trees show"))
    }
    for path in look.image.names.keys.sorted() where isLeftOver(path) {
      found.append(Violation(id: "D4", text: "`\(path)` was left in the state folder"))
    }
    if look.image.names[".civsync/journal/switch.json"] != nil {
      found.append(Violation(id: "D5", text: "the journal stays"))
    }
    return found
  }

  /// What a run was writing when it was cut off.
  private func isLeftOver(_ path: String) -> Bool {
    let folders = [".civsync/", ".civsync/journal/"]
    return folders.contains { path.hasPrefix($0 + ".civsync-tmp-") }
  }

  func difference(from old: [String: Digest], to new: [String: Digest]) -> String {
    let paths = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    return paths.map { path in
      switch (old[path], new[path]) {
      case (nil, _): "+\(path)"
      case (_, nil): "-\(path)"
      default: "~\(path)"
      }
    }.joined(separator: " ")
  }

  // MARK: D6: the user's own

  private func users(_ look: Look, recovered: Bool) -> [Violation] {
    let elsewhere = look.image.files(below: ".civsync/aside").compactMap(look.image.bytes)
    // In the middle of a switch it may be on its way there, beside its place.
    let moving =
      recovered
      ? []
      : look.image.names.keys.filter { $0.contains("/.civsync-old-") }
        .compactMap(look.image.bytes)
    return foreign.sorted { $0.key < $1.key }.compactMap { path, bytes in
      if look.image.bytes(path) == bytes || elsewhere.contains(bytes) || moving.contains(bytes) {
        return nil
      }
      return Violation(id: "D6", text: "`\(path)` is neither as it was nor aside")
    }
  }

  // MARK: D7: the history

  private func history(_ look: Look) -> [Violation] {
    let history = History(folder: folder.appending(".civsync"))
    do {
      for entry in try history.log() {
        let snapshot = try history.read(entry.id)
        for entry in snapshot.entries where entry.file.origin == .fetched {
          let hex = entry.digest.hex
          let path = store + "/sha256/\(hex.prefix(2))/\(hex)"
          guard look.image.names[path] == nil, !collected.contains(entry.digest) else { continue }
          return [Violation(id: "D7", text: "a snapshot needs `\(entry.digest.short)`")]
        }
      }
      return []
    } catch {
      return [Violation(id: "D7", text: "a snapshot cannot be read: \(error)")]
    }
  }

  // MARK: D10: secrets

  private func secrets(_ look: Look) -> [Violation] {
    let wanted = Data(token.utf8)
    let objects = placeable ?? Set(states.flatMap(\.trees.values))
    return look.image.names.compactMap { path, node in
      // What came from the site and is verified need not be searched.
      guard case .file(let number) = node, let digest = look.digests[number],
        !objects.contains(digest), let bytes = look.image.contents[number]?.bytes,
        Data(bytes).range(of: wanted) != nil
      else { return nil }
      return Violation(id: "D10", text: "the token is in `\(path)`")
    }
  }
}
