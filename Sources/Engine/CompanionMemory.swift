import Core
import FoundationEssentials
import SystemIO

/// Pictures that could not be had, so that they are not asked for at every plan:
/// `.civsync/previews.json`. Losing it costs nothing but another try.
struct CompanionMemory {
  private struct File: Codable {
    var version = 1
    var failed: [Item]
  }

  private struct Item: Codable {
    var url: String
    var why: String
  }

  private let path: AbsolutePath
  private let fileSystem: FileSystem

  init(_ project: Project, _ fileSystem: FileSystem) {
    path = project.state.appending("previews.json")
    self.fileSystem = fileSystem
  }

  /// Their URLs.
  var failed: Set<String> { Set(items.map(\.url)) }

  private var items: [Item] {
    guard let bytes = try? fileSystem.read(path),
      let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.version == 1
    else { return [] }
    return file.failed
  }

  /// - Parameters:
  ///   - tried: the URLs of this run: what is remembered of them is forgotten.
  ///   - failed: those of them that failed, and why.
  func remember(tried: Set<String>, failed: [String: String]) {
    let before = items
    guard !failed.isEmpty || before.contains(where: { tried.contains($0.url) }) else { return }
    let kept = before.filter { !tried.contains($0.url) }
    let all = kept + failed.map { Item(url: $0.key, why: $0.value) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = File(failed: all.sorted { $0.url < $1.url })
    guard let data = try? encoder.encode(file) else { return }
    try? fileSystem.writeAtomically(Array(data), to: path)
  }
}
