package import Core
internal import Glibc

/// What this process has taken of the machine until now.
package struct ProcessUsage: Sendable, Hashable {
  /// The most memory that it held at one time; `nil` where the system does not tell.
  package var peakMemory: ByteCount?
  /// Seconds of processor time in the program itself.
  package var user: Double
  /// Seconds of processor time in the system on its behalf.
  package var system: Double

  package static func now() -> ProcessUsage {
    var raw = rusage()
    unsafe _ = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &raw)
    return ProcessUsage(
      peakMemory: peak, user: seconds(raw.ru_utime), system: seconds(raw.ru_stime))
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }

  /// `VmHWM` and not `ru_maxrss`, which a process inherits from the one that started it.
  private static var peak: ByteCount? { memory("VmHWM:") }

  /// The memory that it holds now; `nil` where the system does not tell.
  package static var residentMemory: ByteCount? { memory("VmRSS:") }

  private static func memory(_ name: String) -> ByteCount? {
    guard let path = AbsolutePath("/proc/self/status"),
      let bytes = try? FileSystem().read(path, limit: 1 << 20)
    else { return nil }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(name) }
    let kibibytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int64($0) }
    return kibibytes.map { ByteCount($0 << 10) }
  }
}
