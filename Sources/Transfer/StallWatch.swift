/// Whether a download's connection stands still, for what its host usually gives, or takes too long
/// for a piece.
///
/// Times are seconds on any clock that only goes forward.
struct StallWatch {
  /// Below so small a share of what a connection to the host usually brings, and of so many bytes a
  /// second, it stands still.
  private static let share = 0.01
  private static let mostStalled = 65_536.0

  /// What had come at each look of the time that counts, oldest first.
  private var looks: [(time: Double, bytes: Int64)]
  private var piece: (began: Double, bytes: Int64)
  private let patience: Double
  private let piecePatience: Double
  private static let pieceSize: Int64 = 8 << 20

  /// - Parameters:
  ///   - patience: how long a connection may be slow.
  ///   - piecePatience: how long a piece may take.
  init(at now: Double, patience: Double, piecePatience: Double) {
    looks = [(now, 0)]
    piece = (now, 0)
    self.patience = patience
    self.piecePatience = piecePatience
  }

  /// - Parameters:
  ///   - received: body bytes of the connection's answer so far.
  ///   - usual: bytes a second that a connection to its host brings; `nil` while unknown.
  /// - Returns: why it is to be ended.
  mutating func look(received: Int64, usual: Double?, at now: Double) -> TransferPhase? {
    if received - piece.bytes >= Self.pieceSize { piece = (now, received) }
    if now - piece.began > piecePatience { return .piece }
    looks.append((now, received))
    looks.removeFirst(looks.dropFirst().prefix { now - $0.time >= patience }.count)
    let (began, bytes) = looks[0]
    guard now - began >= patience, let usual else { return nil }
    let rate = Double(received - bytes) / (now - began)
    guard rate < min(usual * Self.share, Self.mostStalled) else { return nil }
    looks = [(now, received)]
    return .stall
  }

  /// It was held back from here: that time does not count.
  mutating func pause(received: Int64, at now: Double) {
    looks = [(now, received)]
    piece = (now, received)
  }
}

/// What a connection to each host usually brings in a second.
struct HostSpeeds {
  /// What brought less tells nothing.
  private static let leastBytes: Int64 = 1 << 20

  private var speeds: [String: Double] = [:]

  subscript(host: String) -> Double? { speeds[host] }

  mutating func learn(_ host: String, bytes: Int64, seconds: Double) {
    guard bytes >= Self.leastBytes, seconds > 0 else { return }
    let speed = Double(bytes) / seconds
    speeds[host] = speeds[host].map { $0 * 0.7 + speed * 0.3 } ?? speed
  }
}
