internal import Core

/// Reading a command from the JSON of `POST /sandbox/control`.
extension ControlCommand {
  init(json: JSON) throws(ControlError) {
    guard let verb = json["do"]?.text else {
      throw .unknownVerb(json["do"].map { String(decoding: $0.serialized, as: UTF8.self) } ?? "")
    }
    let fields = ControlFields(json: json, verb: verb)
    switch verb {
    case "rename": self = .rename(model: try fields.model(), name: try fields.text("name"))
    case "replace": self = .replace(file: FileID(try fields.number("file")))
    case "delete":
      self =
        if let version = json["version"]?.integer {
          .deleteVersion(VersionID(version))
        } else {
          .deleteModel(try fields.model())
        }
    case "publish":
      self = .publish(
        model: try fields.model(), version: try fields.text("version"),
        baseModel: json["baseModel"]?.text)
    case "archive": self = .archive(try fields.model())
    case "take-down": self = .takeDown(try fields.model())
    case "hide": self = .hide(try fields.model())
    case "restore": self = .restore(try fields.model())
    case "gate":
      self = .gate(
        version: try fields.version(), endsAt: json["endsAt"]?.text,
        permanent: json["permanent"]?.flag ?? false)
    case "open": self = .open(version: try fields.version())
    case "require-login": self = .requireLogin(version: try fields.version())
    case "disable-downloads": self = .disableDownloads(version: try fields.version())
    case "retag":
      guard let tags = json["tags"]?.elements else { throw .missing(field: "tags", verb: verb) }
      self = .retag(model: try fields.model(), tags: tags.compactMap(\.text))
    case "images":
      guard let images = json["images"]?.elements else {
        throw .missing(field: "images", verb: verb)
      }
      var records: [ImageRecord] = []
      for image in images { records.append(try ImageRecord(json: image, verb: verb)) }
      self = .images(version: try fields.version(), records)
    case "favorites":
      self = .favorites(json["models"]?.elements?.compactMap { $0.integer.map { ModelID($0) } })
    case "fault": self = .fault(try Fault(fields: fields))
    case "clear": self = .clear
    case "throttle": self = .throttle(json["bytesPerSecond"]?.integer.map(Int.init))
    case "quota": self = .quota(json["left"]?.integer.map(Int.init))
    case "reset-counts": self = .resetCounts
    default: throw .unknownVerb(verb)
    }
  }
}

/// A command's JSON, with errors that name what is missing.
struct ControlFields {
  let json: JSON
  let verb: String

  func text(_ field: String) throws(ControlError) -> String {
    guard let text = json[field]?.text else { throw .missing(field: field, verb: verb) }
    return text
  }

  func number(_ field: String) throws(ControlError) -> Int64 {
    guard let number = json[field]?.integer else { throw .missing(field: field, verb: verb) }
    return number
  }

  func model() throws(ControlError) -> ModelID { ModelID(try number("model")) }
  func version() throws(ControlError) -> VersionID { VersionID(try number("version")) }
}

extension ImageRecord {
  /// `{"kind": …, "nsfwLevel": N}`
  fileprivate init(json: JSON, verb: String) throws(ControlError) {
    guard let kind = json["kind"]?.text.flatMap(Kind.init) else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw .missing(field: "kind` (\(kinds)) in each of the `images", verb: verb)
    }
    self.init(kind, nsfwLevel: json["nsfwLevel"]?.integer ?? 1)
  }
}

extension Fault {
  /// `{"file": ID, "kind": …}` or `{"rule": {"every": N | "rate": R, "seed": S, "where": …}, …}`.
  init(fields: ControlFields) throws(ControlError) {
    let json = fields.json
    let name = try fields.text("kind")
    guard let kind = Kind(rawValue: name) else { throw .unknownFault(name) }
    let rule = json["rule"]
    let target: Target
    if let file = json["file"]?.integer {
      target = .file(FileID(file))
    } else if let every = rule?["every"]?.integer {
      target = .every(Int(clamping: every))
    } else if let rate = rule?["rate"]?.double {
      target = .rate(rate, seed: UInt64(clamping: rule?["seed"]?.integer ?? 1))
    } else {
      throw .missing(field: "file` or `rule", verb: fields.verb)
    }
    let place = rule?["where"]?.text ?? json["where"]?.text ?? Place.storage.rawValue
    guard let place = Place(rawValue: place) else {
      throw .missing(field: "where` (api, download or storage) instead of `\(place)", verb: "fault")
    }
    self.init(
      kind, at: target, place: place, times: json["times"]?.integer.map(Int.init(clamping:)))
    status = Int(clamping: json["status"]?.integer ?? 503)
    retryAfter = json["retryAfter"]?.integer.map(Int.init(clamping:))
    after = json["after"]?.integer
    bytesPerSecond = Int(clamping: json["bytesPerSecond"]?.integer ?? 65_536)
    milliseconds = Int(clamping: json["milliseconds"]?.integer ?? 1_000)
    path = rule?["path"]?.text ?? json["path"]?.text
  }
}
