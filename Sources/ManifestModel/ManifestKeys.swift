internal import Core

/// What the decoder knows, for those who must know the same: the schema that editors read, and the
/// test that holds the two together.
package enum ManifestKeys {
  /// The keys of each kind of map, by its name in the schema's `$defs`; the whole file is
  /// `manifest`.
  package static let byMap: [String: [String]] = [
    "manifest": Decoder.keys,
    "source": Decoder.sourceKeys,
    "transfer": Decoder.transferKeys,
    "limits": Decoder.limitsKeys,
    "defaults": Decoder.defaultKeys,
    "collection": Decoder.collectionKeys,
    "exclude": Decoder.excludeKeys,
    "tags": Decoder.tagKeys,
    "model": Decoder.modelKeys,
    "files": Decoder.fileKeys,
    "only": Decoder.onlyKeys,
    "policy": Decoder.policyKeys,
    "tree": Decoder.treeKeys,
    "object": Decoder.objectKeys,
    "limit": Decoder.limitKeys,
    "budget": Decoder.budgetKeys,
    "rules": Decoder.rulesKeys,
    "keep": Decoder.keepKeys,
    "check": Decoder.checkKeys,
  ]

  /// The choices of each fixed set of words, by its name in the schema's `$defs`.
  package static let choices: [String: [String]] = [
    "preset": LayoutPreset.allCases.map(\.rawValue),
    "link": LinkPreference.allCases.map(\.rawValue),
    "onFailure": FailureRule.allCases.map(\.rawValue),
    "scan": ScanPolicy.allCases.map(\.rawValue),
    "superseded": SupersededRule.allCases.map(\.rawValue),
    "replaced": ReplacedRule.allCases.map(\.rawValue),
    "size": FileSize.allCases.map(\.rawValue),
    "nsfw": NsfwCeiling.allCases.map(\.rawValue),
    "policyWord": Decoder.policyWords,
    "order": TakeOrder.allCases.map(\.rawValue),
    "fetchOrder": FetchRule.allCases.map(\.rawValue),
    "sidecar": CompanionKind.sidecars.map(\.rawValue),
    "commercialUse": CommercialUse.allCases.map(\.rawValue),
    "keptTags": KeptTags.allCases.map(\.rawValue),
  ]

  /// Words of the catalogue that civsync knows today, by their name in the schema's `$defs`; others
  /// are taken too.
  package static let openWords: [String: [String]] = [
    "modelType": SiteWords.modelTypes,
    "fileType": SiteWords.fileTypes,
    "format": SiteWords.formats,
  ]
}
