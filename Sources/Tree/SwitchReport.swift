package import Core
package import SystemIO

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
    /// Nothing stands in the way: what should come there is not to be had.
    package let lacksContent: Bool
    /// The step's place has what it should; it is the one that was to be left that stays as it is.
    package let leavesOld: Bool

    /// The one that stays as it is.
    package var place: Place { leavesOld ? step.from ?? step.place : step.place }

    package init(
      step: SwitchStep, why: String, lacksContent: Bool = false, leavesOld: Bool = false
    ) {
      self.leavesOld = leavesOld
      self.step = step
      self.why = why
      self.lacksContent = lacksContent
    }
  }

  /// Files of a tree that are not linked as they should be, because that did not work for them.
  package struct Fallback: Hashable, Sendable {
    package let tree: TreeName
    package let wanted: LinkKind
    package let made: LinkKind
    package var files = 1
    /// Why, of the first of them.
    package let why: SystemError
  }

  /// Places that hold what they should, and by which kind of link where it was made now.
  package var placed: [Place: LinkKind] = [:]
  package var removed: Set<Place> = []
  package var aside: [Aside] = []
  package var kept: [Kept] = []
  package var fallbacks: [Fallback] = []

  package init() {}
}
