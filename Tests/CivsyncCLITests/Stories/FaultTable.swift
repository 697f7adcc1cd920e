import CivitaiSandbox
import Core
import Engine

/// What a fault meets.
enum FaultedFile: CaseIterable, Sendable {
  /// 20 kB: one answer is all of it.
  case small
  /// 22 MB: three pieces, which several connections fetch.
  case large
  /// 29 MB, of which an interrupted run has left 9 MB and their journal.
  case resumed

  func shape(_ options: inout SandboxOptions) {
    switch self {
    case .small: options.scale = 0.033
    case .large: options.scale = 36
    case .resumed: options.scale = 46
    }
    // So fast is one connection: others are worth it.
    if self != .small { options.throttleBytesPerSecond = 40_000_000 }
  }
}

/// How a run ends that a fault has met.
enum FaultEnd: Sendable, Equatable {
  /// The right bytes stand at their place.
  case placed
  /// Nothing is placed or recorded, and the run says why.
  /// `keeps`: whether what an earlier run had left is still there.
  case refused(CommandExit, String, keeps: Bool)
}

/// One fault of the sandbox, and the end that it has to have.
struct FaultRow: Sendable {
  var place = Fault.Place.storage
  /// More than the kind alone.
  var change: @Sendable (inout Fault) -> Void = { _ in }
  /// What the manifest says besides.
  var manifest = ""
  /// How it is applied where the fault stays.
  var arguments: [String] = []
  /// The fault meets one request.
  var once = FaultEnd.placed
  /// The fault stays.
  var always = FaultEnd.placed
  /// The fault stays, and meets a small file; `nil`: as others.
  var alwaysSmall: FaultEnd?
  /// The fault stays, and meets a file that is resumed; `nil`: as others.
  var alwaysResumed: FaultEnd?

  func always(_ file: FaultedFile) -> FaultEnd {
    switch file {
    case .small: alwaysSmall ?? always
    case .large: always
    case .resumed: alwaysResumed ?? always
    }
  }
}

extension FaultRow {
  /// Every kind of fault that the sandbox has.
  static let all: [Fault.Kind: FaultRow] = [
    .truncate: FaultRow(
      change: { $0.after = 3_000 },
      always: .refused(.unreachable, "the connection was lost after", keeps: true)),
    .reset: FaultRow(
      change: { $0.after = 3_000 },
      always: .refused(.unreachable, "the connection was lost after", keeps: true)),
    // Long enough for a machine that has much to do. A small file comes by one connection after the
    // other, each of which makes up for the one that stands still.
    .stall: FaultRow(
      change: { $0.after = 8_000 }, manifest: "transfer: { stallTimeout: 20s }\n",
      arguments: ["--max-retries", "0"],
      always: .refused(.unreachable, "the transfer stalled", keeps: true), alwaysSmall: .placed),
    // Of a small file each address brings a part that is worth another.
    .expire: FaultRow(
      change: { $0.after = 3_000 },
      always: .refused(.unreachable, "the storage keeps rejecting the signed URL", keeps: true),
      alwaysSmall: .placed),
    .status: FaultRow(
      always: .refused(.unreachable, "the server keeps answering 503", keeps: true)),
    // A page says the same when it is asked for again.
    .html: FaultRow(once: page, always: page),
    .wrongBytes: FaultRow(
      always: .refused(.verificationFailed, "they were thrown away", keeps: false)),
    // Of an answer to a range only the range is taken.
    .tooMuch: FaultRow(
      always: .refused(.verificationFailed, "they were thrown away", keeps: false),
      alwaysResumed: .placed),
    // What lacks at the end of each range is asked for again, until nothing comes.
    .tooLittle: FaultRow(
      always: .refused(.verificationFailed, "they were thrown away", keeps: false),
      alwaysResumed: .refused(.unreachable, "the connection was lost after 0 bytes", keeps: true)),
    // Another file by its mark, and the same by its digest.
    .etagChange: FaultRow(),
    .ignoreRange: FaultRow(),
    .badContentRange: FaultRow(),
    .throttle: FaultRow(change: { $0.bytesPerSecond = 30_000_000 }),
    .delay: FaultRow(change: { $0.milliseconds = 5 }),
    .malformedJSON: catalogue("this is no JSON"),
    .truncatedJSON: catalogue("the JSON ends too early"),
    .htmlChallenge: catalogue("answered with a web page instead of data (HTTP 403)"),
  ]

  private static let page = FaultEnd.refused(
    .verificationFailed, "a web page or message came instead of a model", keeps: true)

  /// Without a plan nothing is fetched.
  private static func catalogue(_ words: String) -> FaultRow {
    FaultRow(place: .api, always: .refused(.unreachable, words, keeps: true))
  }
}
