import CivsyncCLI
import Core
import Testing

@Suite struct `Progress` {
  private static let state = ProgressState(
    filesDone: 3, files: 12, done: ByteCount(9_100_000_000), total: ByteCount(18_200_000_000),
    rate: 72e6,
    active: [
      .init(
        name: "dreamshaperXL_v21TurboDPMSDE.safetensors", done: ByteCount(4_100_000_000),
        total: ByteCount(6_938_000_000)),
      .init(
        name: "日本語のモデル.safetensors", done: ByteCount(980_000),
        total: ByteCount(151_000_000)),
    ], elapsed: 130)

  @Test func `a wide terminal shows bars and sizes`() {
    let lines = ProgressView.lines(Self.state, ViewOptions(width: 80))
    #expect(
      lines == [
        "  dreamshaperXL_v…DE.safetensors  ━━━━━━━━━━━─────────  59 %      4.1 of 6.9 GB",
        "  日本語のモデル.safetensors      ────────────────────   0 %   980 kB of 151 MB",
        "3 of 12 files · 9.1 of 18.2 GB · 72 MB/s · 2 min 06 s left",
      ])
  }

  @Test func `forty columns are enough for names and percents`() {
    let lines = ProgressView.lines(Self.state, ViewOptions(width: 40))
    #expect(
      lines == [
        "  dreamshaperXL_v…SDE.safetensors  59 %",
        "  日本語のモデル.safetensors        0 %",
        "3 of 12 · 50 % · 72 MB/s · 2 min left",
      ])
  }

  @Test(
    arguments: [
      (200, "3 of 12 files · 9.1 of 18.2 GB · 72 MB/s · 2 min 06 s left"),
      (58, "3 of 12 files · 50 % · 72 MB/s · 2 min left"),
      (40, "3 of 12 · 50 % · 72 MB/s · 2 min left"),
      (33, "3 of 12 · 50 % · 2 min left"),
      (20, "50 % · 2 min left"),
    ])
  func `the time that is left goes last`(width: Int, line: String) {
    let lines = ProgressView.lines(Self.state, ViewOptions(width: width))
    #expect(lines.last == line)
  }

  @Test func `without a rate there is as much of the rest as fits`() {
    var state = Self.state
    state.rate = nil
    let lines = ProgressView.lines(state, ViewOptions(width: 25))
    #expect(lines.last == "3 of 12 files")
  }

  private static let waits: [ProgressState.Wait] = [
    .turn, .answer, .retry(seconds: 3.2), .retry(seconds: 77), .paused(until: "08:00"),
    .paused(until: nil), .full,
  ]

  private func waiting(_ wait: ProgressState.Wait) -> ProgressState {
    var state = Self.state
    state.active = [state.active[0]]
    state.active[0].wait = wait
    return state
  }

  @Test func `a file that waits says for what`() {
    let lines = Self.waits.map {
      ProgressView.lines(waiting($0), ViewOptions(width: 80))[0]
    }
    let name = "  dreamshaperXL_v…DE.safetensors  "
    #expect(
      lines == [
        name + "waiting for its turn            4.1 of 6.9 GB",
        name + "waiting for the server          4.1 of 6.9 GB",
        name + "retry in 4 s                    4.1 of 6.9 GB",
        name + "retry in 1 min 17 s             4.1 of 6.9 GB",
        name + "paused until 08:00              4.1 of 6.9 GB",
        name + "paused                          4.1 of 6.9 GB",
        name + "paused: no room on disk         4.1 of 6.9 GB",
      ])
  }

  @Test func `so it does in forty columns`() {
    let lines = Self.waits.map {
      ProgressView.lines(waiting($0), ViewOptions(width: 40))[0]
    }
    #expect(
      lines == [
        "  dreamsh…tensors  waiting for its turn",
        "  dreams…ensors  waiting for the server",
        "  dreamshaper…safetensors  retry in 4 s",
        "  dreamsha…tensors  retry in 1 min 17 s",
        "  dreamsha…etensors  paused until 08:00",
        "  dreamshaperXL_…DE.safetensors  paused",
        "  dreams…nsors  paused: no room on disk",
      ])
  }

  @Test(arguments: [20, 33, 40, 72, 73, 80, 200])
  func `no line reaches the last column`(width: Int) {
    var state = Self.state
    state.active.append(
      .init(name: "\u{1B}[2Jעברית\n👩‍👩‍👧", done: ByteCount(1), total: .zero))
    state.active += Self.waits.map { waiting($0).active[0] }
    state.active += state.active + state.active + state.active
    for line in ProgressView.lines(state, ViewOptions(width: width)) {
      #expect(DisplayText.width(line) < width, "\(line)")
      #expect(!line.unicodeScalars.contains("\u{1B}"))
    }
  }

  @Test func `more files than the limit are counted`() {
    let lines = ProgressView.lines(Self.state, ViewOptions(width: 40), limit: 1)
    #expect(lines.count == 3)
    #expect(lines[1] == "  … and 1 more")
  }

  @Test func `paint does not change the words`() {
    let lines = ProgressView.lines(Self.state, ViewOptions(width: 80, style: .ansi))
    #expect(
      lines[2] == "\u{1B}[1m3 of 12 files · 9.1 of 18.2 GB · 72 MB/s · 2 min 06 s left\u{1B}[0m")
    #expect(lines[0].contains("\u{1B}[32m━━━━━━━━━━━\u{1B}[0m\u{1B}[2m─────────\u{1B}[0m"))
  }

  @Test func `a pipe gets one plain line`() {
    var state = Self.state
    #expect(
      ProgressView.plain(state)
        == "3 of 12 files · 9.1 of 18.2 GB · 72 MB/s · 2 min 06 s left · after 2 min 10 s")
    state.rate = nil
    #expect(ProgressView.plain(state) == "3 of 12 files · 9.1 of 18.2 GB · after 2 min 10 s")
    state.rate = .nan
    #expect(ProgressView.plain(state) == "3 of 12 files · 9.1 of 18.2 GB · after 2 min 10 s")
    state.rate = 0
    #expect(state.remaining == nil)
  }

  @Test func `what is done has no time left`() {
    let state = ProgressState(
      filesDone: 1, files: 1, done: ByteCount(5), total: ByteCount(5), rate: 10)
    #expect(ProgressView.plain(state) == "1 of 1 file · 5 of 5 B · 10 B/s · after 0 s")
  }

  @Test func `the painter draws over the block that stands there`() {
    #expect(ProgressPainter.paint(["a", "b"], previous: 0) == "a\u{1B}[K\nb\u{1B}[K\n")
    #expect(
      ProgressPainter.paint(["a", "b"], previous: 2) == "\u{1B}[2A\ra\u{1B}[K\nb\u{1B}[K\n")
    #expect(ProgressPainter.paint(["a"], previous: 3) == "\u{1B}[3A\ra\u{1B}[K\n\u{1B}[J")
    #expect(ProgressPainter.paint([], previous: 2) == "\u{1B}[2A\r\u{1B}[J")
    #expect(
      ProgressPainter.paint(["a"], previous: 1, above: ["told"])
        == "\u{1B}[1A\rtold\u{1B}[K\na\u{1B}[K\n")
  }
}

@Suite struct `The rate meter` {
  @Test func `looks back over its window`() {
    var meter = RateMeter(window: 2)
    #expect(meter.rate == nil)
    meter.note(1_000, at: 10)
    meter.note(1_100, at: 10.25)
    #expect(meter.rate == nil)
    meter.note(2_000, at: 11)
    #expect(meter.rate == 1_000)
    for second in 12...20 { meter.note(2_000, at: Double(second)) }
    #expect(meter.rate == 0)
    meter.note(8_000, at: 21)
    #expect(meter.rate == 3_000)
  }

  @Test func `forgets when nothing comes for long`() {
    var meter = RateMeter(window: 2)
    meter.note(0, at: 0)
    meter.note(1_000, at: 1)
    #expect(meter.rate(at: 1.5) == 1_000)
    #expect(meter.rate(at: 2.5) == 400)
    #expect(meter.rate(at: 9) == 0)
  }

  @Test func `a total that goes back is no negative rate`() {
    var meter = RateMeter()
    meter.note(1_000, at: 0)
    meter.note(500, at: 1)
    #expect(meter.rate == 0)
  }
}
