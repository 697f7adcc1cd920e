import Core
import Foundation
import SystemIO
import Testing

@testable import Engine

@Suite struct `The records of runs` {
  private func run(_ megabytes: Int64, in seconds: Double) -> RunRecord {
    RunRecord(
      time: 1, seconds: seconds, outcome: .fetched, files: 1, bytes: megabytes * 1_000_000)
  }

  private func records(_ scratch: Scratch) -> RunRecords {
    RunRecords(path: scratch.path.appending("runs.jsonl"), fileSystem: FileSystem())
  }

  @Test func `give the median of the last ten rates`() {
    #expect(RunRecords.rate(of: []) == nil)
    #expect(RunRecords.rate(of: [run(10, in: 2)]) == 5_000_000)
    #expect(RunRecords.rate(of: [run(10, in: 10), run(30, in: 10)]) == 2_000_000)
    let slow = (0..<5).map { _ in run(1, in: 10) }
    let fast = (1...10).map { run(10 * $0, in: 10) }
    #expect(RunRecords.rate(of: slow + fast) == 5_500_000)
  }

  @Test func `that fetched too little are kept and make no guess`() throws {
    let scratch = try Scratch()
    let records = records(scratch)
    try records.append(run(10, in: 10))
    for _ in 0..<12 { try records.append(run(0, in: 10)) }
    #expect(records.all().count == 13)
    #expect(records.seconds(for: ByteCount(20_000_000)) == 20)
  }

  @Test func `go on after a line that was cut off, and know nothing without a file`() throws {
    let scratch = try Scratch()
    let records = records(scratch)
    #expect(records.seconds(for: ByteCount(1)) == nil)
    try records.append(run(10, in: 10))
    let file = try #require(
      FileHandle(forWritingAtPath: scratch.path.appending("runs.jsonl").string))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"bytes":99"#.utf8))
    try file.close()
    try records.append(run(30, in: 10))
    #expect(records.seconds(for: ByteCount(20_000_000)) == 10)
    #expect(records.seconds(for: .zero) == nil)
    let text = try String(
      contentsOfFile: scratch.path.appending("runs.jsonl").string, encoding: .utf8)
    #expect(
      text == """
        {"bytes":10000000,"files":1,"outcome":"fetched","seconds":10,"time":1,"version":2}
        {"bytes":99
        {"bytes":30000000,"files":1,"outcome":"fetched","seconds":10,"time":1,"version":2}

        """)
  }

  @Test func `of version 1 are read, and those of a later one or without sense passed over`()
    throws
  {
    let scratch = try Scratch()
    _ = try scratch.write(
      """
      {"bytes":10000000,"files":1,"outcome":"fetched","seconds":10,"time":1,"version":1}
      {"bytes":90000000,"files":1,"outcome":"fetched","seconds":1,"time":1,"version":3}
      {"bytes":90000000,"files":1,"outcome":"fetched","seconds":-1,"time":1,"version":2}
      {"bytes":-5,"files":1,"outcome":"fetched","seconds":1,"time":1,"version":2}
      {"bytes":30000000,"cpu":{"system":1,"user":2},"files":1,"new":{},"outcome":"partial",\
      "seconds":10,"time":2,"version":2}

      """, to: "runs.jsonl")
    let all = records(scratch).all()
    #expect(all.map(\.version) == [1, 2] && all[0].cpu == nil && all[1].cpu?.user == 2)
    #expect(records(scratch).seconds(for: ByteCount(2_000_000)) == 1)
  }
}

@Suite struct `A log of lines` {
  private func log(_ scratch: Scratch) -> LineLog {
    LineLog(path: scratch.path.appending("l.jsonl"), fileSystem: FileSystem(), limit: 40)
  }

  @Test func `begins a new file where the old one is full, and keeps that one`() throws {
    let scratch = try Scratch()
    for number in 1...9 { try log(scratch).append([["line", "\(number)"]]) }
    // Two lines of 13 bytes fit beside a third.
    #expect(log(scratch).values([String].self).map { $0[1] } == ["4", "5", "6", "7", "8", "9"])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path.string)
    #expect(names.sorted() == ["l.jsonl", "l.jsonl.1"])
  }

  @Test func `is read from its end where somebody made it endless`() throws {
    let scratch = try Scratch()
    let many = (1...100).map { "[\"\($0)\"]\n" }.joined()
    _ = try scratch.write(many, to: "l.jsonl")
    let read = log(scratch).values([String].self).map { $0[0] }
    #expect(read.last == "100" && (5...12).contains(read.count), "\(read)")
  }
}

@Suite struct `The records of failures` {
  @Test func `hold neither token nor signature`() {
    let token = Secret("s3cret")
    func kept(_ text: String) -> String { withoutSecrets(text, token: token) }
    #expect(kept("the server answered 503") == "the server answered 503")
    #expect(
      kept("asked `https://a.example/f?token=abc&x=1` twice")
        == "asked `https://a.example/f?…` twice")
    #expect(kept("Bearer s3cret was sent") == "Bearer … was sent")
    #expect(
      kept("<StringToSign>X-Amz-Date=1&X-Amz-Signature=abc</StringToSign>")
        == "<StringToSign>…</StringToSign>")
    #expect(kept("who? nobody\n  a = b") == "who? nobody\n  a = b")
  }

  @Test func `are a line for each file that failed, and none for what was stopped`() throws {
    let scratch = try Scratch()
    let records = FailureRecords(
      path: scratch.path.appending("failures.jsonl"), fileSystem: FileSystem())
    try records.append(
      [
        FetchFailure(entry: entry(7), kind: .noSpace, message: "full"),
        FetchFailure(entry: entry(8), kind: .interrupted, message: "stopped"),
      ], now: 5, token: nil)
    let text = try String(
      contentsOfFile: scratch.path.appending("failures.jsonl").string, encoding: .utf8)
    #expect(
      text == """
        {"file":7,"kind":"no-space","message":"full","model":7,"modelVersion":7,\
        "name":"f.safetensors","sha256":"\(digest(7).hex)","time":5,"version":1}

        """)
    #expect(records.all().map(\.model) == [7])
  }
}
