import Core
import Foundation
import SystemIO
import Testing

@testable import Engine

@Suite struct `The records of runs` {
  private func line(_ megabytes: Int64, in seconds: Double) -> RunRecords.Line {
    RunRecords.Line(
      time: 1, files: 1, bytes: megabytes * 1_000_000, seconds: seconds, outcome: .fetched)
  }

  @Test func `give the median of the last ten rates`() {
    #expect(RunRecords.rate(of: []) == nil)
    #expect(RunRecords.rate(of: [line(10, in: 2)]) == 5_000_000)
    #expect(RunRecords.rate(of: [line(10, in: 10), line(30, in: 10)]) == 2_000_000)
    let slow = (0..<5).map { _ in line(1, in: 10) }
    let fast = (1...10).map { line(10 * $0, in: 10) }
    #expect(RunRecords.rate(of: slow + fast) == 5_500_000)
  }

  @Test func `go on after a line that was cut off, and know nothing without a file`() throws {
    let scratch = try Scratch()
    let path = scratch.path.appending("runs.jsonl")
    let records = RunRecords(path: path, fileSystem: FileSystem())
    #expect(records.seconds(for: ByteCount(1)) == nil)
    try records.append(line(10, in: 10))
    let file = try #require(FileHandle(forWritingAtPath: path.string))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"bytes":99"#.utf8))
    try file.close()
    try records.append(line(30, in: 10))
    try records.append(line(0, in: 10))
    #expect(records.seconds(for: ByteCount(20_000_000)) == 10)
    #expect(records.seconds(for: .zero) == nil)
    let text = try String(contentsOfFile: path.string, encoding: .utf8)
    #expect(
      text == """
        {"bytes":10000000,"files":1,"outcome":"fetched","seconds":10,"time":1,"version":1}
        {"bytes":99
        {"bytes":30000000,"files":1,"outcome":"fetched","seconds":10,"time":1,"version":1}

        """)
  }
}
