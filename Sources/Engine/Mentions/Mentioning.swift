import CatalogueModel
import Civitai
package import Core
import History
import SystemIO
import Transfer

/// What became of a model that a file names.
package struct MentionFound: Sendable {
  package enum Finding: Sendable {
    /// By its id or its checksum.
    case sure(title: String, reference: String)
    /// The site has one model with a file of exactly that name.
    case named(title: String, reference: String)
    /// By its name alone: somebody has to say whether it is meant.
    case guess(title: String, model: ModelID)
    /// A file of that name is placed already.
    case present(Place)
    case missing
    case unknown(reason: String)
  }

  package var mention: Mention
  package var finding: Finding
}

extension Engine {
  /// Whether an argument means a workflow or a picture on the disk.
  package func isFileOfMentions(_ path: AbsolutePath) -> Bool {
    guard ["json", "png", "jpg", "jpeg", "webp"].contains(ModelFileName.ending(path.name)) else {
      return false
    }
    return ((try? fileSystem.status(path, followingLinks: true)) ?? nil)?.kind == .file
  }

  /// The models that a workflow or a picture names, looked up on the site.
  package func mentions(in path: AbsolutePath) async throws -> [MentionFound] {
    let mentions = try await disk.run { () throws(EngineError) in try self.read(path) }
    guard !mentions.isEmpty else {
      throw EngineError("C241", "`\(path.name)` names no model", help: "name models by their ids")
    }
    let head = try await disk.run { () throws(EngineError) in try self.headSnapshot() }
    let (endpoints, transfer) = try askedEndpoints()
    observer.handle(.askingCatalogue)
    let http = try context.makeClient(transfer)
    defer { http.shutdown() }
    let catalogue = context.catalogue(endpoints, http, transfer, try await answerCache())
    var found: [MentionFound] = []
    for mention in mentions {
      if Task.isCancelled { throw EngineError.interrupted }
      var finding = Self.placed(mention, head?.entries ?? [])
      if finding == nil { finding = await look(mention, catalogue) }
      if let finding { found.append(MentionFound(mention: mention, finding: finding)) }
    }
    return found
  }

  private func read(_ path: AbsolutePath) throws(EngineError) -> [Mention] {
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.read(path, limit: 256 << 20) ?? []
    } catch {
      throw EngineError("C240", "cannot read `\(path)`: \(error.reason)", exit: .usage)
    }
    if ModelFileName.ending(path.name) == "json" {
      do throws(JSONError) {
        return Mentions.inWorkflow(try JSONParser.parse(bytes))
      } catch {
        throw EngineError(
          "C240", "`\(path.name)` is no workflow: \(error)", help: "save it from ComfyUI again",
          exit: .usage)
      }
    }
    do throws(PictureText.Problem) {
      return Mentions.inPicture(try PictureText.texts(of: bytes))
    } catch {
      throw EngineError(
        "C240",
        error == .noPicture
          ? "`\(path.name)` is no PNG, JPEG or WebP, whatever its name says"
          : "`\(path.name)` ends in its middle: it was cut off", help: "get the picture again",
        exit: .usage)
    }
  }

  /// A placed file of that name, where nothing surer than the name is told.
  private static func placed(_ mention: Mention, _ entries: [Entry]) -> MentionFound.Finding? {
    for entry in entries {
      let isOwn =
        mention.version == entry.version.id
        || mention.hash.map { entry.digest.hex.uppercased().hasPrefix($0) && $0.count >= 10 }
          ?? false
      for place in entry.file.places {
        let name = place.path.string.split(separator: "/").last.map(String.init) ?? ""
        let isNamed =
          mention.version == nil && mention.hash == nil
          && Mention(name: name).stem.lowercased() == mention.stem.lowercased()
        if isOwn || isNamed { return .present(place) }
      }
    }
    return nil
  }

  private func look(
    _ mention: Mention, _ catalogue: CivitaiCatalogue
  ) async -> MentionFound.Finding {
    if let version = mention.version {
      let answers = await catalogue.answer(CatalogueQuery(versions: [version]))
      switch answers.versions[version] {
      case .found(let model, _): return await sure(model, version, catalogue)
      case .unavailable(let reason): return .unknown(reason: reason)
      case .region: return .unknown(reason: "the site does not serve this region")
      case .gone, nil: break
      }
    }
    if let hash = mention.hash {
      switch await catalogue.find(hash: hash) {
      case .found(let match): return await sure(match.model, match.version, catalogue)
      case .unavailable(let reason): return .unknown(reason: reason)
      case .missing: break
      }
    }
    guard mention.version == nil, mention.hash == nil else { return .missing }
    return await byName(mention, catalogue)
  }

  private func byName(
    _ mention: Mention, _ catalogue: CivitaiCatalogue
  ) async -> MentionFound.Finding {
    var guess: Model?
    for words in mention.searches {
      var query = SearchQuery(words: words)
      query.limit = 20
      query.nsfw = true
      switch await catalogue.search(query) {
      case .found(let models, _):
        let named = models.compactMap { model in
          model.versions.first { version in
            version.files.contains { $0.name.lowercased() == mention.name.lowercased() }
          }.map { (model, $0) }
        }
        if named.count == 1 {
          let (model, version) = named[0]
          return .named(
            title: "\(model.name) · \(version.name)", reference: "\(model.id)@\(version.id)")
        }
        guess = guess ?? named.first?.0 ?? models.first
      case .refused: break
      case .unavailable(let reason): return .unknown(reason: reason)
      }
    }
    return guess.map { .guess(title: $0.name, model: $0.id) } ?? .missing
  }

  private func sure(
    _ model: ModelID, _ version: VersionID, _ catalogue: CivitaiCatalogue
  ) async -> MentionFound.Finding {
    let answers = await catalogue.answer(CatalogueQuery(models: [model]))
    var title = "model \(model)"
    if case .found(let found, _) = answers.models[model] {
      let name = found.versions.first { $0.id == version }?.name
      title = found.name + (name.map { " · \($0)" } ?? "")
    }
    return .sure(title: title, reference: "\(model)@\(version)")
  }
}
