package import Diagnostics

/// Reads one YAML document.
///
/// What makes the text unreadable ends the reading; duplicate keys and the like are all collected.
/// - Returns: the root, `nil` for an empty document or after an error that stopped the reading; and
///   all that was found wrong.
package func parseYAML(_ file: SourceFile, limits: YAMLLimits = YAMLLimits())
  -> (root: YAMLNode?, diagnostics: [Diagnostic])
{
  if let refusal = Screening(file: file, limits: limits).refusal() { return (nil, [refusal]) }
  let base = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  guard let stream = EventStream(file.bytes.dropFirst(base), scalarLimit: limits.scalar) else {
    let message = "there is no memory to read \(quoted(file.name))"
    return (nil, [Diagnostic(code: YAMLCode.tooLarge.rawValue, message: message)])
  }
  var composer = Composer(file: file, limits: limits, base: base, stream: stream)
  do {
    let root = try composer.document()
    return (root, composer.diagnostics)
  } catch {
    return (nil, composer.diagnostics + [error.diagnostic])
  }
}
