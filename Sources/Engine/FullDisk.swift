import ContentStore
import History
import SystemIO
import Tree

extension CommandExit {
  /// The end of a command that something was refused to: a disk or quota that is used up has a code of its
  /// own, wherever it is met.
  init(refusedBy error: any Error) {
    let isFull =
      switch error {
      case let error as SystemError: error.isFull
      case let error as StoreError: error.isFull
      case let error as HistoryError: error.isFull
      case TreeError.system(let error): error.isFull
      default: false
      }
    self = isFull ? .noSpace : .failed
  }
}
