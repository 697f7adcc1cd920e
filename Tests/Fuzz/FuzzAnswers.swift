import CatalogueModel
import Civitai
import Core
import Transfer

/// Feeds libFuzzer's bytes to everything that reads an answer of the catalogue.
///
/// The first byte says what the rest is: `p` a page of models, `m` a model, `v` a version; with any
/// other byte it is an answer whose status and type follow from the next two.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard let kind = input.first else { return 0 }
  let body = Array(input.dropFirst())
  switch kind {
  case UInt8(ascii: "p"): page(body)
  case UInt8(ascii: "m"): model(body)
  case UInt8(ascii: "v"): version(body)
  default: answer(input)
  }
  return 0
}

/// Oddities are bounded, however odd the answer is.
private let mostOddities = 501

private func page(_ body: [UInt8]) {
  for details in [false, true] {
    guard let decoded = try? decodePage(body, details: details) else { continue }
    precondition(decoded.oddities.count <= mostOddities, "oddities without bound")
    precondition(decoded.value.nextCursor != "", "a cursor that leads nowhere")
    for model in decoded.value.models { check(model, details: details) }
  }
}

private func model(_ body: [UInt8]) {
  for details in [false, true] {
    guard let decoded = try? decodeModel(body, details: details) else { continue }
    precondition(decoded.oddities.count <= mostOddities, "oddities without bound")
    check(decoded.value, details: details)
  }
}

private func version(_ body: [UInt8]) {
  guard let decoded = try? decodeVersion(body, details: true) else { return }
  precondition(decoded.value.model.rawValue > 0, "a version without a model")
  check(decoded.value.version, details: true)
}

/// What the rooms behind the decoder take for granted.
private func check(_ model: Model, details: Bool) {
  precondition(model.id.rawValue > 0 && !model.name.isEmpty && !model.type.isEmpty, "no model")
  precondition((0...0xffff).contains(model.nsfwLevel), "a level out of range")
  precondition(Set(model.versions.map(\.id)).count == model.versions.count, "a version twice")
  for version in model.versions { check(version, details: details) }
}

private func check(_ version: Version, details: Bool) {
  precondition(version.id.rawValue > 0 && !version.baseModel.isEmpty, "no version")
  precondition(Set(version.files.map(\.id)).count == version.files.count, "a file twice")
  precondition(details == (version.details != nil), "details as they were not asked for")
  for file in version.files {
    precondition(!file.name.isEmpty && !file.type.isEmpty, "a file without a name")
    precondition((file.approximateBytes ?? .zero) >= .zero, "fewer bytes than none")
    precondition(file.downloadQuery == nil || file.id.isDerived, "a query beside an id")
    _ = expectsDocument(file)
  }
}

private func answer(_ input: [UInt8]) {
  let statuses = [200, 206, 301, 400, 401, 403, 404, 410, 416, 429, 451, 500, 503, 522]
  let types = ["application/json", "text/html", "text/plain", "", "application/octet-stream"]
  let choice = Int(input.dropFirst().first ?? 0)
  var headers: HTTPHeaders = ["Content-Type": types[choice % types.count]]
  if choice & 0x40 != 0 { headers["Cache-Control"] = "private, no-store" }
  if choice & 0x80 != 0 { headers["Retry-After"] = String(choice) }
  let response = HTTPResponse(
    status: statuses[Int(input[0]) % statuses.count], headers: headers,
    body: Array(input.dropFirst(2)),
    url: SafeURL(scheme: "https", host: "one.example", port: nil, path: "/"))
  _ = classifyAnswer(response)
  _ = classifyRefusal(response, isResolution: choice & 0x20 != 0)
}
