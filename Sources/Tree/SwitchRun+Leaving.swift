internal import Core
internal import SystemIO

extension SwitchRun {
  /// Sees to it that what civsync had placed at `place` is gone.
  func clear(_ place: Place, _ step: SwitchStep, _ names: Names) throws(SystemError) {
    let digests = [step.previous, step.digest].compactMap { $0 }
    switch try openParent(of: place, making: false) {
    case .missing: break
    case .problem(let problem): return keep(step, problem.description, at: place)
    case .folder(let folder):
      try clearLeftovers(place, step, folder, names)
      let target = folder.at(place.path.name)
      if let status = try files.status(target) {
        if status.kind == .folder || status.kind == .other {
          return keep(
            step, "`\(place)` is no file any more, so there is nothing to remove", at: place)
        }
        touch(place)
        // Renamed before the look that decides, so that nobody can change the name in between.
        let swapped = folder.at(names.swapped)
        do throws(SystemError) {
          try files.renameNoReplace(target, to: swapped)
        } catch {
          guard error.isMissing else { throw error }
        }
        try retire(swapped, place, step, digests)
      }
    }
    report.removed.insert(place)
    left(place)
  }

  /// Clears what an earlier run of this step left in the folder. The names are this transaction's, so
  /// its first run finds nothing.
  func clearLeftovers(
    _ place: Place, _ step: SwitchStep, _ folder: Folder, _ names: Names
  ) throws(SystemError) {
    guard recovering else { return }
    // Gone for good before the journal is: nothing else would find it.
    touch(place)
    try files.unlink(folder.at(names.making))
    try retire(
      folder.at(names.swapped), place, step, [step.digest, step.previous].compactMap { $0 })
  }

  /// Removes what is civsync's own and moves anything else aside.
  func retire(
    _ location: Location, _ place: Place, _ step: SwitchStep, _ digests: [Digest]
  ) throws(SystemError) {
    // Copied aside while somebody wrote to it, a file stays for another round.
    for _ in 0..<4 {
      guard let status = try files.status(location) else { return }
      if try isOwn(location, status, digests, reading: !step.knownModified) {
        try files.unlink(location)
        return
      }
      let path = try asideFolder.take(location, of: place)
      report.aside.append(
        SwitchReport.Aside(place: place, path: path, isSurprise: !step.knownModified))
      touch(place)
    }
  }

  /// Whether the content is what civsync placed and the store still has it: a file that is its
  /// last copy is not thrown away.
  /// - Parameter reading: what has another time than when it was placed is read.
  private func isOwn(
    _ location: Location, _ status: FileStatus, _ digests: [Digest], reading: Bool
  ) throws(SystemError) -> Bool {
    for digest in digests {
      if status.kind == .symlink {
        if try looker.isOwnLink(location, digest) { return true }
        continue
      }
      let path = objects.path(of: digest)
      guard status.kind == .file, let object = try files.status(path), object.kind == .file,
        object.size == status.size
      else { continue }
      if object.isSealed(as: digest), status.isSealed(as: digest) { return true }
      guard reading, sealsAnew(path, object, digest) else { continue }
      if object.isSameFile(as: status) || sealsAnew(location, status, digest) { return true }
    }
    return false
  }

  /// Whether a file has that content, with the time that says so: one whose time alone was changed gets
  /// it back. What cannot be read has not.
  private func sealsAnew(
    _ place: some Locatable, _ status: FileStatus, _ digest: Digest
  ) -> Bool {
    if status.isSealed(as: digest) { return true }
    guard !status.isMarkedDamaged(as: digest), let hashed = try? files.hashFile(place),
      hashed.digest == digest,
      (try? files.status(place))??.isUnchanged(since: hashed.status) == true
    else { return false }
    _ = try? files.seal(place, as: digest)
    return true
  }
}
