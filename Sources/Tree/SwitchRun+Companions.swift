internal import Core
internal import SystemIO

/// Companions: files that civsync made for tools, which may edit them. They are copies that can be
/// written to, and what the user made of one is never overwritten.
extension SwitchRun {
  static let editableMode: UInt32 = 0o644

  func performCompanion(_ step: SwitchStep, index: Int) throws(SystemError) {
    switch step.action {
    case .remove:
      try clear(step.place, step, names(index, leaving: false))
    case .move:
      try settleCompanion(step, index)
      if let from = step.from { try clear(from, step, names(index, leaving: true)) }
    case .replace:
      try clear(step.place, step, names(index, leaving: true))
      try settleCompanion(step, index)
    case .place, .repair:
      try settleCompanion(step, index)
    case .adopt, .aside: break
    }
  }

  /// Places the companion where nothing stands. Its file may have been refused its own place: then
  /// there is nothing to go along with.
  private func settleCompanion(_ step: SwitchStep, _ index: Int) throws(SystemError) {
    let refused = report.kept.contains { kept in
      kept.step.place.tree == step.place.tree && kept.step.place.path == step.beside
    }
    guard !refused, case .folder(let folder) = try openParent(of: step.place, making: true) else {
      return
    }
    let target = folder.at(step.place.path.name)
    let names = names(index, leaving: false)
    if try files.unlink(folder.at(names.making)) { touch(step.place) }
    guard try files.status(target) == nil else { return }
    touch(step.place)
    if step.action == .move, try renameCompanion(step, to: target) { return }
    guard let digest = step.digest else { return }
    if recovering, try !hasSound(digest) { return keepForWant(step) }
    let making = folder.at(names.making)
    try files.copy(objects.path(of: digest), to: making, mode: Self.editableMode)
    try files.seal(making, as: digest)
    try files.syncFile(making)
    do {
      try files.renameNoReplace(making, to: target)
    } catch  where error.isExisting {
      try files.unlink(making)
    }
  }

  /// Whatever the user made of it goes along.
  private func renameCompanion(
    _ step: SwitchStep, to target: Location
  ) throws(SystemError) -> Bool {
    guard let from = step.from, from.tree == step.place.tree,
      case .folder(let folder) = try openParent(of: from, making: false)
    else { return false }
    let old = folder.at(from.path.name)
    guard let status = try files.status(old), status.kind == .file || status.kind == .symlink
    else { return false }
    do {
      try files.renameNoReplace(old, to: target)
    } catch  where error.isCrossDevice || error.isExisting || error.isMissing {
      return false
    }
    touch(from)
    return true
  }
}
