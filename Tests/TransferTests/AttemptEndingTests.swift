import Core
import Testing
import Transfer

@Suite struct `How a try ended` {
  private func refused(_ status: Int) -> Result<DownloadOutcome, TransferError> {
    .success(
      .refused(
        HTTPResponse(
          status: status, headers: [:], body: [],
          url: SafeURL(scheme: "https", host: "a.example", port: nil, path: "/")),
        isResolution: true))
  }

  @Test func `a refusal is an answer, unless it stands for trouble`() {
    #expect(AttemptEnding(refused(403), isRepeated: false) == .answered)
    #expect(AttemptEnding(refused(403), isRepeated: true) == .failed)
    #expect(AttemptEnding(refused(503), isRepeated: false) == .failed)
  }

  @Test func `a timeout is one, and what was stopped from here is no failure`() {
    #expect(AttemptEnding(.timedOut(.stall)) == .timedOut)
    #expect(AttemptEnding(.connectionLost(received: 1)) == .failed)
    #expect(AttemptEnding(.failure(.cancelled), isRepeated: false) == .abandoned)
  }
}
