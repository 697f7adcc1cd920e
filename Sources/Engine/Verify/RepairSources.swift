import CatalogueModel
import ContentStore
import Core
import SystemIO
import Tree

/// Looks on this machine for the bytes of objects that are damaged or missing. Whatever is found was
/// read: nothing counts by its looks.
struct RepairSources {
  let files: FileSystem
  let store: ContentStore
  let project: Project
  let roots: [TreeName: AbsolutePath]

  struct Found: Sendable {
    var path: AbsolutePath
    var source: CureSource
  }

  private var buffer = HashBuffer()
  /// What lies in `aside/`, by size; walked once.
  private var aside: [Int64: [AbsolutePath]]?

  init(files: FileSystem, store: ContentStore, project: Project, roots: [TreeName: AbsolutePath]) {
    self.files = files
    self.store = store
    self.project = project
    self.roots = roots
  }

  mutating func find(_ damage: VerifyReport.Damage) -> Found? {
    for shown in damage.places where [.own, .changed].contains(shown.standing) {
      guard let path = roots[shown.place.tree]?.appending(shown.place.path) else { continue }
      if holds(path, damage) { return Found(path: path, source: .place(shown.place)) }
    }
    for path in (try? store.setAside(of: damage.digest)) ?? [] where holds(path, damage) {
      return Found(path: path, source: .kept(project.relative(path)))
    }
    // Without a length every file that was ever set aside would have to be read.
    guard let size = damage.expectedBytes else { return nil }
    for path in kept(size) where holds(path, damage) {
      return Found(path: path, source: .kept(project.relative(path)))
    }
    return nil
  }

  private mutating func holds(_ path: AbsolutePath, _ damage: VerifyReport.Damage) -> Bool {
    guard let status = try? files.status(path), status.kind == .file,
      status.size == damage.expectedBytes ?? status.size,
      let hashed = try? files.hashFile(path, through: &buffer)
    else { return false }
    return hashed.digest == damage.digest
  }

  private mutating func kept(_ size: Int64) -> [AbsolutePath] {
    if let aside { return aside[size] ?? [] }
    var found: [Int64: [AbsolutePath]] = [:]
    var folders = [project.aside]
    while let folder = folders.popLast() {
      for entry in (try? files.list(folder)) ?? [] {
        guard let name = entry.name, let status = try? files.status(folder.appending(name)) else {
          continue
        }
        switch status.kind {
        case .folder: folders.append(folder.appending(name))
        case .file: found[status.size, default: []].append(folder.appending(name))
        case .symlink, .other: break
        }
      }
    }
    aside = found
    return found[size] ?? []
  }
}

extension Project {
  /// A path as people are told it: from the project's folder where it is below it.
  func relative(_ path: AbsolutePath) -> String {
    folder.contains(path) ? String(path.string.dropFirst(folder.string.count + 1)) : path.string
  }
}
