import Core
import Testing

@testable import CivitaiSandbox

@Suite struct FaultTests {
  private static let file: FileID = 100_111

  /// Sets a fault on one file, then asks for it.
  private func reply(
    to kind: Fault.Kind, headers: [String: String] = [:], after: Int64? = nil, enough: Int = .max
  ) async throws -> (reply: Reply, whole: [UInt8], again: Reply) {
    var result: (Reply, [UInt8], Reply)?
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      let whole = try await Client.get(address).body
      var fault = Fault(kind, at: .file(Self.file), times: 1)
      fault.after = after
      try await server.control(.fault(fault))
      let reply = try await Client.send("GET", address, headers: headers, enough: enough)
      result = (reply, whole, try await Client.get(address, headers: headers))
    }
    return try #require(result)
  }

  @Test func `truncate closes early, though the length promised all`() async throws {
    let (reply, whole, again) = try await reply(to: .truncate)
    #expect(reply.status == 200 && reply.declaredLength == whole.count && !reply.wasReset)
    #expect(reply.body == Array(whole.prefix(whole.count / 2)))
    #expect(again.body == whole)
  }

  @Test func `truncate meets ranges too, after as many bytes as it was told`() async throws {
    let (reply, whole, again) = try await reply(
      to: .truncate, headers: ["Range": "bytes=1000-"], after: 77)
    #expect(reply.status == 206 && reply.body == Array(whole[1_000..<1_077]))
    #expect(again.body == Array(whole[1_000...]))
  }

  @Test func `reset aborts the connection`() async throws {
    let (reply, whole, again) = try await reply(to: .reset)
    #expect(reply.wasReset && reply.body.count < whole.count)
    #expect(again.body == whole)
    let (bare, _, _) = try await self.reply(to: .reset, after: 0)
    #expect(bare.wasReset && bare.status == 0)
  }

  @Test func `stall sends some bytes and then nothing`() async throws {
    let (reply, whole, _) = try await reply(to: .stall, after: 500, enough: 700)
    #expect(reply.declaredLength == whole.count && reply.body == Array(whole.prefix(500)))
  }

  @Test func `wrongBytes changes one byte and nothing else`() async throws {
    for headers in [[:], ["Range": "bytes=100-"]] {
      let (reply, _, again) = try await reply(to: .wrongBytes, headers: headers)
      #expect(reply.headers == again.headers && reply.body.count == again.body.count)
      #expect(zip(reply.body, again.body).filter { $0 != $1 }.count == 1)
    }
  }

  @Test func `html is a login page with status 200`() async throws {
    let (reply, _, _) = try await reply(to: .html)
    #expect(reply.status == 200 && reply.headers["content-type"]?.hasPrefix("text/html") == true)
  }

  @Test func `expire cuts the answer, and the address is rejected from then on`() async throws {
    let (reply, whole, again) = try await reply(to: .expire)
    #expect(reply.body.count == whole.count / 2)
    #expect(again.status == 403 && again.text.contains("ExpiredRequest"))
  }

  @Test func `ranges are ignored or answered wrongly, but only where one was asked for`()
    async throws
  {
    let range = ["Range": "bytes=10-19"]
    let (ignored, whole, again) = try await reply(to: .ignoreRange, headers: range)
    #expect(ignored.status == 200 && ignored.body == whole && again.status == 206)
    let (shifted, _, _) = try await reply(to: .badContentRange, headers: range)
    #expect(shifted.headers["content-range"] == "bytes 11-20/\(whole.count)")
    let (plain, _, still) = try await reply(to: .badContentRange)
    #expect(plain.status == 200 && still.status == 200)
  }

  @Test func `etagChange, tooMuch and tooLittle agree with themselves`() async throws {
    let (changed, whole, again) = try await reply(to: .etagChange)
    #expect(changed.headers["etag"] != again.headers["etag"] && changed.body == whole)
    let (more, _, _) = try await reply(to: .tooMuch)
    #expect(more.body.count == whole.count + 100 && more.declaredLength == whole.count + 100)
    let (less, _, _) = try await reply(to: .tooLittle)
    #expect(less.body.count == whole.count - 100 && less.declaredLength == whole.count - 100)
  }

  @Test func `status comes with or without Retry-After, so often as it was told`() async throws {
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      var fault = Fault(.status, at: .file(Self.file), times: 2)
      fault.status = 429
      fault.retryAfter = 7
      try await server.control(.fault(fault))
      var seen: [Int] = []
      for _ in 0..<3 {
        let reply = try await Client.get(address)
        seen.append(reply.status)
        #expect(reply.headers["retry-after"] == (reply.status == 429 ? "7" : nil))
      }
      #expect(seen == [429, 429, 200])
      #expect(server.requests.routes["storage GET /f/:key"]?.statuses == [429: 2, 200: 1])
    }
  }

  @Test func `a passing failure of the resolver is marked as the site marks it`() async throws {
    try await withSandbox { server in
      var fault = Fault(.status, at: .file(Self.file), place: .download, times: 1)
      fault.status = 404
      try await server.control(.fault(fault))
      let url = "\(server.apiURL)/api/download/models/10011"
      let passing = try await Client.get(url)
      #expect(passing.status == 404 && passing.headers["cache-control"] == "private, no-store")
      #expect(try await Client.get(url).status == 307)
    }
  }

  @Test(arguments: [
    (Fault.Kind.malformedJSON, 200), (.truncatedJSON, 200), (.htmlChallenge, 403), (.html, 200),
  ])
  func `the API's answers can be no JSON`(kind: Fault.Kind, status: Int) async throws {
    try await withSandbox { server in
      try await server.control(.fault(Fault(kind, at: .every(2), place: .api)))
      let url = "\(server.apiURL)/api/v1/models/1001"
      let good = try await Client.get(url)
      let bad = try await Client.get(url)
      #expect(good.status == 200 && bad.status == status)
      #expect(bad.declaredLength == bad.body.count)
      #expect((try? good.json) != nil && (try? bad.json) == nil)
    }
  }

  @Test func `rules strike every so often, or at a rate that a seed decides`() {
    func strikes(_ target: Fault.Target) -> [Bool] {
      var book = FaultBook()
      book.add(Fault(.status, at: target))
      return (0..<1_000).map { _ in
        book.strike(.storage, file: nil, path: "/f/1", isRanged: false) != nil
      }
    }
    #expect(strikes(.every(3)).prefix(7) == [false, false, true, false, false, true, false])
    let some = strikes(.rate(0.05, seed: 1))
    #expect((20...90).contains(some.filter { $0 }.count))
    #expect(some == strikes(.rate(0.05, seed: 1)) && some != strikes(.rate(0.05, seed: 2)))
  }

  @Test func `a rule meets only its place and its path, and can be cleared`() {
    var book = FaultBook()
    var fault = Fault(.status, at: .every(1), place: .api)
    fault.path = "/models/"
    book.add(fault)
    #expect(book.strike(.storage, file: nil, path: "/models/1", isRanged: false) == nil)
    #expect(book.strike(.api, file: nil, path: "/enums", isRanged: false) == nil)
    #expect(book.strike(.api, file: nil, path: "/models/1", isRanged: false) != nil)
    book.clear()
    #expect(book.strike(.api, file: nil, path: "/models/1", isRanged: false) == nil)
  }

  @Test func `throttle and delay take their time`() async throws {
    try await withSandbox { server in
      let address = try await server.address(version: 10_011, file: 100_111)
      let clock = ContinuousClock()
      let free = try await Client.get(address).body.count
      try await server.control(.throttle(free * 4))
      let slow = try await clock.measure { _ = try await Client.get(address) }
      #expect(slow > .milliseconds(150))
      try await server.control(.throttle(nil))
      var fault = Fault(.delay, at: .every(1), times: 1)
      fault.milliseconds = 120
      try await server.control(.fault(fault))
      var late = Fault(.throttle, at: .every(2), times: 1)
      late.bytesPerSecond = free * 5
      try await server.control(.fault(late))
      #expect(try await clock.measure { _ = try await Client.get(address) } > .milliseconds(110))
      #expect(try await clock.measure { _ = try await Client.get(address) } > .milliseconds(110))
    }
  }
}
