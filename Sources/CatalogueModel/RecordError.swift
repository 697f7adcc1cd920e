/// Why a record or a lock cannot be read, with the line that it was noticed on.
package struct RecordError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The first line is not that of such a file.
    case notThisFormat(expected: String)
    /// Written by a civsync that knows more than this one.
    case newerVersion(found: Int64, known: Int64)
    /// A merge of git left both sides in the file.
    case conflict(marker: String)
    /// Something else than what belongs here.
    case unexpected(found: String, expected: String)
    /// The line goes on after its end, or an unknown line stands here.
    case unknownLine(String)
    /// Two records of one thing, or records in another order than that of their ids.
    case outOfOrder(String)
    /// A value that reads well but cannot be: a path that leaves the tree, a time that never was.
    case invalidValue(what: String, found: String)
    /// Bytes that are not UTF-8.
    case invalidText
    /// Lines end as on Windows.
    case carriageReturn
    /// The file does not end with a line end: something may be cut off.
    case cutOff
  }

  /// Counted from 1.
  package var line: Int
  package var reason: Reason

  package init(line: Int, reason: Reason) {
    self.line = line
    self.reason = reason
  }
}

extension RecordError: CustomStringConvertible {
  package var description: String { "line \(line): \(reason)" }
}

extension RecordError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notThisFormat(let expected):
      "this is not a file that begins with `\(expected)`; restore it, or delete it"
    case .newerVersion(let found, let known):
      "written in format \(found), this civsync knows \(known); use a newer civsync"
    case .conflict(let marker):
      "a merge conflict is not settled (`\(marker)`); take one side and run again"
    case .unexpected(let found, let expected):
      "expected \(expected), found `\(found)`; restore the file"
    case .unknownLine(let found):
      "`\(found)` does not belong here; restore the file, or use a newer civsync"
    case .outOfOrder(let what):
      "\(what) stands twice or out of order; restore the file"
    case .invalidValue(let what, let found):
      "`\(found)` is not \(what); restore the file"
    case .invalidText:
      "the text is not UTF-8; restore the file"
    case .carriageReturn:
      "the line ends with a carriage return; store the file with plain line ends"
    case .cutOff:
      "the last line has no end, so something may be missing; restore the file"
    }
  }
}
