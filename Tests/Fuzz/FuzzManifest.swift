import Core
import Diagnostics
import ManifestModel

/// Feeds libFuzzer's bytes to the manifest's reader: YAML, layers, variables, decoder, and the
/// rendering of all that was found wrong.
///
/// An input is one or several files: a line that begins with `#%` and a name begins the next one, so
/// that `include`, the overlay and a second named manifest come up too.
struct FuzzedFiles: ManifestLoader {
  static let separator = Array("\n#%".utf8)
  private(set) var files: [String: [UInt8]] = [:]

  init(_ input: [UInt8]) {
    var name = "civsync.yaml"
    var start = 0
    var offset = 0
    while offset + 3 <= input.count, files.count < 64 {
      guard input[offset..<offset + 3].elementsEqual(Self.separator) else {
        offset += 1
        continue
      }
      // The next one may begin with the line break that ends the name of this one.
      files[name] = Array(input[min(start, offset)..<offset])
      let end = input[(offset + 3)...].firstIndex(of: UInt8(ascii: "\n")) ?? input.count
      name = String(decoding: input[(offset + 3)..<end], as: UTF8.self)
      start = min(end + 1, input.count)
      offset = max(end, offset + 3)
    }
    files[name] = Array(input[start...])
  }

  func load(_ path: AbsolutePath) -> LoadedManifest {
    files[displayName(of: path)].map { .found($0) } ?? .missing
  }

  func displayName(of path: AbsolutePath) -> String {
    path.string.hasPrefix("/p/") ? String(path.string.dropFirst(3)) : path.string
  }

  func list(_ folder: AbsolutePath) -> [ListedName]? {
    let prefix = folder.string == "/" ? "/" : folder.string + "/"
    let names = files.keys.compactMap { AbsolutePath("/p/" + $0)?.string }
      .filter { $0.hasPrefix(prefix) && $0.count > prefix.count }
      .map { path -> ListedName in
        let rest = path.dropFirst(prefix.count)
        let name = rest.prefix { $0 != "/" }
        return ListedName(String(name), isFolder: name.endIndex != rest.endIndex)
      }
    return names.isEmpty ? nil : Array(Set(names))
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = AbsolutePath("/p/civsync.yaml"), let second = AbsolutePath("/p/two.yaml") else {
    return 0
  }
  let loader = FuzzedFiles(input)
  let paths = loader.files["two.yaml"] == nil ? [first] : [first, second]
  let (manifest, diagnostics) = loadManifest(
    paths: paths, loader: loader, environment: ["MODELS": "/srv/models", "EMPTY": "", "N": "3"],
    home: AbsolutePath("/home/me"))
  // What holds for every text whatever: there is a manifest, or an error that says why not.
  precondition((manifest == nil) == diagnostics.hasErrors, "neither a manifest nor an error")
  for diagnostic in diagnostics.prefix(20) {
    _ = diagnostic.rendered()
    _ = diagnostic.json
  }
  for collection in manifest?.collections ?? [] {
    precondition(!collection.trees.isEmpty, "a collection without a tree")
  }
  return 0
}
