import CatalogueModel
import Civitai
package import Core
import Index
import SystemIO
import Transfer

/// What to scan, and how.
package struct ScanRequest: Sendable {
  package var folder: AbsolutePath
  /// The site is not asked.
  package var isOffline = false
  /// How often progress is told while files are read.
  package var interval: Duration = .seconds(10)

  package init(folder: AbsolutePath) { self.folder = folder }
}

extension Engine {
  /// Looks at every model file of a folder and says what it is, here and at the site. Reads only:
  /// neither the folder nor a project is changed. What was read is remembered in the user's own
  /// cache, so that an interrupted scan goes on where it stopped.
  package func scan(_ request: ScanRequest) async throws -> ScanReport {
    let files = fileSystem
    let stop = Locked(false)
    let walk = try await withTaskCancellationHandler {
      try await disk.run { () throws(EngineError) in
        try Self.walk(request.folder, files) { stop.withLock { $0 } }
      }
    } onCancel: {
      stop.withLock { $0 = true }
    }
    if Task.isCancelled { throw EngineError.interrupted }
    var report = ScanReport(folder: request.folder)
    report.otherFiles = walk.others
    report.folders = walk.folders
    report.problems = walk.problems
    report.files = try await judged(walk, request, &report.problems)
    report.problems.sort { $0.path < $1.path }
    if !request.isOffline { try await askUpstream(&report) }
    return report
  }

  private static func walk(
    _ folder: AbsolutePath, _ files: FileSystem, isCancelled: () -> Bool
  ) throws(EngineError) -> ScanWalk {
    var walk = ScanWalk(folder, files)
    do throws(SystemError) {
      try walk.run(isCancelled: isCancelled)
    } catch {
      throw EngineError(
        "C200", "cannot scan `\(folder)`: \(error.reason)",
        help: "name a folder that you may read", exit: .usage)
    }
    return walk
  }

  /// Reads what each file is, and its digest where that says something.
  private func judged(
    _ walk: ScanWalk, _ request: ScanRequest, _ problems: inout [ScanProblem]
  ) async throws(EngineError) -> [ScannedFile] {
    let reader = ModelFileReader(files: fileSystem)
    let readers = BlockingExecutor(label: "civsync.scan", width: 2)
    let looked = await readers.run {
      walk.models.map { found in
        Result { () throws(SystemError) in
          try reader.read(
            found.place, name: String(found.path.split(separator: "/").last ?? ""),
            size: found.status.size)
        }
      }
    }
    var scanned: [ScannedFile] = []
    var wanted: [FileToRead] = []
    var identities: [FileIdentity] = []
    var seen: Set<FileIdentity> = []
    for (found, result) in zip(walk.models, looked) {
      switch result {
      case .failure(let error):
        problems.append(ScanProblem(path: found.path, why: error.reason))
      case .success(let content):
        var file = ScannedFile(
          path: found.path, size: ByteCount(found.status.size), content: content, digest: nil,
          isLink: found.isLink)
        let identity = FileIdentity(found.status)
        file.isFirstName = seen.insert(identity).inserted
        scanned.append(file)
        identities.append(identity)
        if content != .partial {
          wanted.append(
            FileToRead(path: found.place, status: found.status, followsLinks: found.isLink))
        }
      }
    }
    let contents = try await digests(of: wanted, request, readers)
    for index in scanned.indices {
      switch contents[identities[index]] {
      case .digest(let digest): scanned[index].digest = digest
      case .gone: problems.append(ScanProblem(path: scanned[index].path, why: "it went meanwhile"))
      case .unreadable(let error):
        problems.append(ScanProblem(path: scanned[index].path, why: error.reason))
      case nil: break
      }
    }
    return scanned.sorted { $0.path < $1.path }
  }

  private func digests(
    of wanted: [FileToRead], _ request: ScanRequest, _ readers: BlockingExecutor
  ) async throws(EngineError) -> [FileIdentity: ReadContent] {
    let index = await disk.run { self.openUserIndex() }
    var known = KnownContent(
      index: index, files: fileSystem, now: context.unixTime, readers: readers,
      observer: observer)
    known.interval = request.interval
    return try await known.contents(of: wanted, why: .scanning)
  }

  // MARK: The site

  private func askUpstream(_ report: inout ScanReport) async throws {
    let (endpoints, transfer) = try askedEndpoints()
    let digests = Set(report.files.lazy.filter(\.content.isSound).compactMap(\.digest))
    report.wasAsked = true
    guard !digests.isEmpty else { return }
    observer.handle(.askingCatalogue)
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let catalogue = context.catalogue(endpoints, http, transfer, try await answerCache())
    let hashes = await catalogue.find(digests) { self.observer.handle($0) }
    let told = await owners(of: report, without: hashes)
    let models = Set(hashes.matches.values.map(\.model)).union(told.values.map(\.model))
    let answers = await catalogue.answer(CatalogueQuery(models: models)) {
      self.observer.handle($0)
    }
    if Task.isCancelled { throw EngineError.interrupted }
    report.calls = hashes.calls + answers.calls
    report.unanswered = hashes.reasons.first
    for index in report.files.indices {
      let file = report.files[index]
      guard file.content.isSound, let digest = file.digest else { continue }
      if let match = hashes.matches[digest] {
        report.files[index].upstream = finding(match, digest, answers)
      } else if hashes.unanswered.contains(digest) {
        report.files[index].upstream = .unanswered
      } else if let owner = told[file.path] {
        report.files[index].upstream = finding(owner, answers)
      } else {
        report.files[index].upstream = .unknown
      }
      if case .unanswered = report.files[index].upstream, report.unanswered == nil {
        report.unanswered = "some models could not be asked about"
      }
    }
    report.shareWhatSidecarsTell()
    let known = report.files
    await disk.run { self.openUserIndex()?.rememberOwners(of: known) }
  }

  private func finding(
    _ match: HashMatch, _ digest: Digest, _ answers: CatalogueAnswers
  ) -> UpstreamFinding {
    let title = "model \(match.model)"
    switch answers.models[match.model] {
    case .found(let model, let fromFallback):
      guard let version = model.versions.first(where: { $0.id == match.version }) else {
        if fromFallback { return .unanswered }
        return .gone(
          title: model.name, model: model.id, version: match.version,
          why: model.mode == .archived ? .archived : .version)
      }
      switch model.mode {
      case .archived, .takenDown:
        return .gone(
          title: "\(model.name) · \(version.name)", model: model.id, version: version.id,
          why: model.mode == .archived ? .archived : .takenDown)
      case .normal: break
      }
      return .known(
        KnownUpstream(
          model: model.id, version: version.id,
          file: version.files.first { $0.digest == digest }?.id, modelName: model.name,
          versionName: version.name, modelType: model.type, baseModel: version.baseModel,
          creator: model.creator, newer: model.newer(than: version.id)))
    case .gone: return .gone(title: title, model: match.model, version: match.version, why: .model)
    case .unavailable, .region, nil: return .unanswered
    }
  }

  /// Of a content that the site does not know, of which something here says whose it was.
  private func finding(_ owner: ToldOwner, _ answers: CatalogueAnswers) -> UpstreamFinding {
    switch answers.models[owner.model] {
    case .gone:
      return .gone(
        title: owner.name ?? "model \(owner.model)", model: owner.model, version: owner.version,
        why: .model)
    case .found(let model, let fromFallback):
      if model.mode != .normal {
        return .gone(
          title: model.name, model: model.id, version: owner.version,
          why: model.mode == .archived ? .archived : .takenDown)
      }
      guard let id = owner.version else { return .unknown }
      let version = model.versions.first { $0.id == id }
      if version != nil, !owner.isCertain { return .unknown }
      if fromFallback { return .unanswered }
      return .gone(
        title: version.map { "\(model.name) · \($0.name)" } ?? model.name, model: model.id,
        version: id, why: version == nil ? .version : .file)
    case .unavailable, .region: return .unanswered
    case nil: return .unknown
    }
  }

  /// Whose the contents were that the site does not know by their digest.
  private func owners(
    of report: ScanReport, without hashes: HashAnswers
  ) async -> [String: ToldOwner] {
    let open = report.files.filter { file in
      file.content.isSound && file.digest.map { hashes.matches[$0] == nil } ?? false
    }
    let files = fileSystem
    return await disk.run {
      let remembered =
        self.openUserIndex()?.owners(of: Set(open.compactMap(\.digest))) ?? [:]
      var found: [String: ToldOwner] = [:]
      for file in open {
        found[file.path] =
          file.digest.flatMap { remembered[$0] }
          ?? ToldOwner(beside: file.path, in: report.folder, files)
      }
      return found
    }
  }
}

extension ScanReport {
  /// What a sidecar says of one file holds for all of its content.
  fileprivate mutating func shareWhatSidecarsTell() {
    var told: [Digest: UpstreamFinding] = [:]
    for file in files {
      if case .gone = file.upstream, let digest = file.digest { told[digest] = file.upstream }
    }
    for index in files.indices {
      guard case .unknown = files[index].upstream, let digest = files[index].digest,
        let finding = told[digest]
      else { continue }
      files[index].upstream = finding
    }
  }
}
