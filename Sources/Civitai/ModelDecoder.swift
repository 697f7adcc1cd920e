package import CatalogueModel
internal import Core

/// Why a whole answer, or one thing in it, cannot be used.
package struct DecodingProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// `answer`, `model 21`, `model 21, version 30`.
  package var subject: String
  /// The field at fault; `nil` when the bytes are no JSON.
  package var field: String?
  package var message: String

  package init(subject: String, field: String?, message: String) {
    self.subject = subject
    self.field = field
    self.message = message
  }

  package var description: String {
    subject + (field.map { ", field `\($0)`" } ?? "") + ": " + message
  }
}

/// A decoded value and what was odd about it.
package struct Decoded<Value: Sendable>: Sendable {
  package var value: Value
  package var oddities: [CatalogueOddity]
}

/// Reads the answer of `GET /models/:id`.
///
/// Optional fields of another type than expected count as absent and are noted. A version or file
/// without what it needs is left out and noted; the others stay.
/// - Parameter details: whether descriptions, trigger words and pictures are kept too.
/// - Throws: when the bytes are no JSON, or the model has no id.
package func decodeModel(
  _ bytes: [UInt8], details: Bool = false
) throws(DecodingProblem) -> Decoded<Model> {
  var odd = Oddities()
  let model = try modelValue(try parsed(bytes), subject: "model", details: details, &odd)
  return Decoded(value: model, oddities: odd.all)
}

func parsed(_ bytes: [UInt8]) throws(DecodingProblem) -> JSONValue {
  do {
    return try JSONParser.parse(bytes)
  } catch {
    throw DecodingProblem(subject: "answer", field: nil, message: error.description)
  }
}

/// What the site offers of a model is all in three fields: an answer without one of them is no answer,
/// or what is placed would seem to have been withdrawn.
func requireVersions(_ value: JSONValue) throws(DecodingProblem) {
  guard let id = value["id"]?.integer, id > 0 else { return }
  guard let versions = value["modelVersions"] else { throw gone("model \(id)", "modelVersions") }
  for version in versions.array ?? [] {
    guard let number = version["id"]?.integer else {
      throw gone("model \(id), a version", "id")
    }
    try requireFiles(version, subject: "model \(id), version \(number)")
  }
}

/// A version that lost its list of files is not one without files.
func requireFiles(_ version: JSONValue, subject: String) throws(DecodingProblem) {
  if version["files"] == nil { throw gone(subject, "files") }
}

private func gone(_ subject: String, _ field: String) -> DecodingProblem {
  DecodingProblem(
    subject: subject, field: field,
    message: "is gone from the site's answer, and civsync cannot do without it; what is known of "
      + "the model stays")
}

/// - Parameter subject: how to name the model as long as its id is not known.
func modelValue(
  _ value: JSONValue, subject: String, details: Bool, _ odd: inout Oddities
) throws(DecodingProblem) -> Model {
  let id = try identifier(value, subject: subject)
  let subject = "model \(id)"
  let fields = FieldReader(value, subject: subject, place: "model")
  odd.fields(value, known: KnownFields.model, of: "model", subject)
  var model = Model(
    id: ModelID(id),
    name: fields.text("name", &odd) ?? "model \(id)",
    type: fields.text("type", &odd) ?? "Other")
  if fields.raw("type") == nil { odd.note(subject, "type", "absent; taken as `Other`") }
  odd.word(value["type"]?.string, "type", known: KnownFields.modelTypes, of: "model", subject)
  odd.word(value["mode"]?.string, "mode", known: KnownFields.modes, of: "model", subject)
  odd.word(
    value["availability"]?.string, "availability", known: KnownFields.availabilities, of: "model",
    subject)
  model.creator = creator(fields, &odd)
  model.tags = tags(fields, &odd)
  model.nsfwLevel = nsfwLevel(fields, &odd)
  model.mode = mode(fields, &odd)
  model.commercialUse = commercialUse(fields, &odd)
  let stats = fields.object("stats", &odd)
  model.downloads = stats?.integer("downloadCount", &odd)
  model.thumbsUp = stats?.integer("thumbsUpCount", &odd)
  if details { model.description = fields.text("description", &odd) }
  model.versions = versions(fields, model: model.id, details: details, &odd)
  return model
}

/// The object's `id`: without it nothing can be said about the thing.
func identifier(_ value: JSONValue, subject: String) throws(DecodingProblem) -> Int64 {
  guard value.members != nil else {
    throw DecodingProblem(
      subject: subject, field: nil, message: "expected an object, found \(value.kind)")
  }
  guard let id = value["id"]?.integer, id > 0 else {
    let found = value["id"]?.kind ?? "nothing"
    throw DecodingProblem(
      subject: subject, field: "id", message: "expected a positive number, found \(found)")
  }
  return id
}

private func creator(_ fields: FieldReader, _ odd: inout Oddities) -> String? {
  if case .string(let name) = fields.raw("creator") { return name.isEmpty ? nil : name }
  return fields.object("creator", &odd)?.text("username", &odd)
}

/// Texts today; objects with a `name` in early 2023.
private func tags(_ fields: FieldReader, _ odd: inout Oddities) -> [String] {
  (fields.list("tags", &odd) ?? []).compactMap { tag in
    if let name = tag.string ?? tag["name"]?.string { return name }
    odd.note(fields.subject, "tags", "expected a text, found \(tag.kind); left out")
    return nil
  }
}

/// Before the bit mask there was one flag for everything mature: it stands for R, X and XXX, so
/// that a limit below those leaves the model out.
private func nsfwLevel(_ fields: FieldReader, _ odd: inout Oddities) -> Int {
  if let level = fields.integer("nsfwLevel", &odd) {
    if (0...0xffff).contains(level) { return Int(level) }
    odd.note(fields.subject, "nsfwLevel", "`\(level)` is no level; taken as absent")
  }
  return fields.raw("nsfw") == .bool(true) ? 4 | 8 | 16 : 1
}

private func mode(_ fields: FieldReader, _ odd: inout Oddities) -> ModelMode {
  guard let mode = fields.text("mode", &odd) else { return .normal }
  switch mode.lowercased() {
  case "archived": return .archived
  case "takendown": return .takenDown
  default:
    odd.note(fields.subject, "mode", "`\(shortened(mode))` is not known; taken as normal")
    return .normal
  }
}

/// A word (2023), a list (2025), or a list as the database writes it, `{Image,RentCivit}` (2026).
private func commercialUse(_ fields: FieldReader, _ odd: inout Oddities) -> [String]? {
  let name = "allowCommercialUse"
  guard let value = fields.raw(name) else { return nil }
  var uses: [String]
  switch value {
  case .array(let values): uses = values.compactMap { $0.string }
  case .string(let text) where text.hasPrefix("{") && text.hasSuffix("}"):
    uses = text.dropFirst().dropLast().split(separator: ",").map { use in
      String(use.filter { $0 != "\"" && $0 != " " })
    }
  case .string(let text): uses = [text]
  default:
    odd.note(fields.subject, name, "expected a list, found \(value.kind); taken as absent")
    return nil
  }
  uses.removeAll { $0.isEmpty || $0 == "None" }
  return uses
}

private func versions(
  _ fields: FieldReader, model: ModelID, details: Bool, _ odd: inout Oddities
) -> [Version] {
  var versions: [Version] = []
  var seen: Set<VersionID> = []
  for value in fields.list("modelVersions", &odd) ?? [] {
    do {
      let version = try versionValue(value, model: model, details: details, &odd)
      if seen.insert(version.id).inserted {
        versions.append(version)
      } else {
        odd.note(
          fields.subject, "modelVersions", "version \(version.id) is listed twice; once taken")
      }
    } catch {
      odd.note(error.subject, error.field ?? "modelVersions", "\(error.message); left out")
    }
  }
  return versions
}
