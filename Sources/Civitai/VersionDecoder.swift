package import CatalogueModel
package import Core

/// What `GET /model-versions/:id` tells: the version, its model, and what no other endpoint says.
package struct VersionDetail: Sendable, Equatable {
  package var model: ModelID
  /// `downloadsDisabled` is set here as `usageControl` has it.
  package var version: Version
}

/// Reads the answer of `GET /model-versions/:id`, as tolerantly as ``decodeModel(_:)``.
/// - Throws: when the bytes are no JSON, or an id is missing.
package func decodeVersion(
  _ bytes: [UInt8], details: Bool = false
) throws(DecodingProblem) -> Decoded<VersionDetail> {
  var odd = Oddities()
  let detail = try versionDetail(try parsed(bytes), details: details, &odd)
  return Decoded(value: detail, oddities: odd.all)
}

func versionDetail(
  _ value: JSONValue, details: Bool, _ odd: inout Oddities
) throws(DecodingProblem) -> VersionDetail {
  let id = try identifier(value, subject: "version")
  guard let model = value["modelId"]?.integer ?? value["model"]?["id"]?.integer, model > 0 else {
    throw DecodingProblem(
      subject: "version \(id)", field: "modelId",
      message: "expected a positive number, found \(value["modelId"]?.kind ?? "nothing")")
  }
  var version = try versionValue(value, model: ModelID(model), details: details, &odd)
  let subject = "model \(model), version \(id)"
  let fields = FieldReader(value, subject: subject, place: "version")
  odd.word(
    value["usageControl"]?.string, "usageControl", known: KnownFields.usageControls, of: "version",
    subject)
  if let control = fields.text("usageControl", &odd) {
    version.downloadsDisabled = control.lowercased() != "download"
  }
  return VersionDetail(model: ModelID(model), version: version)
}

func versionValue(
  _ value: JSONValue, model: ModelID, details: Bool, _ odd: inout Oddities
) throws(DecodingProblem) -> Version {
  let id = try identifier(value, subject: "model \(model), a version")
  let subject = "model \(model), version \(id)"
  let fields = FieldReader(value, subject: subject, place: "version")
  odd.fields(value, known: KnownFields.version, of: "version", subject)
  odd.word(
    value["availability"]?.string, "availability", known: KnownFields.availabilities, of: "version",
    subject)
  var version = Version(
    id: VersionID(id),
    name: fields.text("name", &odd) ?? "version \(id)",
    baseModel: fields.text("baseModel", &odd) ?? "Other")
  if fields.raw("baseModel") == nil { odd.note(subject, "baseModel", "absent; taken as `Other`") }
  version.publishedAt = fields.date("publishedAt", &odd)
  version.gate = gate(fields, publishedAt: version.publishedAt, &odd)
  version.files = files(fields, version: version.id, &odd)
  if details { version.details = versionDetails(fields, &odd) }
  return version
}

/// Early access as it was told in 2026 (`paidAccess`), 2024 (a deadline), 2023 (days from
/// publication), and by the word `EarlyAccess` until August 2026. The newest form that says
/// something counts; whether an end has passed is for those who have a clock.
private func gate(
  _ fields: FieldReader, publishedAt: Timestamp?, _ odd: inout Oddities
) -> Gate? {
  if let paid = fields.object("paidAccess", &odd) {
    // `permanent: false` without an end is gated all the same.
    let isPermanent = paid.flag("permanent", &odd) ?? false
    return Gate(endsAt: isPermanent ? nil : paid.date("endsAt", &odd))
  }
  if let deadline = fields.date("earlyAccessDeadline", &odd) { return Gate(endsAt: deadline) }
  if let days = fields.integer("earlyAccessTimeFrame", &odd), days > 0 {
    let start = publishedAt ?? fields.date("createdAt", &odd)
    // A hundred years bound the arithmetic.
    let length = min(days, 36_500) * 86_400_000
    return Gate(endsAt: start.map { Timestamp(milliseconds: $0.milliseconds + length) })
  }
  if fields.text("availability", &odd) == "EarlyAccess" { return Gate(endsAt: nil) }
  return nil
}

private func files(
  _ fields: FieldReader, version: VersionID, _ odd: inout Oddities
) -> [File] {
  var files: [File] = []
  var seen: Set<FileID> = []
  for value in fields.list("files", &odd) ?? [] {
    guard value.members != nil else {
      odd.note(fields.subject, "files", "expected an object, found \(value.kind); left out")
      continue
    }
    let file = fileValue(value, version: version, subject: fields.subject, &odd)
    if seen.insert(file.id).inserted {
      files.append(file)
    } else {
      let message =
        file.id.isDerived
        ? "`\(shortened(file.name))` has no id and cannot be told from another file; left out"
        : "file \(file.id) is listed twice; once taken"
      odd.note(fields.subject, "files", message)
    }
  }
  return files
}
