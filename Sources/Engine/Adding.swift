package import CatalogueModel
import Civitai
package import Core
import Diagnostics
package import ManifestModel
import SystemIO
import Transfer

/// Something that a user wants to add, as the site describes it.
package struct AdditionFound: Sendable {
  package enum Subject: Sendable {
    /// `version`: only that one was named.
    case model(Model, version: VersionID?)
    case user(String, models: [Model], isWhole: Bool)
  }

  /// As the user wrote it.
  package var asked: String
  package var subject: Subject
  package var addition: ManifestAddition
  /// The collection that has it already.
  package var presentIn: String?
}

/// What adding comes to, before it is written.
package struct AdditionPlan: Sendable {
  package var found: [AdditionFound]
  package var collection: String
  package var manifest: AbsolutePath
  package var before: [UInt8]
  /// The same as `before` when there is nothing to add.
  package var after: [UInt8]
  package var calls: Int

  package var changes: Bool { before != after }
}

extension Engine {
  /// Finds out what the arguments name, and what the manifest would be with them. Nothing is
  /// written.
  package func planAddition(
    _ arguments: [String], collection: String?
  ) async throws -> AdditionPlan {
    let (manifest, _) = try loadManifestToEdit()
    let wishes = try arguments.map { try Wish($0, hosts: Set(manifest.endpoints.map(\.host))) }
    let (found, calls) = try await find(wishes, manifest)
    let path = try await disk.run { () throws(EngineError) in try self.editedFile() }
    let before = try await disk.run { () throws(EngineError) in try self.bytes(of: path) }
    let file = SourceFile(name: manifest.sources.first?.name ?? path.name, bytes: before)
    let names = collectionNames(in: file)
    let target = collection ?? (names.count == 1 ? names[0] : "added")
    var marked = found
    for index in marked.indices {
      marked[index].presentIn = manifest.collection(with: marked[index])
    }
    let missing = marked.filter { $0.presentIn == nil }.map(\.addition)
    let after =
      missing.isEmpty ? before : try edited(file, missing, target, manifest)
    return AdditionPlan(
      found: marked, collection: target, manifest: path, before: before, after: after,
      calls: calls)
  }

  /// Writes what was planned, if the manifest is still what it was.
  package func write(_ plan: AdditionPlan) async throws {
    try await disk.run { () throws(EngineError) in
      guard try self.bytes(of: plan.manifest) == plan.before else {
        throw EngineError(
          "C236", "`\(plan.manifest)` was changed meanwhile; nothing was written",
          help: "run the command again", exit: .stale)
      }
      do {
        let mode = try self.fileSystem.status(plan.manifest)?.mode ?? 0o644
        try self.fileSystem.writeDurably(plan.after, to: plan.manifest, mode: mode)
        try self.fileSystem.setMode(plan.manifest, mode)
      } catch {
        throw EngineError("C101", "the manifest could not be written: \(error)")
      }
    }
  }

  private func loadManifestToEdit() throws(EngineError) -> (Manifest, [Diagnostic]) {
    if (try? fileSystem.status(project.manifest, followingLinks: true)) ?? nil == nil {
      throw EngineError(
        "C232", "there is no manifest to add to: `\(project.manifest)`",
        help: "make one with `civsync init`, which takes `--model` and `--user`",
        exit: .manifestInvalid)
    }
    let loaded = try loadManifest()
    return (loaded.manifest, loaded.warnings)
  }

  /// The file that a link leads to, so that the link stays one.
  private func editedFile() throws(EngineError) -> AbsolutePath {
    var path = project.manifest
    do {
      for _ in 0..<16 {
        guard let status = try fileSystem.status(path), status.kind == .symlink,
          let next = path.parent.resolving(try fileSystem.readLink(path))
        else { return path }
        path = next
      }
    } catch {
      throw EngineError("C101", "the manifest could not be read: \(error)")
    }
    return path
  }

  private func bytes(of path: AbsolutePath) throws(EngineError) -> [UInt8] {
    do {
      return try fileSystem.read(path) ?? []
    } catch {
      throw EngineError("C101", "the manifest could not be read: \(error)")
    }
  }

  // MARK: The text

  /// The manifest with the additions, held against what was meant by reading it anew.
  private func edited(
    _ file: SourceFile, _ additions: [ManifestAddition], _ collection: String,
    _ manifest: Manifest
  ) throws(EngineError) -> [UInt8] {
    let lines = additions.map { "\($0.kind.rawValue): \(ManifestScalar.text($0.text))" }
    func byHand(_ why: String) -> EngineError {
      EngineError(
        "C235", "`\(file.name)` is not edited: \(why)", notes: lines.map { "to add: `\($0)`" },
        help: "put these into `collections: \(collection)` by hand", exit: .failed)
    }
    let after: [UInt8]
    do throws(ManifestEditProblem) {
      after = try adding(additions, to: collection, in: file)
    } catch {
      throw byHand(
        error == .unreadable
          ? "it could not be read" : "it is written in a way that civsync does not edit")
    }
    let (read, diagnostics) = ManifestModel.loadManifest(
      paths: project.manifests,
      loader: EditedLoader(
        disk: DiskLoader(fileSystem: fileSystem, folder: project.folder), path: project.manifest,
        bytes: after),
      environment: context.environment, home: home)
    guard let read else {
      let mistake = diagnostics.first { $0.severity == .error }?.message ?? "it has a mistake"
      throw byHand("with the addition it would not be valid: \(mistake)")
    }
    guard manifest.becomes(read, by: additions, in: collection) else {
      throw byHand("the change would not be only the addition")
    }
    return after
  }

  // MARK: The site

  private func find(
    _ wishes: [Wish], _ manifest: Manifest
  ) async throws -> (found: [AdditionFound], calls: Int) {
    var query = CatalogueQuery()
    for wish in wishes {
      switch wish.subject {
      case .user(let name): query.users.insert(name)
      case .model(let reference):
        query.models.insert(reference.model)
      case .version(let version): query.versions.insert(version)
      }
    }
    observer.handle(.askingCatalogue)
    let http = try context.makeClient(manifest.transfer)
    defer { http.shutdown() }
    let cache = try await answerCache()
    let answers = await context.catalogue(manifest.endpoints, http, manifest.transfer, cache)
      .answer(query) { self.observer.handle($0) }
    if Task.isCancelled { throw EngineError.interrupted }
    var found: [AdditionFound] = []
    var problems: [Diagnostic] = []
    var isUnreachable = true
    for wish in wishes {
      switch wish.found(answers) {
      case .success(let addition): found.append(addition)
      case .failure(let missing):
        isUnreachable = isUnreachable && missing.isUnreachable
        problems.append(
          Diagnostic(
            code: missing.isUnreachable ? "C234" : "C233",
            message: "`\(wish.text)` \(missing.reason)"))
      }
    }
    guard problems.isEmpty else {
      problems[problems.count - 1].help =
        "nothing was added; correct or leave out what was not found"
      throw EngineError(problems, exit: isUnreachable ? .unreachable : .failed)
    }
    return (found, answers.calls)
  }
}

/// One argument of a user's.
private struct Wish {
  private static let notHere = "is not offered in this region"

  enum Subject {
    case user(String)
    case model(ModelReference)
    /// Its model is not said.
    case version(VersionID)
  }

  struct Missing: Error {
    var reason: String
    var isUnreachable = false
  }

  var text: String
  var subject: Subject

  init(_ text: String, hosts: Set<String>) throws(EngineError) {
    self.text = text
    if text.hasPrefix("@"), text.count > 1 {
      subject = .user(String(text.dropFirst()))
      return
    }
    do throws(ModelReference.Problem) {
      subject = .model(try ModelReference(parsing: text, hosts: hosts))
    } catch {
      switch error {
      case .versionOnly(let version): subject = .version(version)
      case .userPage(let user): subject = .user(user)
      default:
        if ["json", "png", "jpg", "jpeg", "webp"].contains(ModelFileName.ending(text)) {
          throw EngineError(
            "C240", "there is no file `\(text)`", help: "give its path from here", exit: .usage)
        }
        throw error.asArgument(text)
      }
    }
  }

  func found(_ answers: CatalogueAnswers) -> Result<AdditionFound, Missing> {
    switch subject {
    case .user(let name): user(name, answers.users[name])
    case .model(let reference): model(reference, answers.models[reference.model])
    case .version(let version):
      switch answers.versions[version] {
      case .found(let id, _):
        model(ModelReference(model: id, version: version), answers.models[id])
      case .gone: .failure(Missing(reason: "names a version that is not on the site"))
      case .region: .failure(Missing(reason: Self.notHere))
      case .unavailable(let reason): .failure(unreachable(reason))
      case nil: .failure(unreachable("it was not asked about"))
      }
    }
  }

  private func unreachable(_ reason: String) -> Missing {
    Missing(reason: "could not be looked up: \(reason)", isUnreachable: true)
  }

  private func user(_ name: String, _ listing: Listing?) -> Result<AdditionFound, Missing> {
    func found(_ models: [Model], isWhole: Bool) -> AdditionFound {
      // The site's own spelling, where it tells one.
      let spelled = models.lazy.compactMap(\.creator).first {
        $0.lowercased() == name.lowercased()
      }
      return AdditionFound(
        asked: text, subject: .user(spelled ?? name, models: models, isWhole: isWhole),
        addition: ManifestAddition(.users, spelled ?? name))
    }
    switch listing {
    case .complete(let models, _): return .success(found(models, isWhole: true))
    case .partial(let models, _, _): return .success(found(models, isWhole: false))
    case .notFound: return .failure(Missing(reason: "is no creator on the site"))
    case .refused: return .failure(Missing(reason: Self.notHere))
    case .unavailable(let reason): return .failure(unreachable(reason))
    case nil: return .failure(unreachable("it was not asked about"))
    }
  }

  private func model(
    _ reference: ModelReference, _ answer: ModelAnswer?
  ) -> Result<AdditionFound, Missing> {
    switch answer {
    case .found(let model, _):
      if let version = reference.version {
        guard let own = model.versions.first(where: { $0.id == version }) else {
          return .failure(Missing(reason: "names a version that model \(model.id) does not have"))
        }
        if let file = reference.file, !own.files.contains(where: { $0.id == file }) {
          return .failure(Missing(reason: "names a file that version \(version) does not have"))
        }
      }
      return .success(
        AdditionFound(
          asked: text, subject: .model(model, version: reference.version),
          addition: ManifestAddition(.models, reference.text, comment: model.name)))
    case .gone: return .failure(Missing(reason: "is not on the site"))
    case .region: return .failure(Missing(reason: Self.notHere))
    case .unavailable(let reason): return .failure(unreachable(reason))
    case nil: return .failure(unreachable("it was not asked about"))
    }
  }
}

extension ModelReference.Problem {
  /// What is wrong with an argument, for those that are no name of anything.
  fileprivate func asArgument(_ text: String) -> EngineError {
    func error(_ message: String, _ help: String) -> EngineError {
      EngineError("C237", "`\(text)` \(message)", help: help, exit: .usage)
    }
    return switch self {
    case .siteCollection:
      error(
        "is a collection of the site, which its API does not list",
        "name its models or creators, or mark them as favorites and write `favorites: true`")
    case .foreignSite(let host):
      error(
        "is of `\(host)`, which is not asked",
        "models come from `civitai.red`, `civitai.com` and what `source.endpoints` names")
    case .foreignSource(let source):
      error(
        "is an AIR of `\(source)`, which cannot be fetched",
        "only AIRs with `civitai` as their source are known")
    case .fileWithoutVersion:
      error("names a file without its version", "write `id@version+file`")
    case .unreadable, .versionOnly, .userPage:
      error(
        "names no model and no creator",
        "write an id, `id@version`, the address of a page, an AIR, or `@creator`; "
          + "`civsync search` finds ids by words")
    }
  }
}

extension ModelReference {
  /// `123`, `123@456`, `123@456+789`.
  fileprivate var text: String {
    "\(model)" + (version.map { "@\($0)" } ?? "") + (file.map { "+\($0)" } ?? "")
  }
}

extension Manifest {
  /// The collection that names the very same.
  fileprivate func collection(with found: AdditionFound) -> String? {
    switch found.subject {
    case .user(let name, _, _):
      collections.first { spec in
        spec.users.contains { $0.value.lowercased() == name.lowercased() }
      }?.name
    case .model:
      collections.first { spec in
        spec.models.contains { ModelReference($0).text == found.addition.text }
      }?.name
    }
  }

  /// Whether another manifest selects what this one does and the additions, and nothing else.
  fileprivate func becomes(
    _ other: Manifest, by additions: [ManifestAddition], in name: String
  ) -> Bool {
    guard let index = other.collections.firstIndex(where: { $0.name == name }) else { return false }
    var without = other
    let models = Set(additions.filter { $0.kind == .models }.map(\.text))
    let users = Set(additions.filter { $0.kind == .users }.map { $0.text.lowercased() })
    let spec = other.collections[index]
    let hasModels = models.isSubset(of: spec.models.map { ModelReference($0).text })
    let hasUsers = users.isSubset(of: spec.users.map { $0.value.lowercased() })
    guard hasModels, hasUsers else { return false }
    if collections.contains(where: { $0.name == name }) {
      without.collections[index].models.removeAll { models.contains(ModelReference($0).text) }
      without.collections[index].users.removeAll { users.contains($0.value.lowercased()) }
    } else {
      without.collections.remove(at: index)
    }
    return without.selectionText == selectionText
  }
}

/// The disk, with another text in the place of one manifest.
private struct EditedLoader: ManifestLoader {
  let disk: DiskLoader
  let path: AbsolutePath
  let bytes: [UInt8]

  func load(_ path: AbsolutePath) -> LoadedManifest {
    path == self.path ? .found(bytes) : disk.load(path)
  }

  func list(_ folder: AbsolutePath) -> [ListedName]? { disk.list(folder) }
  func displayName(of path: AbsolutePath) -> String { disk.displayName(of: path) }
}
