package import CatalogueModel
package import Core

/// What the manifest comes to against the catalogue and what was there before: the wanted world,
/// and everything that keeps it from being wanted whole.
package struct Resolution: Sendable {
  /// All that shall be placed, sorted; each with its places, collections and state.
  package var entries: [Entry]
  package var blocked: [BlockedEntry]
  /// Files whose content a creator replaced inside a version, and that need the user's word.
  package var replaced: [ReplacedFile]
  /// Known entries that an edit of the manifest no longer selects, as they were recorded.
  package var deselected: [Entry]
  /// Known entries that nothing removes but the user's word, as they were recorded.
  package var pruned: [Entry] = []
  /// Known entries that go because a newer version is placed and the manifest says so, each with
  /// the identity of that successor.
  package var succeeded: [Succession]
  package var notes: [ResolutionNote]
  /// Selectors that the catalogue could not answer.
  package var unanswered: [UnansweredSelector]

  package init(
    entries: [Entry] = [], blocked: [BlockedEntry] = [], replaced: [ReplacedFile] = [],
    deselected: [Entry] = [], succeeded: [Succession] = [], notes: [ResolutionNote] = [],
    unanswered: [UnansweredSelector] = []
  ) {
    self.entries = entries
    self.blocked = blocked
    self.replaced = replaced
    self.deselected = deselected
    self.succeeded = succeeded
    self.notes = notes
    self.unanswered = unanswered
  }
}

/// A file slot whose content is another one upstream than the one that is kept.
package struct ReplacedFile: Sendable, Equatable {
  package var key: FileKey
  package var title: String
  package var kept: Digest
  package var offered: Digest

  package init(key: FileKey, title: String, kept: Digest, offered: Digest) {
    self.key = key
    self.title = title
    self.kept = kept
    self.offered = offered
  }
}

package struct Succession: Sendable, Equatable {
  package var old: Entry
  package var successor: EntryIdentity

  package init(old: Entry, successor: EntryIdentity) {
    self.old = old
    self.successor = successor
  }
}

/// Something worth knowing that changes nothing by itself.
package enum ResolutionNote: Sendable, Hashable {
  /// The site now calls it otherwise; the placed name stays.
  case renamed(ModelID, from: String, to: String)
  /// The layout has no folder for this type.
  case unknownFolder(type: String, folder: String)
  /// A later endpoint answered: nothing is added or withdrawn on its word.
  case fallbackAnswered(selector: String, held: Int)
  /// A model that is named by id does not pass the collection's own filters, or the defaults';
  /// `by` is the key of the filter.
  case filteredOut(ModelID, collection: String, by: String)
  /// The newest version that upstream still shows is older than the one that is kept.
  case olderOffered(ModelID, kept: String, offered: String)
  case unknownUser(String, collection: String)
  /// In early access, and tried all the same because a token is at hand.
  case gateTried(ModelID, title: String, until: Timestamp?)
  /// Files of a collection with a budget whose length the catalogue does not tell.
  case lengthUnknown(collection: String, files: Int)
  /// What is placed and would not be let in today. It stays.
  case policyUnmet([PolicyShortfall])
  /// Protected entries that nothing asks for any more; the first by its title.
  case protectedStay(title: String, more: Int)
  /// Protected entries that the snapshot which is gone back to does not have.
  case protectedKept(title: String, more: Int)
  /// Files that tools may write to, and have; the first by its title.
  case editedStay(title: String, more: Int)
  /// A tree that the store cannot share its files with.
  case linkedOtherwise(TreeName, copies: Bool, bytes: ByteCount)
  /// Hard links to the store's files, which are another user's, are refused to this one.
  case storeOfAnother(TreeName)
  /// The store can be read and not written to: the plan cannot be carried out.
  case storeReadOnly(AbsolutePath)
  /// A note of a plan that was saved: its words are kept, not what they were made of.
  case told(code: String, ModelID?, text: String)

  /// One line for a person.
  package var text: String {
    switch self {
    case .renamed(let id, let from, let to):
      "model \(id) is now called `\(to)` upstream; it keeps the name `\(from)` here"
    case .unknownFolder(let type, let folder):
      "the layout has no folder for type `\(type)`; it goes to `\(folder)`"
    case .fallbackAnswered(let selector, let held):
      "a fallback endpoint answered for \(selector): nothing is added or withdrawn on its word"
        + (held > 0 ? " (\(held) held back)" : "")
    case .filteredOut(let id, let collection, let by):
      "model \(id) of collection `\(collection)` does not pass its `\(by)`, and is left out"
    case .olderOffered(let id, let kept, let offered):
      "model \(id): upstream's newest is `\(offered)`, older than `\(kept)`, which is kept"
    case .gateTried(_, let title, let until):
      "`\(title)` is in early access" + (until.map { " until \($0.day)" } ?? "")
        + "; it is tried because a token is set, and may be refused"
    case .lengthUnknown(let collection, let files):
      "the site does not tell how long \(files) \(files == 1 ? "file" : "files") of collection "
        + "`\(collection)` \(files == 1 ? "is: it counts" : "are: they count") as nothing in its "
        + "`budget`"
    case .policyUnmet(let rules):
      "placed before, and kept although the policy would not let them in today: "
        + rules.map(\.text).joined(separator: ", ")
    case .protectedStay(let title, let more):
      "protected: `\(title)`" + (more > 0 ? " and \(more) more" : "")
        + " \(more > 0 ? "stay" : "stays") although nothing asks for \(more > 0 ? "them" : "it"); "
        + "`civsync unprotect` gives \(more > 0 ? "them" : "it") free"
    case .protectedKept(let title, let more):
      "protected: `\(title)`" + (more > 0 ? " and \(more) more" : "")
        + " \(more > 0 ? "stay" : "stays") although that snapshot does not have "
        + "\(more > 0 ? "them" : "it"); `civsync unprotect` gives \(more > 0 ? "them" : "it") free"
    case .editedStay(let title, let more):
      "`\(title)`" + (more > 0 ? " and \(more) more were" : " was")
        + " edited, and \(more > 0 ? "stay" : "stays") so (`editable`); to have "
        + "\(more > 0 ? "one" : "it") as it came, delete the file and apply"
    case .linkedOtherwise(let tree, let copies, let bytes):
      copies
        ? "tree `\(tree)` gets copies: \(bytes) are written there once more"
        : "tree `\(tree)` is on another file system than the store and gets symbolic links"
    case .storeOfAnother(let tree):
      "tree `\(tree)` gets symbolic links: the store's files are another user's, and hard links to them are refused"
    case .storeReadOnly(let path):
      "the store `\(path)` may be read and not written to: `civsync apply` will end before it changes "
        + "anything; mount its disk writable, or have its folders given to this user"
    case .told(_, _, let text): text
    case .unknownUser(let name, let collection):
      "the site knows no creator `\(name)` (collection `\(collection)`); what is known of them stays"
    }
  }
}

/// How many placed files a rule of the policy would not let in.
package struct PolicyShortfall: Sendable, Hashable {
  /// `policy.formats`.
  package var rule: String
  package var files: Int

  package init(rule: String, files: Int) {
    self.rule = rule
    self.files = files
  }

  var text: String {
    rule == "policy.maxTotal"
      ? "all \(files) together are over `\(rule)`"
      : "\(files) \(files == 1 ? "does" : "do") not meet `\(rule)`"
  }
}

extension ResolutionNote {
  /// A stable word for programs, and the model that it is about.
  package var coded: (code: String, model: ModelID?) {
    switch self {
    case .renamed(let id, _, _): ("renamed", id)
    case .unknownFolder: ("unknown-folder", nil)
    case .fallbackAnswered: ("fallback-answered", nil)
    case .filteredOut(let id, _, _): ("filtered-out", id)
    case .olderOffered(let id, _, _): ("older-offered", id)
    case .gateTried(let model, _, _): ("gate-tried", model)
    case .unknownUser: ("unknown-user", nil)
    case .lengthUnknown: ("length-unknown", nil)
    case .policyUnmet: ("policy-unmet", nil)
    case .protectedStay: ("protected-stay", nil)
    case .protectedKept: ("protected-kept", nil)
    case .editedStay: ("edited-stay", nil)
    case .linkedOtherwise: ("linked-otherwise", nil)
    case .storeOfAnother: ("store-of-another", nil)
    case .storeReadOnly: ("store-read-only", nil)
    case .told(let code, let model, _): (code, model)
    }
  }
}

package struct UnansweredSelector: Sendable, Hashable {
  /// `user \`name\``, `model 123`.
  package var selector: String
  package var reason: String

  package init(selector: String, reason: String) {
    self.selector = selector
    self.reason = reason
  }
}

/// What resolution needs beside manifest and catalogue.
package struct ResolutionContext: Sendable {
  /// The former lock's or snapshot's entries.
  package var former: [Entry]
  /// The manifest is another one than the former entries were recorded with: only then may any of
  /// them be deselected.
  package var isEdited: Bool
  /// Former entries that only the lock has: no edit is needed to leave out what the manifest does
  /// not select of them.
  package var unplaced: Set<EntryIdentity> = []
  /// A token is at hand: what needs one may be tried.
  package var hasToken: Bool
  /// Final refusals that earlier runs met and that still hold.
  package var refusals: [EntryIdentity: BlockedReason]
  /// Whether the user takes what a creator put in this entry's place.
  package var accepts: @Sendable (Entry) -> Bool
  /// Whether the store already has an object.
  package var isStored: @Sendable (Digest) -> Bool

  package init(
    former: [Entry] = [], isEdited: Bool = true, hasToken: Bool = false,
    refusals: [EntryIdentity: BlockedReason] = [:],
    accepts: @escaping @Sendable (Entry) -> Bool = { _ in false },
    isStored: @escaping @Sendable (Digest) -> Bool = { _ in false }
  ) {
    self.accepts = accepts
    self.isStored = isStored
    self.former = former
    self.isEdited = isEdited
    self.hasToken = hasToken
    self.refusals = refusals
  }
}
