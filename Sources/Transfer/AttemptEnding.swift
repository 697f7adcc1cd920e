/// How one try at a call or a download ended, for those who count.
package enum AttemptEnding: Sendable, Equatable {
  /// The server said its word, be it a refusal.
  case answered
  /// No answer, or one that stands for trouble.
  case failed
  /// Nothing came for too long.
  case timedOut
  /// It was stopped from here and tells nothing of the other side.
  case abandoned

  package init(_ error: TransferError) {
    switch error {
    case .timedOut: self = .timedOut
    case .cancelled, .closed, .sinkFailed: self = .abandoned
    default: self = .failed
    }
  }

  /// - Parameter isRepeated: whether another try follows: then a refusal stands for trouble.
  package init(_ result: Result<DownloadOutcome, TransferError>, isRepeated: Bool) {
    switch result {
    case .failure(let error): self.init(error)
    case .success(.refused(let response, _)):
      self = isRepeated || response.isPassing ? .failed : .answered
    case .success(.complete): self = .answered
    }
  }
}
