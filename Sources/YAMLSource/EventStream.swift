internal import CYAML

/// What libyaml reports, in Swift's own words. Places are Unicode scalars from the text's start.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    /// `text` is `nil` when it is longer than the limit.
    case scalar(text: String?, style: YAMLScalar.Style)
    case sequenceStart(isFlow: Bool)
    case mappingStart(isFlow: Bool)
    case sequenceEnd, mappingEnd
  }

  var kind: Kind
  var range: Range<Int>
  var anchor: String?
  var tag: String?
}

/// Why libyaml gave up.
struct YAMLProblem: Error {
  var text: String
  /// For what the text cannot be read at all: a byte offset. Otherwise `mark` is set.
  var byteOffset: Int?
  /// A count of Unicode scalars.
  var mark: Int
  var context: (text: String, mark: Int)?
}

/// libyaml's parser over a text that it owns a copy of.
@safe final class EventStream {
  // Safety: allocated in `init`, freed in `deinit`, and handed to libyaml only; the class is not
  // `Sendable`, so one thread at a time uses them.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>
  private let scalarLimit: Int

  /// `nil` when there is no memory for a parser.
  init?(_ bytes: some Collection<UInt8>, scalarLimit: Int) {
    self.scalarLimit = scalarLimit
    unsafe text = .allocate(capacity: max(1, bytes.count))
    unsafe parser = .allocate(capacity: 1)
    _ = unsafe text.initialize(from: bytes)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe text.deallocate()
      unsafe parser.deallocate()
      return nil
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  func next() throws(YAMLProblem) -> YAMLEvent {
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw problem() }
    defer { unsafe yaml_event_delete(&raw) }
    let start = unsafe Int(raw.start_mark.index)
    let end = unsafe Int(raw.end_mark.index)
    var event = YAMLEvent(kind: .streamEnd, range: start..<max(start, end))
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: event.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: event.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_ALIAS_EVENT: event.kind = unsafe .alias(string(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT: unsafe fill(&event, raw.data.scalar)
    case YAML_SEQUENCE_START_EVENT:
      let data = unsafe raw.data.sequence_start
      event.kind = unsafe .sequenceStart(isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE)
      event.anchor = unsafe string(data.anchor)
      event.tag = unsafe string(data.tag)
    case YAML_MAPPING_START_EVENT:
      let data = unsafe raw.data.mapping_start
      event.kind = unsafe .mappingStart(isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
      event.anchor = unsafe string(data.anchor)
      event.tag = unsafe string(data.tag)
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    default: event.kind = .streamEnd
    }
    return event
  }

  private typealias ScalarData = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar

  private func fill(_ event: inout YAMLEvent, _ data: ScalarData) {
    let style: YAMLScalar.Style =
      switch unsafe data.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    var text: String?
    if unsafe data.length <= scalarLimit {
      // By length, not to the first NUL: `"\0"` is a text of one scalar.
      text = unsafe String(
        decoding: UnsafeBufferPointer(start: data.value, count: Int(data.length)), as: UTF8.self)
    }
    event.kind = .scalar(text: text, style: style)
    event.anchor = unsafe string(data.anchor)
    event.tag = unsafe string(data.tag)
  }

  private func problem() -> YAMLProblem {
    let raw = unsafe parser.pointee
    let text = unsafe raw.problem.map { unsafe String(cString: $0) } ?? "out of memory"
    if unsafe raw.error == YAML_READER_ERROR {
      return unsafe YAMLProblem(text: text, byteOffset: Int(raw.problem_offset), mark: 0)
    }
    var problem = unsafe YAMLProblem(text: text, mark: Int(raw.problem_mark.index))
    if let context = unsafe raw.context {
      problem.context = unsafe (String(cString: context), Int(raw.context_mark.index))
    }
    return problem
  }

  private func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe text.map { unsafe String(cString: $0) }
  }
}
