import Core
import SystemIO

/// Goes through a folder: every file once, links followed, loops not.
struct ScanWalk {
  struct Found: Sendable {
    var path: String
    var place: AbsolutePath
    var status: FileStatus
    var isLink: Bool
  }

  private(set) var models: [Found] = []
  private(set) var others = 0
  private(set) var folders = 0
  private(set) var problems: [ScanProblem] = []

  private let files: FileSystem
  private let top: AbsolutePath
  private var visited: Set<FileIdentity> = []

  /// What no model belongs to: civsync's own and other programs' stores and histories.
  private static let skipped: Set = [
    ".git", ".civsync", ".civsync-root", ".civsync-store", "__pycache__",
  ]
  private static let deepest = 64

  init(_ top: AbsolutePath, _ files: FileSystem) {
    self.top = top
    self.files = files
  }

  /// - Throws: when the folder itself cannot be read.
  mutating func run(isCancelled: () -> Bool) throws(SystemError) {
    guard let status = try files.status(top, followingLinks: true) else {
      throw SystemError.missing("scan", path: top)
    }
    visited.insert(FileIdentity(status))
    let listing = try files.listing(of: top)
    visit(listing, below: "", isBehindLink: false, depth: 0, isCancelled)
  }

  private mutating func walk(
    _ folder: String, isBehindLink: Bool, depth: Int, _ isCancelled: () -> Bool
  ) {
    guard depth <= Self.deepest else {
      problems.append(ScanProblem(path: folder, why: "more than \(Self.deepest) folders deep"))
      return
    }
    do throws(SystemError) {
      visit(
        try files.listing(of: place(folder)), below: folder, isBehindLink: isBehindLink,
        depth: depth, isCancelled)
    } catch {
      problems.append(ScanProblem(path: folder, why: error.reason))
    }
  }

  private mutating func visit(
    _ listing: FolderListing, below folder: String, isBehindLink: Bool, depth: Int,
    _ isCancelled: () -> Bool
  ) {
    folders += 1
    var names: [String] = []
    for item in listing.items {
      let bytes = listing.name(of: item)
      let name = String(decoding: bytes, as: UTF8.self)
      guard name.utf8.elementsEqual(bytes) else {
        let path = folder.isEmpty ? name : folder + "/" + name
        problems.append(ScanProblem(path: path, why: "its name is not UTF-8"))
        continue
      }
      if !Self.skipped.contains(name) { names.append(name) }
    }
    for name in names.sorted() {
      if isCancelled() { return }
      look(
        folder.isEmpty ? name : folder + "/" + name, name, isBehindLink: isBehindLink,
        depth: depth, isCancelled)
    }
  }

  private mutating func look(
    _ path: String, _ name: String, isBehindLink: Bool, depth: Int, _ isCancelled: () -> Bool
  ) {
    do throws(SystemError) {
      guard let own = try files.status(place(path)) else { return }
      guard own.kind == .symlink else {
        return take(path, name, own, isBehindLink, depth, isCancelled)
      }
      guard let status = try files.status(place(path), followingLinks: true) else {
        problems.append(ScanProblem(path: path, why: "a link that leads nowhere"))
        return
      }
      take(path, name, status, true, depth, isCancelled)
    } catch {
      problems.append(ScanProblem(path: path, why: error.reason))
    }
  }

  private mutating func take(
    _ path: String, _ name: String, _ status: FileStatus, _ isLink: Bool, _ depth: Int,
    _ isCancelled: () -> Bool
  ) {
    switch status.kind {
    case .folder:
      if visited.insert(FileIdentity(status)).inserted {
        walk(path, isBehindLink: isLink, depth: depth + 1, isCancelled)
      } else if !isLink {
        problems.append(ScanProblem(path: path, why: "a folder that was looked at already"))
      }
    case .file:
      if ModelFileName.isModel(name) || ModelFileName.isPartial(name) {
        models.append(
          Found(path: path, place: place(path), status: status, isLink: isLink))
      } else {
        others += 1
      }
    case .symlink, .other: others += 1
    }
  }

  private func place(_ path: String) -> AbsolutePath {
    path.isEmpty ? top : AbsolutePath(top.string + "/" + path) ?? top
  }
}
