/// How fast bytes came over a whole run, in all and in each second of it. Pure: its times are given.
struct SpeedMeter: Sendable {
  private(set) var bytes: Int64 = 0
  private var began: Double?
  private var last = 0.0
  /// The second that is filled now, from 0.
  private var second = 0
  private var inSecond: Int64 = 0
  private var fastest: Int64?
  private var slowest: Int64?

  /// Fetching begins, unless it has.
  /// - Parameter time: in seconds, on a clock that only goes forward.
  mutating func begin(at time: Double) {
    guard began == nil else { return }
    (began, last) = (time, time)
  }

  /// So many bytes came.
  mutating func add(_ count: Int64, at time: Double) {
    begin(at: time)
    advance(to: time)
    bytes += count
    inSecond += count
  }

  /// Fetching went on until now, whether anything came or not.
  mutating func advance(to time: Double) {
    guard let began, time > last else { return }
    last = time
    let now = Int(time - began)
    guard now > second else { return }
    close(inSecond)
    // Of several seconds the others were empty.
    if now > second + 1 { close(0) }
    (second, inSecond) = (now, 0)
  }

  private mutating func close(_ count: Int64) {
    fastest = max(fastest ?? count, count)
    slowest = min(slowest ?? count, count)
  }

  /// Bytes a second; `nil` where nothing came. Of a run of less than a second the three are one.
  var speed: RunRecord.Speed? {
    guard let began, bytes > 0, last > began else { return nil }
    let mean = Double(bytes) / (last - began)
    // The rest of a second at the end counts for the mean alone.
    return RunRecord.Speed(
      mean: mean, max: max(mean, Double(fastest ?? 0)),
      min: min(mean, slowest.map(Double.init) ?? mean))
  }
}
