internal import CatalogueModel
internal import Core

/// What is shown of a version, for those who asked for details.
func versionDetails(_ fields: FieldReader, _ odd: inout Oddities) -> VersionDetails {
  VersionDetails(
    description: fields.text("description", &odd), trainedWords: trainedWords(fields, &odd),
    images: images(fields, &odd), source: source(fields.value))
}

/// The version's own members. What only one of the endpoints adds, the model, is left out: whoever
/// wants it writes it from the model.
private func source(_ value: JSONValue) -> String {
  let members = (value.members ?? []).filter { !["modelId", "model"].contains($0.name) }
  return JSONValue.object(members).text
}

private func trainedWords(_ fields: FieldReader, _ odd: inout Oddities) -> [String] {
  (fields.list("trainedWords", &odd) ?? []).compactMap { word in
    if let text = word.string { return text.isEmpty ? nil : text }
    odd.note(fields.subject, "trainedWords", "expected a text, found \(word.kind); left out")
    return nil
  }
}

private func images(_ fields: FieldReader, _ odd: inout Oddities) -> [ModelImage] {
  (fields.list("images", &odd) ?? []).compactMap { value in
    guard value.members != nil else {
      odd.note(fields.subject, "images", "expected an object, found \(value.kind); left out")
      return nil
    }
    let image = FieldReader(value, subject: "\(fields.subject), an image", place: "image")
    guard let text = image.text("url", &odd), let url = SafeURL(text) else {
      odd.note(image.subject, "url", "this is no http or https URL; left out")
      return nil
    }
    return ModelImage(
      url: url, nsfwLevel: nsfwLevel(image, &odd), isVideo: isVideo(image, url, &odd),
      width: pixels("width", image, &odd), height: pixels("height", image, &odd))
  }
}

/// The bit mask, or the word of 2023. A picture of which nobody says how mature it is counts as
/// blocked, so that no limit lets it in.
private func nsfwLevel(_ fields: FieldReader, _ odd: inout Oddities) -> Int {
  let unknown = 32
  if let level = fields.integer("nsfwLevel", &odd) {
    return (0...0xffff).contains(level) ? Int(level) : unknown
  }
  switch fields.raw("nsfw") {
  case .string(let word):
    return ["none": 1, "soft": 2, "mature": 4, "x": 8][word.lowercased()] ?? unknown
  case .bool(let isMature): return isMature ? 4 | 8 | 16 : 1
  default: return unknown
  }
}

/// By the word that is told since 2024, else by the URL's ending.
private func isVideo(_ fields: FieldReader, _ url: SafeURL, _ odd: inout Oddities) -> Bool {
  if let type = fields.text("type", &odd) { return type.lowercased() != "image" }
  let path = url.path.lowercased()
  return [".mp4", ".webm", ".mov"].contains { path.hasSuffix($0) }
}

private func pixels(_ name: String, _ fields: FieldReader, _ odd: inout Oddities) -> Int? {
  guard let value = fields.integer(name, &odd), (1...1_000_000).contains(value) else { return nil }
  return Int(value)
}
