internal import Core

/// `GET /api/download/models/:versionId`: who may have which file, and where it lies.
extension API {
  /// The resolution of a request, and the file it is about where that is known.
  func download(_ request: APIRequest) -> (answer: Answer, file: FileID?) {
    let catalogue = world.snapshot.catalogue
    guard let id = request.path.count == 4 ? VersionID(parsing: request.path[3]) : nil else {
      return (.invalid("modelVersionId", "must be a number"), nil)
    }
    guard let model = catalogue.owner(of: id), !model.isHidden,
      let version = model.versions.first(where: { $0.id == id }),
      let index = version.fileIndex(for: request.query, hasSession: hasSession(request))
    else { return (.error(404, "File not found"), nil) }
    let file = version.files[index]
    if Self.isBrowser(request.userAgent) {
      let back = Query.encode("/models/\(model.id)?modelVersionId=\(id)")
      let login = Answer(302, headers: [("location", "\(apiURL)/login?returnUrl=\(back)")])
      return (login, file.id)
    }
    if let refusal = refusal(model, version, request) { return (refusal, file.id) }
    guard takeFromQuota() else { return (.message(429, "Too many downloads today"), file.id) }
    let name = FileNaming.names(in: version, of: model)[index]
    let address = SignedAddress(
      version: id, index: index, generation: file.generation, expires: world.now + lifetime,
      serial: world.nextSerial())
    let headers = [
      ("location", storageURL + address.target(seed: world.seed, name: name)),
      ("cache-control", "no-store"),
    ]
    return (Answer(307, headers: headers), file.id)
  }

  private var lifetime: Int64 { world.signatureLifetime }

  private func refusal(
    _ model: ModelRecord, _ version: VersionRecord, _ request: APIRequest
  ) -> Answer? {
    if model.mode == .archived { return .error(410, "The model is archived") }
    if version.access == .downloadsDisabled {
      return .unauthorized("The creator of this asset has disabled downloads on this file")
    }
    if let gate = version.gate {
      return .json(
        [
          "error": "Early Access", "deadline": gate.until.map(JSON.string) ?? nil,
          "message": "The creator of this asset has set it to early access",
        ], status: 403)
    }
    if version.access == .noGrant { return .error(403, "Forbidden") }
    if version.access == .loginRequired, !hasSession(request) {
      return .unauthorized(
        "The creator of this asset requires you to be logged in to download it")
    }
    return nil
  }

  /// Every successful resolution counts.
  private func takeFromQuota() -> Bool {
    world.change { state in
      guard let left = state.quota else { return true }
      guard left > 0 else { return false }
      state.quota = left - 1
      return true
    }
  }

  /// What the site takes for a browser.
  static func isBrowser(_ userAgent: String) -> Bool {
    let text = userAgent.lowercased()
    return ["mozilla", "chrome", "safari", "firefox", "opera", "edge"].contains {
      text.contains($0)
    }
  }
}

/// The address of a file on storage: whose it is, until when, and a signature over both.
struct SignedAddress: Sendable {
  var version: VersionID
  /// Position of the file in its version.
  var index: Int
  var generation: Int
  /// Seconds since 1970 by the sandbox's clock.
  var expires: Int64
  /// Every resolution gives another address: one that was rejected does not come again.
  var serial: Int64

  private var key: String { "\(version)-\(index)-\(generation)" }

  func signature(seed: UInt64) -> String {
    Mixing.hexadecimal(
      Mixing.mix(
        seed, Mixing.mix(key), UInt64(bitPattern: expires), UInt64(bitPattern: serial)), count: 40)
  }

  func target(seed: UInt64, name: String) -> String {
    "/f/\(key)?X-Expires=\(expires)&X-Serial=\(serial)&X-Signature=\(signature(seed: seed))"
      + "&filename=\(Query.encode(name))"
  }

  /// The address that a request names; `nil` where its parts or its signature are not right.
  init?(path: [String], query: Query, seed: UInt64) {
    let parts = path.count == 2 ? path[1].split(separator: "-") : []
    guard parts.count == 3, let version = VersionID(parsing: parts[0]), let index = Int(parts[1]),
      let generation = Int(parts[2]), let expires = query["X-Expires"].flatMap({ Int64($0) }),
      let serial = query["X-Serial"].flatMap({ Int64($0) })
    else { return nil }
    self.init(
      version: version, index: index, generation: generation, expires: expires, serial: serial)
    guard query["X-Signature"] == signature(seed: seed) else { return nil }
  }

  init(version: VersionID, index: Int, generation: Int, expires: Int64, serial: Int64) {
    self.version = version
    self.index = index
    self.generation = generation
    self.expires = expires
    self.serial = serial
  }
}
