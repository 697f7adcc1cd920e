package import Core

/// How far a run is.
package struct ProgressState: Sendable, Hashable {
  /// A file on its way.
  package struct Transfer: Sendable, Hashable {
    package var name: String
    package var done: ByteCount
    package var total: ByteCount
    /// What it waits for; `nil` while it comes.
    package var wait: Wait?

    package init(name: String, done: ByteCount, total: ByteCount, wait: Wait? = nil) {
      self.name = name
      self.done = done
      self.total = total
      self.wait = wait
    }

    /// Whether nobody was asked for it yet, or not again.
    var isHeldUp: Bool {
      switch wait {
      case nil, .answer: false
      default: true
      }
    }
  }

  /// What a file waits for.
  package enum Wait: Sendable, Hashable {
    case turn
    /// The server was asked and has sent nothing yet.
    case answer
    case retry(seconds: Double)
    /// The end of quiet hours.
    case paused(until: String?)
    /// Room on the disk.
    case full

    var text: String {
      switch self {
      case .turn: "waiting for its turn"
      case .answer: "waiting for the server"
      // Whole seconds: they are counted down.
      case .retry(let seconds): "retry in \(Measures.duration(seconds.rounded(.up)))"
      case .paused(let end): end.map { "paused until \($0)" } ?? "paused"
      case .full: "paused: no room on disk"
      }
    }
  }

  package var filesDone: Int
  package var files: Int
  package var done: ByteCount
  package var total: ByteCount
  /// Bytes per second of late; `nil` while it is not known.
  package var rate: Double?
  package var active: [Transfer]
  /// Seconds since it began.
  package var elapsed: Double

  package init(
    filesDone: Int, files: Int, done: ByteCount, total: ByteCount, rate: Double? = nil,
    active: [Transfer] = [], elapsed: Double = 0
  ) {
    self.filesDone = filesDone
    self.files = files
    self.done = done
    self.total = total
    self.rate = rate
    self.active = active
    self.elapsed = elapsed
  }

  /// Seconds that the rest will take at this rate.
  package var remaining: Double? {
    guard let rate, rate > 0 else { return nil }
    return Double(max(0, total.bytes - done.bytes)) / rate
  }
}

/// A run's progress as text: a function of the state and the width, and of nothing else.
package enum ProgressView {
  /// From this many columns on, files have a bar and their sizes.
  private static let wide = 72
  private static let bar = 20
  /// What a name keeps in any case.
  private static let leastName = 8

  /// For a terminal: a line for each file on its way, `limit` of them at most, then the total. No
  /// line reaches the last column, where some terminals would wrap.
  package static func lines(
    _ state: ProgressState, _ options: ViewOptions, limit: Int = 8
  ) -> [String] {
    let width = (options.width ?? 80) - 1
    var lines = state.active.prefix(limit).map { line($0, width, options.style) }
    if state.active.count > limit {
      let more = "  … and \(state.active.count - limit) more"
      lines.append(options.style.paint(DisplayText.cutEnd(more, to: width), .faint))
    }
    return lines + [options.style.paint(total(state, width), .strong)]
  }

  /// For a log or a pipe: one line, without the files.
  package static func plain(_ state: ProgressState) -> String {
    (facts(state) + ["after \(Measures.duration(state.elapsed))"]).joined(separator: " · ")
  }

  /// `3 of 12 files`, `9.1 of 18.2 GB`, `72 MB/s`, `2 min 05 s left`; the least needed last.
  private static func facts(_ state: ProgressState) -> [String] {
    var facts = [
      "\(state.filesDone) of \(Measures.count(state.files, "file"))",
      Measures.part(state.done, of: state.total),
    ]
    if let rate = state.rate, rate > 0, let speed = Measures.speed(rate) { facts.append(speed) }
    if let remaining = state.remaining, remaining > 0 {
      facts.append("\(Measures.duration(remaining)) left")
    }
    return facts
  }

  /// All of the facts, or fewer and shorter ones, of which the time that is left goes last.
  private static func total(_ state: ProgressState, _ width: Int) -> String {
    let all = facts(state)
    let choices = [all] + short(state)
    let lines = choices.map { $0.joined(separator: " · ") }
    if let line = lines.first(where: { DisplayText.width($0) <= width }) { return line }
    var line = ""
    for fact in all {
      let longer = line.isEmpty ? fact : "\(line) · \(fact)"
      guard DisplayText.width(longer) <= width else { break }
      line = longer
    }
    return line
  }

  /// `3 of 12 files · 50 % · 72 MB/s · 2 min left`, and what is shorter.
  private static func short(_ state: ProgressState) -> [[String]] {
    guard let remaining = state.remaining, remaining > 0,
      let percent = Measures.percent(state.done, of: state.total)
    else { return [] }
    let count = "\(state.filesDone) of \(state.files)"
    let share = "\(percent) %"
    let speed = state.rate.flatMap { Measures.speed($0) }.map { [$0] } ?? []
    let left = "\(Measures.roughly(remaining)) left"
    return [
      ["\(count) files", share] + speed + [left], [count, share] + speed + [left],
      [count, share, left], [share, left],
    ]
  }

  private static func line(
    _ transfer: ProgressState.Transfer, _ width: Int, _ style: TextStyle
  ) -> String {
    let name = DisplayText.harmless(transfer.name)
    let percent = Measures.percent(transfer.done, of: transfer.total)
    let share = DisplayText.aligned(percent.map { "\($0) %" } ?? "", to: 5)
    guard width >= wide else {
      let note = transfer.wait.map {
        " " + DisplayText.cutEnd($0.text, to: width - 4 - leastName)
      }
      let room = width - 2 - 1 - DisplayText.width(note ?? share)
      return "  " + DisplayText.padded(DisplayText.cutMiddle(name, to: room), to: room) + " "
        + (note.map { style.paint($0, .faint) } ?? share)
    }
    let sizes = DisplayText.aligned(Measures.part(transfer.done, of: transfer.total), to: 17)
    let room = width - 2 - 2 - bar - 1 - 5 - 2 - 17
    let shown = DisplayText.padded(DisplayText.cutMiddle(name, to: room), to: room)
    if let wait = transfer.wait {
      // In the place of bar and percent.
      let room = bar + 1 + 5
      let note = DisplayText.padded(DisplayText.cutEnd(wait.text, to: room), to: room)
      return "  \(shown)  \(style.paint(note, .faint))  \(sizes)"
    }
    return "  \(shown)  \(drawn(percent ?? 0, style)) \(share)  \(sizes)"
  }

  private static func drawn(_ percent: Int, _ style: TextStyle) -> String {
    let full = percent * bar / 100
    return style.paint(String(repeating: "━", count: full), .added)
      + style.paint(String(repeating: "─", count: bar - full), .faint)
  }
}

/// What to write to a terminal so that a block of lines at its bottom is drawn anew. The cursor
/// rests at the beginning of the line below the block.
package enum ProgressPainter {
  /// - Parameters:
  ///   - lines: the block as it shall stand; none takes it away.
  ///   - previous: how many lines stand there now.
  ///   - above: lines that shall stay, written above the block.
  package static func paint(
    _ lines: [String], previous: Int, above: [String] = []
  ) -> String {
    var text = previous > 0 ? "\u{1B}[\(previous)A\r" : ""
    for line in above + lines { text += line + "\u{1B}[K\n" }
    // What is left of a longer block before.
    if previous > above.count + lines.count { text += "\u{1B}[J" }
    return text
  }
}
