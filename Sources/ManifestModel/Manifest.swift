package import Core
package import Diagnostics

/// What a user declared, with every default already merged in.
package struct Manifest: Sendable {
  /// The texts it was read from; the first is the manifest itself.
  package var sources: [ManifestSource]
  /// Where the first manifest lies.
  package var path: AbsolutePath
  /// Every tree that a collection may go to, those that only a collection's own `root:` makes
  /// included.
  package var trees: [TreeSpec]
  /// Where the catalogue is asked, in this order; never empty.
  package var endpoints: [SafeURL]
  package var transfer = TransferSpec()
  package var limits = LimitsSpec()
  /// `nil`: civsync chooses a place.
  package var store: AbsolutePath?
  /// `nil`: civsync probes what the file systems can do.
  package var link: LinkPreference?
  /// Types of models whose files tools may write to: these get files of their own.
  package var editable: [Pattern] = []
  package var onFailure: FailureRule
  /// What is let in at all.
  package var policy = PolicySpec()
  /// How much of the history stays able to be gone back to.
  package var keep = KeepSpec()
  /// Commands that say whether an apply did well.
  package var checks: [CheckSpec] = []
  /// In the order of the file.
  package var collections: [CollectionSpec]

  /// Whether tools may write to what is placed of this type of model.
  package func isEditable(type: String) -> Bool {
    editable.contains { $0.matches(type) }
  }

  /// The endpoints of a manifest that names none: the one that shows everything comes first.
  package static let defaultEndpoints = ["civitai.red", "civitai.com"].map {
    SafeURL(scheme: "https", host: $0, port: nil, path: "/")
  }
}

/// A text that the manifest was read from.
package struct ManifestSource: Sendable {
  package var file: SourceFile
  package var path: AbsolutePath
  package var role: ManifestRole

  package init(file: SourceFile, path: AbsolutePath, role: ManifestRole) {
    self.file = file
    self.path = path
    self.role = role
  }

  /// What messages and snapshots call it.
  package var name: String { file.name }
  package var bytes: [UInt8] { file.bytes }
}

/// A folder that a tool reads, and how it is laid out.
package struct TreeSpec: Sendable {
  package var name: TreeName
  package var root: AbsolutePath
  package var layout: Layout
  /// `nil`: as the manifest says.
  package var link: LinkPreference?
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
