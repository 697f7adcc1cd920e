package import Core

/// What a verification found.
package struct VerifyReport: Sendable, Equatable {
  /// In which way an object is not what its name says.
  package enum Kind: String, Sendable, CaseIterable {
    /// Other content, although size and time are those that it was published with.
    case rot = "bit-rot"
    /// Other content, and size or time tell that it was written to.
    case edited
    /// It has lost its end.
    case truncated
    case unreadable
    /// A folder, a link, or something else stands at its name.
    case notAFile = "not-a-file"
    /// The last snapshot needs it, and the store does not have it.
    case missing
  }

  /// How a place stands to the object that it was made from.
  package enum Standing: String, Sendable {
    /// It is the object's own file or a link to it: whoever opens it meets the damage.
    case shared
    /// It has bytes of its own, and they look as they were placed.
    case own
    case changed
    case absent
  }

  package struct Shown: Sendable, Equatable {
    package var place: Place
    package var standing: Standing

    package init(place: Place, standing: Standing) {
      self.place = place
      self.standing = standing
    }
  }

  package struct Damage: Sendable, Equatable {
    package var digest: Digest
    package var kind: Kind
    /// What is there; `nil` where no file is.
    package var bytes: Int64?
    /// What should be, where that is known.
    package var expectedBytes: Int64?
    /// What the system says of an unreadable one.
    package var reason: String?
    /// The places that the last snapshot made from it.
    package var places: [Shown] = []

    package init(digest: Digest, kind: Kind) {
      self.digest = digest
      self.kind = kind
    }
  }

  /// Something about a sound object that is not as it should be.
  package struct Remark: Sendable, Equatable {
    package enum Kind: String, Sendable {
      /// Others than read-only for everybody.
      case permissions
      /// The content is right, and the time does not say so: each look has to read it.
      case time
    }

    package var digest: Digest
    package var kind: Kind
    package var mode: UInt32?

    package init(digest: Digest, kind: Kind, mode: UInt32? = nil) {
      self.digest = digest
      self.kind = kind
      self.mode = mode
    }
  }

  package struct Stray: Sendable, Equatable {
    /// Below the store.
    package var path: String
    package var bytes: Int64?
    /// Civsync's own, left by a run that was killed.
    package var isTemporary: Bool

    package init(path: String, bytes: Int64?, isTemporary: Bool) {
      self.path = path
      self.bytes = bytes
      self.isTemporary = isTemporary
    }
  }

  package struct Sample: Sendable, Equatable {
    package var share: Double
    package var seed: UInt64

    package init(share: Double, seed: UInt64) {
      self.share = share
      self.seed = seed
    }
  }

  /// A tree whose places were not looked at.
  package struct LeftOut: Sendable, Equatable {
    package var tree: TreeName
    package var root: AbsolutePath
    package var why: String

    package init(tree: TreeName, root: AbsolutePath, why: String) {
      self.tree = tree
      self.root = root
      self.why = why
    }
  }

  package var store: AbsolutePath
  /// In the store, read or not.
  package var objects = 0
  package var bytes = ByteCount.zero
  package var read = 0
  package var readBytes = ByteCount.zero
  package var sound = 0
  /// By digest.
  package var damaged: [Damage] = []
  package var remarks: [Remark] = []
  package var strays: [Stray] = []
  package var setAside = 0
  package var sample: Sample?
  /// The time was over before everything was read that should be.
  package var isOutOfTime = false
  /// It was interrupted.
  package var isStopped = false
  /// Objects that no run has found sound as they look now.
  package var neverRead = 0
  /// When the one that waits longest was last found sound; seconds since 1970.
  package var oldest: Int64?
  package var leftOut: [LeftOut] = []
  package var seconds = 0.0
  /// What an interrupted apply left to be finished, in words.
  package var pending: String?

  package init(store: AbsolutePath) { self.store = store }

  /// Damaged objects come before everything but an interruption.
  package var exit: CommandExit {
    if isStopped { return .interrupted }
    return damaged.isEmpty ? .ok : .verificationFailed
  }
}
