package import Core

/// Something that goes wrong on purpose, at one file or by a rule.
package struct Fault: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// The connection closes early, though `Content-Length` promised all.
    case truncate
    /// One byte in the middle differs; length and headers are right.
    case wrongBytes
    /// `status` in place of the answer, with `Retry-After` where `retryAfter` is set.
    case status
    /// Some bytes, then nothing more.
    case stall
    /// Some bytes, then a connection reset (RST).
    case reset
    /// A login page with status 200 in place of the answer.
    case html
    /// The signature expires in mid-file: this answer is cut, and the same address is 403 for good.
    case expire
    /// `bytesPerSecond` on this answer.
    case throttle
    /// 200 and the whole file to a ranged request.
    case ignoreRange
    /// 206 with a `Content-Range` that is not what was asked for.
    case badContentRange
    /// Another `ETag` than before.
    case etagChange
    /// More bytes than the file has, and a `Content-Length` that agrees with them.
    case tooMuch
    /// Fewer bytes than the file has, and a `Content-Length` that agrees with them.
    case tooLittle
    /// An answer of the API that is not JSON.
    case malformedJSON
    /// An answer of the API that ends in the middle, with the length of what is there.
    case truncatedJSON
    /// A challenge page of the edge: HTML with status 403.
    case htmlChallenge
    /// `milliseconds` before the answer begins.
    case delay
  }

  /// Which requests it can meet.
  package enum Place: String, Sendable {
    /// `/api/v1/…`
    case api
    /// `/api/download/…`: the resolution, before the redirect.
    case download
    /// The storage host.
    case storage
  }

  package enum Target: Sendable, Hashable {
    case file(FileID)
    /// The n-th, 2n-th, … request.
    case every(Int)
    /// That share of the requests, drawn from the seed.
    case rate(Double, seed: UInt64)
  }

  package var kind: Kind
  package var place: Place
  package var target: Target
  /// How often it strikes; `nil`: until it is cleared.
  package var times: Int?
  package var status = 503
  /// Seconds.
  package var retryAfter: Int?
  /// Body bytes that are sent before it strikes; half of them by default.
  package var after: Int64?
  package var bytesPerSecond = 65_536
  package var milliseconds = 1_000
  /// Only requests whose path contains this.
  package var path: String?

  package init(_ kind: Kind, at target: Target, place: Place = .storage, times: Int? = nil) {
    self.kind = kind
    self.target = target
    self.place = place
    self.times = times
  }
}

extension Fault.Kind {
  var needsRange: Bool { self == .ignoreRange || self == .badContentRange }
}

/// The faults that are set, and how often each was met.
struct FaultBook: Sendable {
  private struct Entry: Sendable {
    var fault: Fault
    var met: UInt64 = 0
    var struck = 0
  }

  private var entries: [Entry] = []

  mutating func add(_ fault: Fault) { entries.append(Entry(fault: fault)) }
  mutating func clear() { entries = [] }

  /// The first fault that strikes this request, counted as used; rules count every request that
  /// they could have met.
  ///
  /// - Parameter isRanged: faults of ranges meet ranged requests only.
  mutating func strike(
    _ place: Fault.Place, file: FileID?, path: String, isRanged: Bool
  ) -> Fault? {
    var result: Fault?
    for index in entries.indices {
      let fault = entries[index].fault
      guard fault.place == place, fault.path.map(path.contains) ?? true else { continue }
      guard isRanged || !fault.kind.needsRange else { continue }
      guard entries[index].struck < fault.times ?? .max else { continue }
      entries[index].met += 1
      guard result == nil, strikes(entries[index], file: file) else { continue }
      entries[index].struck += 1
      result = fault
    }
    return result
  }

  private func strikes(_ entry: Entry, file: FileID?) -> Bool {
    switch entry.fault.target {
    case .file(let id): id == file
    case .every(let number): entry.met % UInt64(max(1, number)) == 0
    case .rate(let rate, let seed): Mixing.fraction(Mixing.mix(seed, entry.met)) < rate
    }
  }
}
