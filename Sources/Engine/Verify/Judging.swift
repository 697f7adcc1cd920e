import CatalogueModel
import ContentStore
import Core
import SystemIO
import Tree

extension Engine {
  /// What the readings say, and where each damaged object shows.
  func judge(_ outcome: ObjectsReading.Outcome, _ verification: inout Verification) {
    verification.report.isOutOfTime = outcome.isOutOfTime
    verification.report.isStopped = outcome.isStopped
    let damaged = outcome.readings.lazy.filter { !$0.reading.isSound }.map(\.object.digest)
    verification.noteSpots(of: Set(damaged))
    for (object, reading) in outcome.readings where reading != .gone {
      verification.report.read += 1
      verification.report.readBytes += ByteCount(object.status.size)
      if case .sound(let status) = reading {
        verification.report.sound += 1
        let remarks = Self.remarks(object.digest, status)
        verification.report.remarks += remarks
        if !remarks.isEmpty { verification.seen[object.digest] = status }
      } else {
        let size = verification.sizes[object.digest]
        var damage = Self.damage(object, reading, expected: size)
        damage.places = places(of: object.digest, object.status, verification)
        verification.report.damaged.append(damage)
        verification.damaged[object.digest] = object.status
        mark(object, reading, verification.workspace.store)
      }
    }
    verification.report.damaged.sort { $0.digest < $1.digest }
    verification.report.remarks.sort { $0.digest < $1.digest }
  }

  private static func remarks(_ digest: Digest, _ status: FileStatus) -> [VerifyReport.Remark] {
    var remarks: [VerifyReport.Remark] = []
    if status.mode != 0o444 {
      remarks.append(VerifyReport.Remark(digest: digest, kind: .permissions, mode: status.mode))
    }
    if !status.isSealed(as: digest) {
      remarks.append(VerifyReport.Remark(digest: digest, kind: .time))
    }
    return remarks
  }

  static func damage(
    _ object: FoundObject, _ reading: ObjectReading, expected: Int64?
  ) -> VerifyReport.Damage {
    let status = if case .damaged(_, let status) = reading { status } else { object.status }
    var damage = VerifyReport.Damage(
      digest: object.digest, kind: kind(object.digest, reading, status, expected: expected))
    damage.expectedBytes = expected
    if reading != .notAFile { damage.bytes = status.size }
    if case .unreadable(let error) = reading { damage.reason = error.reason }
    return damage
  }

  private static func kind(
    _ digest: Digest, _ reading: ObjectReading, _ status: FileStatus, expected: Int64?
  ) -> VerifyReport.Kind {
    switch reading {
    case .unreadable: return .unreadable
    case .notAFile: return .notAFile
    case .sound, .damaged, .gone, .cancelled: break
    }
    // Without a record of its length an empty file still tells: it had content once.
    if status.size < expected ?? 1 { return .truncated }
    let isUntouched = status.isSealed(as: digest) || status.isMarkedDamaged(as: digest)
    return isUntouched && status.size == expected ?? status.size ? .rot : .edited
  }

  /// What only reading found must not be taken for sound by the next command.
  private func mark(_ object: FoundObject, _ reading: ObjectReading, _ store: ContentStore) {
    guard case .damaged(_, let status) = reading else { return }
    do {
      try store.markDamaged(object.digest, seen: status)
    } catch {
      observer.handle(
        .notice("object `\(object.digest.short)` could not be marked as damaged: \(error)"))
    }
  }

  /// Objects that the last snapshot needs and that are not there.
  func addMissing(_ census: StoreCensus, _ verification: inout Verification) {
    guard let placed = verification.placed else { return }
    let there = Set(census.objects.map(\.digest))
    let missing = Set(placed.all.lazy.map(\.digest).filter { !there.contains($0) })
    verification.noteSpots(of: missing)
    for digest in missing.sorted() {
      // Another command may have put it there since.
      if (try? verification.workspace.store.status(of: digest)) != nil { continue }
      var damage = VerifyReport.Damage(digest: digest, kind: .missing)
      damage.expectedBytes = verification.sizes[digest]
      damage.places = places(of: digest, nil, verification)
      verification.report.damaged.append(damage)
    }
  }

  /// How the places stand that the last snapshot made from an object.
  func places(
    of digest: Digest, _ object: FileStatus?, _ verification: Verification
  ) -> [VerifyReport.Shown] {
    (verification.spots[digest] ?? []).compactMap { spot in
      verification.workspace.roots[spot.place.tree].map { root in
        VerifyReport.Shown(
          place: spot.place,
          standing: standing(root.appending(spot.place.path), spot, object, verification))
      }
    }
  }

  private func standing(
    _ path: AbsolutePath, _ spot: Spot, _ object: FileStatus?, _ verification: Verification
  ) -> VerifyReport.Standing {
    guard let status = try? fileSystem.status(path) else { return .absent }
    switch status.kind {
    case .symlink:
      let target = try? fileSystem.readLink(path)
      return target == verification.workspace.store.path(of: spot.digest).string
        ? .shared : .changed
    case .file:
      if let object, status.isSameFile(as: object) { return .shared }
      let size = spot.isAdopted ? nil : spot.bytes.bytes
      return status.isSealed(as: spot.digest, size: size) ? .own : .changed
    case .folder, .other: return .changed
    }
  }
}

extension Engine.Verification {
  fileprivate mutating func noteSpots(of digests: Set<Digest>) {
    guard !digests.isEmpty else { return }
    for spot in placed?.all ?? [] where digests.contains(spot.digest) {
      spots[spot.digest, default: []].append(spot)
    }
  }
}

extension PlacedList {
  fileprivate var all: [Spot] { spots + companions }
}

extension ObjectReading {
  fileprivate var isSound: Bool { if case .sound = self { true } else { false } }
}
