package import Core

/// What a switch did, beyond what its plan had said.
package struct SwitchReport: Hashable, Sendable {
  /// A file of the user's that made way.
  package struct Aside: Hashable, Sendable {
    package let place: Place
    /// Where it is now.
    package let path: AbsolutePath
    /// The plan had not said so: it changed between the plan and the switch.
    package let isSurprise: Bool
  }

  /// Something in the way that was left where it is, so the step was not done.
  package struct Kept: Hashable, Sendable {
    package let step: SwitchStep
    package let why: String

    package init(step: SwitchStep, why: String) {
      self.step = step
      self.why = why
    }
  }

  /// Places that hold what they should, and by which kind of link where it was made now.
  package var placed: [Place: LinkKind] = [:]
  package var removed: Set<Place> = []
  package var aside: [Aside] = []
  package var kept: [Kept] = []

  package init() {}
}
