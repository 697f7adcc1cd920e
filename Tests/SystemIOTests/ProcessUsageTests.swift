import Core
import Glibc
import SystemIO
import Testing

@Test func `a process knows what it takes`() throws {
  let before = ProcessUsage.now()
  var numbers = [UInt8](repeating: 1, count: 64 << 20)
  for index in stride(from: 0, to: numbers.count, by: 4_096) { numbers[index] &+= 1 }
  let after = ProcessUsage.now()
  #expect(numbers.last == 1)
  #expect(try #require(after.peakMemory).bytes > 64 << 20)
  #expect(after.user + after.system > before.user + before.system)
  #expect(after.user + after.system < before.user + before.system + 60)
}

/// A sanitizer brings an allocator of its own, which has no such limits.
private let allocates = unsafe dlsym(nil, "__asan_init") == nil

@Test(.enabled(if: allocates))
func `the C library takes the limits for its heaps`() {
  #expect(Allocator.keepSmall())
}
