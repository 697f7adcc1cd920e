internal import Core
internal import SystemIO

extension SwitchRun {
  /// - Parameter place: which of the step's places stays as it is.
  func keep(_ step: SwitchStep, _ why: String, at place: Place? = nil) {
    let leavesOld = place.map { $0 != step.place } ?? false
    report.kept.append(SwitchReport.Kept(step: step, why: why, leavesOld: leavesOld))
  }

  // MARK: Placing

  /// Sees to it that `step.place` holds `step.digest`.
  /// - Returns: `false` when something in the way was kept instead.
  func settle(_ step: SwitchStep, _ index: Int) throws(SystemError) -> Bool {
    guard let digest = step.digest else { return true }
    let folder: Folder
    switch try openParent(of: step.place, making: true) {
    case .folder(let opened): folder = opened
    case .missing:
      keep(step, "the folder above it vanished")
      return false
    case .problem(let problem):
      keep(step, problem.description)
      return false
    }
    let names = names(index, leaving: false)
    try clearLeftovers(step.place, step, folder, names)
    let target = folder.at(step.place.path.name)
    if recovering, try !hasSound(digest) { return try settle(step, without: digest, target) }
    // Nothing stands there by the plan, and nothing that does is replaced: no look is needed first.
    if step.action == .place, let kind = try create(step, digest, folder, names) {
      report.placed[step.place] = kind
      return true
    }
    // What was found may change before the step is done: then look again.
    for _ in 0..<8 {
      switch try looker.look(target, as: digest, isExact: step.isEditable) {
      case .intact(let kind, _) where step.isEditable && kind.sharesTheObject && mayDisplace(step):
        try displace(step, digest, folder, names)
      case .intact(let kind, _):
        report.placed[step.place] = kind
        touch(step.place)
        return true
      case .absent:
        guard let kind = try create(step, digest, folder, names) else { continue }
        report.placed[step.place] = kind
        return true
      case .differs(let reason, let status):
        guard try canGoAside(status) else {
          keep(step, "what stands there cannot be moved to another file system; move it away")
          return false
        }
        guard mayDisplace(step) else {
          keep(step, "something appeared there meanwhile (\(reason)); move it away and apply again")
          return false
        }
        try displace(step, digest, folder, names)
      }
    }
    keep(step, "something keeps changing what stands there")
    return false
  }

  /// Whether the store has the object in good order. A switch that begins has looked at all; one that goes
  /// on after a crash may find that somebody damaged or removed one since.
  func hasSound(_ digest: Digest) throws(SystemError) -> Bool {
    if let known = soundObjects[digest] { return known }
    let isSound = try files.status(objects.path(of: digest))?.isSealed(as: digest) ?? false
    soundObjects[digest] = isSound
    return isSound
  }

  func keepForWant(_ step: SwitchStep) {
    report.kept.append(
      SwitchReport.Kept(
        step: step,
        why: "the store has its content no more, or damaged; `civsync apply` fetches it",
        lacksContent: true))
  }

  /// What can be done without the object: it stands there already, or at the place that is left.
  private func settle(
    _ step: SwitchStep, without digest: Digest, _ target: Location
  ) throws(SystemError) -> Bool {
    if case .intact(let kind, _) = try looker.look(target, as: digest) {
      report.placed[step.place] = kind
      touch(step.place)
      return true
    }
    if let kind = try renameFromOldPlace(step, digest, to: target) {
      report.placed[step.place] = kind
      touch(step.place)
      return true
    }
    keepForWant(step)
    return false
  }

  /// Only where civsync itself had placed something may what stands there make way.
  private func mayDisplace(_ step: SwitchStep) -> Bool {
    switch step.action {
    case .repair: true
    case .replace: step.from == nil
    case .place, .move, .remove, .adopt, .aside: false
    }
  }

  /// Files and links can be copied to `aside/` when it is on another file system; folders cannot.
  private func canGoAside(_ status: FileStatus) throws(SystemError) -> Bool {
    if status.kind == .file || status.kind == .symlink { return true }
    try files.makeFolders(asideFolder.base)
    return try files.status(asideFolder.base, followingLinks: true)?.device == status.device
  }

  /// Makes the link where nothing stands.
  /// - Returns: its kind; `nil` when something does.
  private func create(
    _ step: SwitchStep, _ digest: Digest, _ folder: Folder, _ names: Names
  ) throws(SystemError) -> LinkKind? {
    touch(step.place)
    let target = folder.at(step.place.path.name)
    if let kind = try renameFromOldPlace(step, digest, to: target) { return kind }
    do {
      return try makeLink(step, digest, at: target, by: folder.at(names.making))
    } catch  where error.isExisting {
      return nil
    }
  }

  /// - Returns: the kind of what stood at the old place of a move and now stands at the new; `nil` when
  ///   it was not the right thing, or cannot be renamed there.
  private func renameFromOldPlace(
    _ step: SwitchStep, _ digest: Digest, to target: Location
  ) throws(SystemError) -> LinkKind? {
    guard step.action == .move, let from = step.from, from.tree == step.place.tree,
      case .folder(let folder) = try openParent(of: from, making: false),
      case .intact(let kind, _) = try looker.look(folder.at(from.path.name), as: digest)
    else { return nil }
    do {
      try files.renameNoReplace(folder.at(from.path.name), to: target)
    } catch  where error.isCrossDevice || error.isExisting || error.isMissing {
      return nil
    }
    touch(from)
    return kind
  }

  /// Makes the link of the step's or else the tree's kind, or of the next kind that works: a folder of the tree may
  /// be on another file system, and a file can have its fill of hard links.
  /// - Parameter making: where what is not made at a stroke is put together.
  /// - Throws: an error with `isExisting` when something stands at `target`.
  private func makeLink(
    _ step: SwitchStep, _ digest: Digest, at target: Location, by making: Location
  ) throws(SystemError) -> LinkKind {
    let wanted = step.link ?? journal.trees[step.place.tree]?.link
    let kinds =
      step.isEditable ? [.reflink, .copy] : wanted?.fallbacks ?? LinkKind.allCases
    let path = objects.path(of: digest)
    var failure: SystemError?
    for kind in kinds {
      do throws(SystemError) {
        let mode = step.isEditable ? Self.editableMode : 0o444
        try makeLink(kind, to: path, digest, mode: mode, at: target, by: making)
        if let failure, let wanted, !step.isEditable {
          note(step.place.tree, wanted, made: kind, failure)
        }
        return kind
      } catch {
        guard error.isUnsupported else { throw error }
        failure = failure ?? error
      }
    }
    throw failure ?? .missing("link", path: path)
  }

  private func note(
    _ tree: TreeName, _ wanted: LinkKind, made: LinkKind, _ why: SystemError
  ) {
    let same = report.fallbacks.firstIndex {
      $0.tree == tree && $0.wanted == wanted && $0.made == made && $0.why.code == why.code
    }
    if let same {
      report.fallbacks[same].files += 1
    } else {
      report.fallbacks.append(
        SwitchReport.Fallback(tree: tree, wanted: wanted, made: made, why: why))
    }
  }

  private func makeLink(
    _ kind: LinkKind, to object: AbsolutePath, _ digest: Digest, mode: UInt32,
    at target: Location, by making: Location
  ) throws(SystemError) {
    guard kind == .copy || kind == .reflink else {
      return try files.makeLink(kind, from: object, path: object, to: target)
    }
    do {
      try files.makeLink(kind, from: object, path: object, to: making, mode: mode)
      try files.seal(making, as: digest)
      try files.syncFile(making)
      try files.renameNoReplace(making, to: target)
    } catch {
      _ = try? files.unlink(making)
      throw error
    }
  }

  /// Puts the new link where something else stands, and that where it belongs. In one step where
  /// the file system can exchange, so that a reader finds the old or the new.
  private func displace(
    _ step: SwitchStep, _ digest: Digest, _ folder: Folder, _ names: Names
  ) throws(SystemError) {
    touch(step.place)
    let target = folder.at(step.place.path.name)
    let making = folder.at(names.making)
    let swapped = folder.at(names.swapped)
    _ = try makeLink(step, digest, at: swapped, by: making)
    do throws(SystemError) {
      try files.exchange(swapped, target)
    } catch {
      guard error.isMissing || error.isUnsupported else { throw error }
      // It is gone, or the file system cannot exchange: take away first, then place.
      try files.unlink(swapped)
      if !error.isMissing { try files.renameNoReplace(target, to: swapped) }
    }
    try retire(swapped, step.place, step, [digest, step.previous].compactMap { $0 })
  }

  // MARK: The user's own files

  func adopt(_ step: SwitchStep) throws(SystemError) {
    guard let digest = step.digest else { return }
    guard case .folder(let folder) = try openParent(of: step.place, making: false) else {
      return keep(step, "the file to adopt is not there any more")
    }
    let target = folder.at(step.place.path.name)
    switch try looker.look(target, as: digest) {
    case .intact(let kind, _): report.placed[step.place] = kind
    case .absent: keep(step, "the file to adopt is not there any more")
    case .differs(_, let status):
      guard status.kind == .file, let hashed = try files.hashFile(target),
        hashed.digest == digest, hashed.status.isUnchanged(since: status)
      else { return keep(step, "the file to adopt has other content than it had") }
      do throws(SystemError) {
        try files.seal(target, as: digest)
      } catch {
        // A disk that is full or fails is no reason to give it up: what is begun is brought to its end.
        guard error.isForbidden || error.isUnsupported else { throw error }
        return keep(step, "the file to adopt cannot be marked: \(error)")
      }
      let object = try files.status(objects.path(of: digest))
      report.placed[step.place] = object?.isSameFile(as: status) == true ? .hardlink : .copy
    }
  }

  func moveAside(_ step: SwitchStep) throws(SystemError) {
    guard case .folder(let folder) = try openParent(of: step.place, making: false) else { return }
    let target = folder.at(step.place.path.name)
    guard let status = try files.status(target) else { return }
    guard try canGoAside(status) else {
      return keep(step, "it cannot be moved to another file system; move it away")
    }
    touch(step.place)
    let path = try asideFolder.take(target, of: step.place)
    report.aside.append(SwitchReport.Aside(place: step.place, path: path, isSurprise: false))
  }

  /// What the interrupted run moved aside stands there under a name that follows from the place.
  func reportEarlierAside(_ step: SwitchStep) throws(TreeError) {
    for place in [step.place, step.from].compactMap({ $0 })
    where !report.aside.contains(where: { $0.place == place }) {
      let path = asideFolder.wanted(place)
      let status = try onDisk { () throws(SystemError) in try files.status(path) }
      guard let status, status.kind != .folder else { continue }
      report.aside.append(
        SwitchReport.Aside(place: place, path: path, isSurprise: !step.knownModified))
    }
  }
}
