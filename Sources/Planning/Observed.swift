internal import CatalogueModel
package import Core

/// What stands at a place, as far as planning needs to know.
package enum Observed: Sendable, Equatable {
  case absent
  /// The wanted content, placed as civsync places it.
  case intact
  /// Something civsync placed that has changed since; the text says how.
  case modified(String)
  /// A file that civsync has no record of. `digest` where the content was read, which is only done
  /// when its size could be the wanted one.
  case foreignFile(bytes: ByteCount, digest: Digest?)
  /// A folder, a socket, a link to nowhere: anything else that civsync did not place.
  case foreignOther(String)
  /// The way there leads through something that is not a folder of the tree.
  case unsafe(String)
  /// A folder above it is none any more: what stands behind it cannot be told.
  case behind(UnusableFolder)
}

/// A folder of a tree that is no folder, such as a symbolic link.
package struct UnusableFolder: Sendable, Hashable {
  package var folder: TreePath
  /// What it is, and what to do.
  package var why: String
  /// The tree that it leads into, where it is one: what stands behind it is that one's.
  package var other: TreeName?

  package init(_ folder: TreePath, why: String, other: TreeName? = nil) {
    self.folder = folder
    self.why = why
    self.other = other
  }
}

/// The world as it was looked at: the other half of a plan's input.
package struct ObservedWorld: Sendable {
  /// Every place that is wanted or recorded.
  package var places: [Place: Observed]
  /// Digests whose objects stand in the store, of those that matter.
  package var stored: Set<Digest>
  /// Places whose content was read and is another one than their time and size tell.
  package var forged: Set<Place> = []
  /// Placed files that tools may write to, and have.
  package var edited: Set<Place> = []
  /// Places whose files tools may write to, and that still share their bytes with the store.
  package var shared: Set<Place> = []
  /// Digests whose objects are so.
  package var damaged: Set<Digest> = []
  /// Bytes that an interrupted fetch left in the store, by digest.
  package var partial: [Digest: ByteCount]
  /// Free bytes on the store's file system; `nil` when it could not be told.
  package var free: ByteCount?
  /// How large that file system is.
  package var total: ByteCount?
  /// What is to stay free there.
  package var reserve = ByteCount.zero
  /// How the trees' files will refer to the store.
  package var linking: Linking
  /// Whether the store takes the user's own files as further names of them.
  package var adoptsByLink = false

  package init(
    places: [Place: Observed] = [:], stored: Set<Digest> = [],
    partial: [Digest: ByteCount] = [:], free: ByteCount? = nil, linking: Linking = Linking()
  ) {
    self.places = places
    self.stored = stored
    self.partial = partial
    self.free = free
    self.linking = linking
  }
}

/// What placing costs beside the objects, by tree and by collection.
package struct Linking: Sendable, Equatable {
  /// Trees on another file system than the store.
  package var apart: Set<TreeName>
  /// Trees where placing writes the bytes once more (`link: copy`).
  package var copying: Set<TreeName>
  /// Trees that get symbolic links although nobody asked for them.
  package var symbolic: Set<TreeName>
  /// Trees whose file system is the store's and shares extents between files.
  package var reflinking: Set<TreeName> = []
  /// Trees that get symbolic links because the store's files are another user's.
  package var refused: Set<TreeName> = []
  /// The store's path where it may be read and not written to.
  package var readOnlyStore: AbsolutePath?
  /// Collections that have a `link:` of their own, and whether it is `copy`.
  package var collections: [String: Bool]

  package init(
    apart: Set<TreeName> = [], copying: Set<TreeName> = [], symbolic: Set<TreeName> = [],
    collections: [String: Bool] = [:]
  ) {
    self.apart = apart
    self.copying = copying
    self.symbolic = symbolic
    self.collections = collections
  }

  /// Whether placing this entry in this tree writes its bytes once more. Of several collections
  /// that ask for it the first by name decides.
  func copies(_ entry: Entry, in tree: TreeName) -> Bool {
    if entry.file.isEditable { return !reflinking.contains(tree) }
    return entry.file.collections.lazy.compactMap { collections[$0] }.first
      ?? copying.contains(tree)
  }
}
