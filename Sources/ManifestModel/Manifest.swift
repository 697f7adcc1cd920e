package import Core
package import Diagnostics

/// What a user declared, with every default already merged in.
package struct Manifest: Sendable {
  /// The texts it was read from; the first is the manifest itself.
  package var sources: [SourceFile]
  /// Where the manifest lies; relative paths in it start from its folder.
  package var path: AbsolutePath
  package var trees: [TreeSpec]
  /// Where the catalogue is asked, in this order; never empty.
  package var endpoints: [SafeURL]
  /// `nil`: civsync chooses a place.
  package var store: AbsolutePath?
  /// `nil`: civsync probes what the file systems can do.
  package var link: LinkPreference?
  package var onFailure: FailureRule
  /// In the order of the file.
  package var collections: [CollectionSpec]

  /// The endpoints of a manifest that names none: the one that shows everything comes first.
  package static let defaultEndpoints = ["civitai.red", "civitai.com"].map {
    SafeURL(scheme: "https", host: $0, port: nil, path: "/")
  }
}

/// A folder that a tool reads, and how it is laid out.
package struct TreeSpec: Sendable {
  package var name: TreeName
  package var root: AbsolutePath
  package var layout: Layout
  /// Where the manifest names the root.
  package var span: Span
}

package enum Layout: Hashable, Sendable {
  /// The folders that a tool expects.
  case preset(LayoutPreset)
  /// A whole path below the root for each file.
  case template(PathTemplate)
}

package enum LayoutPreset: String, CaseIterable, Hashable, Sendable {
  case comfyui, a1111, forge, stabilitymatrix, swarmui, flat
}

/// How a file of the tree refers to its object in the store.
package enum LinkPreference: String, CaseIterable, Hashable, Sendable {
  case auto, reflink, hardlink, symlink, copy
}

/// What an apply does when an entry fails.
package enum FailureRule: String, CaseIterable, Hashable, Sendable {
  /// The trees stay as they were.
  case stop
  /// The rest is switched; what failed keeps what it had.
  case skip
}

/// A value and where the manifest says it.
package struct Located<Value> {
  package var value: Value
  package var span: Span

  package init(_ value: Value, at span: Span) {
    self.value = value
    self.span = span
  }
}

extension Located: Sendable where Value: Sendable {}
