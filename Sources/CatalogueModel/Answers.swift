package import Core

/// What a manifest needs to know from the catalogue.
package struct CatalogueQuery: Sendable, Equatable {
  package var users: Set<String>
  package var models: Set<ModelID>
  package var versions: Set<VersionID>
  /// What the account has marked as favorite: needs a token.
  package var favorites: Bool
  /// Descriptions, trigger words, pictures and the answer's own text are wanted too.
  package var details: Bool

  package init(
    users: Set<String> = [], models: Set<ModelID> = [], versions: Set<VersionID> = [],
    favorites: Bool = false, details: Bool = false
  ) {
    self.favorites = favorites
    self.details = details
    self.users = users
    self.models = models
    self.versions = versions
  }

  package var isEmpty: Bool { users.isEmpty && models.isEmpty && versions.isEmpty && !favorites }
}

/// What the catalogue said, with everything that it could not say.
package struct CatalogueAnswers: Sendable {
  /// By the name as it was asked for.
  package var users: [String: Listing]
  /// `nil` when they were not asked for.
  package var favorites: Listing?
  /// Every model that was asked for by id, and every model that owns a version asked for.
  package var models: [ModelID: ModelAnswer]
  /// The owner of each version that was asked for by id.
  package var versions: [VersionID: VersionAnswer]
  package var oddities: [CatalogueOddity]
  /// What the answers have that is new to civsync.
  package var news: [SiteNews: NewsCount] = [:]
  /// How many API calls it took.
  package var calls: Int
  /// What was known from earlier runs and was not asked again.
  package var kept = KeptCount()

  package init(
    users: [String: Listing] = [:], favorites: Listing? = nil,
    models: [ModelID: ModelAnswer] = [:], versions: [VersionID: VersionAnswer] = [:],
    oddities: [CatalogueOddity] = [], calls: Int = 0
  ) {
    self.users = users
    self.favorites = favorites
    self.models = models
    self.versions = versions
    self.oddities = oddities
    self.calls = calls
  }
}

/// How many answers of earlier runs served, and the age of the oldest in seconds.
package struct KeptCount: Sendable, Equatable {
  package var answers = 0
  package var oldest: Int64 = 0

  package init(answers: Int = 0, oldest: Int64 = 0) {
    self.answers = answers
    self.oldest = oldest
  }
}

/// The models of one creator, or an account's favorites.
package enum Listing: Sendable {
  /// All pages were read. `fromFallback`: a later endpoint answered, which may know less.
  case complete([Model], fromFallback: Bool)
  /// Some pages are missing: what is here is true, what is not here is unknown.
  case partial([Model], reason: String, fromFallback: Bool)
  case notFound
  /// The site does not show it to this account, or to none.
  case refused(BlockedReason)
  case unavailable(reason: String)
}

package enum ModelAnswer: Sendable {
  case found(Model, fromFallback: Bool)
  /// 404 on the model itself from every endpoint, twice.
  case gone
  /// Not known: the site could not be reached, or did not answer sensibly.
  case unavailable(reason: String)
  /// The site serves nobody in this region (451), and no other endpoint shows it.
  case region
}

package enum VersionAnswer: Sendable {
  case found(ModelID, downloadsDisabled: Bool)
  case gone
  case region
  case unavailable(reason: String)
}

/// Something in an answer that the client did not expect and went on without.
package struct CatalogueOddity: Sendable, Hashable {
  /// `model 21`, `model 21, version 30, file 4`.
  package var subject: String
  package var field: String
  /// What was found and what came of it, for a person.
  package var message: String

  package init(subject: String, field: String, message: String) {
    self.subject = subject
    self.field = field
    self.message = message
  }
}
