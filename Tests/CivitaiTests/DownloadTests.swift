import CatalogueModel
import Core
import Testing
import Transfer

@testable import Civitai

@Suite struct DownloadTests {
  private func verdict(
    _ status: Int, _ body: String = "{}", headers: HTTPHeaders = [:], resolution: Bool = true
  ) -> DownloadVerdict {
    classifyRefusal(json(body, status: status, headers: headers), isResolution: resolution)
  }

  @Test func `a file is asked for by version and file id`() {
    let file = File(id: 41, name: "f")
    #expect(
      downloadURL(endpoint: site, version: 31, file: file).wire
        == "https://one.example/api/download/models/31?fileId=41")
  }

  @Test func `a linked file is asked for under its own version`() {
    let file = File(id: 41, name: "f", ownVersion: 88)
    #expect(
      downloadURL(endpoint: site, version: 31, file: file).wire
        == "https://one.example/api/download/models/88?fileId=41")
  }

  @Test func `a derived id is never sent, the recorded query is`() throws {
    let digest = try #require(Digest(hex: String(repeating: "0", count: 64)))
    var file = RecordedFile(
      id: -5, name: "f", digest: digest, bytes: .zero, downloadQuery: "type=VAE&fp=fp16")
    #expect(
      downloadURL(endpoint: site, version: 31, file: file).wire
        == "https://one.example/api/download/models/31?type=VAE&fp=fp16")
    file.downloadQuery = nil
    #expect(
      downloadURL(endpoint: site, version: 31, file: file).wire
        == "https://one.example/api/download/models/31")
  }

  @Test func `documents are expected only where they may be`() {
    #expect(expectsDocument(File(id: 1, name: "f.safetensors", type: "Config")))
    #expect(expectsDocument(File(id: 1, name: "flow", type: "Workflow")))
    #expect(expectsDocument(type: "Other", name: "Words.TXT"))
    #expect(!expectsDocument(type: "Model", name: "f.safetensors"))
    #expect(!expectsDocument(type: "Archive", name: "json.zip"))
    #expect(!expectsDocument(type: "Model", name: ""))
  }

  @Test func `401 is a login, unless downloads are disabled`() {
    #expect(
      verdict(401, #"{"error":"The creator requires you to be logged in"}"#)
        == .blocked(.loginRequired))
    #expect(
      verdict(401, #"{"error":"The creator of this asset has disabled downloads on this file"}"#)
        == .blocked(.downloadsDisabled))
    #expect(verdict(401, "") == .blocked(.loginRequired))
  }

  @Test func `403 is a gate when it says so, and else a missing grant`() {
    #expect(
      verdict(403, #"{"error":"Early Access","deadline":"2026-10-01T00:00:00.000Z"}"#)
        == .blocked(.gated(until: Timestamp("2026-10-01T00:00:00Z"))))
    #expect(verdict(403, #"{"error":"Early Access"}"#) == .blocked(.gated(until: nil)))
    #expect(
      verdict(403, #"{"error":"Early Access","deadline":null}"#)
        == .blocked(.gated(until: nil)))
    #expect(verdict(403, #"{"message":"Forbidden"}"#) == .blocked(.noGrant))
  }

  @Test func `final refusals block by name`() {
    #expect(verdict(404, #"{"error":"File not found"}"#) == .blocked(.gone))
    #expect(verdict(410) == .blocked(.archived))
    #expect(verdict(429) == .blocked(.quota))
    #expect(verdict(451) == .blocked(.region))
    #expect(verdict(451, resolution: false) == .blocked(.region))
  }

  @Test func `a 404 that must not be cached is passing`() {
    #expect(
      verdict(404, headers: ["Cache-Control": "private, no-store"])
        == .passing(retryAfter: nil, attempts: 3))
    #expect(verdict(404, headers: ["Cache-Control": "private"]) == .blocked(.gone))
  }

  @Test(arguments: [408, 425, 500, 502, 503, 504, 520, 522, 524], [true, false])
  func `trouble of the server is passing`(_ status: Int, _ resolution: Bool) {
    #expect(verdict(status, resolution: resolution) == .passing(retryAfter: nil, attempts: nil))
  }

  @Test func `a server that names a time is waited for`() {
    #expect(
      verdict(503, headers: ["Retry-After": "7"])
        == .passing(retryAfter: .seconds(7), attempts: nil))
    #expect(
      verdict(429, headers: ["Retry-After": "30"])
        == .passing(retryAfter: .seconds(30), attempts: nil))
  }

  @Test(arguments: [401, 403, 404])
  func `a challenge page says nothing about the file`(_ status: Int) {
    #expect(
      classifyRefusal(html(status), isResolution: true) == .passing(retryAfter: nil, attempts: 2))
  }

  @Test func `the storage refuses a signature, not the file`() {
    for status in [400, 401, 403] {
      #expect(verdict(status, resolution: false) == .expiredSignature)
    }
    #expect(verdict(404, resolution: false) == .passing(retryAfter: nil, attempts: 2))
    #expect(verdict(429, resolution: false) == .passing(retryAfter: nil, attempts: nil))
    #expect(
      verdict(418, resolution: false) == .failed(reason: "the storage answered HTTP 418"))
  }

  @Test func `anything else has failed, in the server's words`() {
    #expect(
      verdict(400, #"{"error":{"issues":[{"message":"bad\nfileId"}]}}"#)
        == .failed(reason: "HTTP 400: bad fileId"))
    #expect(verdict(418, "") == .failed(reason: "HTTP 418"))
  }
}

@Suite struct APIVerdictTests {
  @Test func `answers are told from refusals`() {
    #expect(classifyAnswer(json("{}")) == .json)
    #expect(classifyAnswer(notFound) == .notFound)
    #expect(
      classifyAnswer(json(#"{"error":{"message":"limit"}}"#, status: 400))
        == .unavailable(reason: "answered HTTP 400 (limit)"))
    #expect(
      classifyAnswer(json(#"{"code":"UNAUTHORIZED","message":"no","issues":[]}"#, status: 401))
        == .unauthorized(reason: "refused the question: HTTP 401 (no)"))
    #expect(
      classifyAnswer(json("", status: 451))
        == .region(reason: "does not serve this region (HTTP 451)"))
    #expect(
      classifyAnswer(json("", status: 302))
        == .unavailable(reason: "answered with a redirect (HTTP 302)"))
  }

  @Test(arguments: [200, 403, 404])
  func `a web page is no answer whatever its status`(_ status: Int) {
    guard case .webPage(let reason) = classifyAnswer(html(status)) else {
      Issue.record("a web page was taken for an answer")
      return
    }
    #expect(reason.hasPrefix("answered with a web page instead of data (HTTP \(status))"))
  }

  @Test func `a web page is known by its first character too`() {
    let page = json("\u{feff}\n <html>", headers: ["Content-Type": "application/json"])
    #expect(classifyAnswer(page) != .json)
  }

  @Test(arguments: [429, 500, 503, 520, 524])
  func `overload and broken gateways are passing`(_ status: Int) {
    #expect(
      classifyAnswer(json("{}", status: status, headers: ["Retry-After": "3"]))
        == .passing(retryAfter: .seconds(3), reason: "answered HTTP \(status)"))
  }
}
