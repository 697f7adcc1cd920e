/// What a target may import. Imports run downwards only.
struct Row {
  let layer: Int
  let target: String
  /// Targets of this package.
  let own: Set<String>
  /// Products of other packages, as Package.swift names them.
  let products: Set<String>
  /// Modules that come with the toolchain.
  let system: Set<String>
  /// Whether it has to do with nothing but values: no system module, no product.
  var isPure: Bool { products.isEmpty && system.isEmpty }

  init(
    _ layer: Int, _ target: String, _ own: Set<String> = [], products: Set<String> = [],
    system: Set<String> = []
  ) {
    self.layer = layer
    self.target = target
    self.own = own
    self.products = products
    self.system = system
  }
}

/// The house: see Docs/Architecture.md and Docs/Decisions/0001-house.md. Where it proves wrong,
/// change it together with both and with Package.swift.
///
/// A row says what a target may import; Package.swift declares what it does import. Glibc is for
/// the targets that wrap one outside world each, for the sandbox, which is one, and for the
/// programs' entries. Everybody else asks SystemIO.
enum House {
  static let rows: [Row] = [
    Row(0, "CYAML"), Row(0, "CCurl"), Row(0, "CGit2"), Row(0, "CZlib"),
    Row(0, "CLinux"),
    Row(0, "Core"),
    Row(0, "Diagnostics"),

    Row(
      1, "SystemIO", ["CLinux", "Core"], products: ["SystemPackage", "Crypto"],
      system: ["Glibc", "Dispatch"]),
    Row(1, "YAMLSource", ["CYAML", "Diagnostics"], system: ["Glibc"]),
    Row(1, "Transfer", ["CCurl", "Core"], system: ["Glibc"]),
    Row(1, "GitStore", ["CGit2", "SystemIO", "Core"], system: ["Glibc"]),
    Row(1, "Deflate", ["CZlib"]),
    Row(1, "CatalogueModel", ["Core"]),

    Row(2, "ManifestModel", ["YAMLSource", "Diagnostics", "Core"]),
    Row(2, "Civitai", ["Transfer", "CatalogueModel", "Core"]),
    Row(2, "ContentStore", ["SystemIO", "Core"], system: ["FoundationEssentials"]),
    Row(2, "Tree", ["SystemIO", "Core"], system: ["FoundationEssentials"]),
    Row(
      2, "Index", ["SystemIO", "Deflate", "Core"], products: ["GRDB"],
      system: ["FoundationEssentials"]),

    Row(3, "Resolution", ["ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    Row(3, "Planning", ["Resolution", "ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    Row(3, "Sidecars", ["CatalogueModel", "Core"]),
    Row(3, "History", ["GitStore", "SystemIO", "CatalogueModel", "Core"]),

    Row(
      4, "Engine",
      [
        "Core", "Diagnostics", "SystemIO", "YAMLSource", "Transfer", "GitStore", "Deflate",
        "CatalogueModel", "ManifestModel", "Civitai", "ContentStore", "Tree", "Index",
        "Resolution", "Planning", "Sidecars", "History",
      ], products: ["Logging"], system: ["FoundationEssentials", "Synchronization"]),
    Row(
      5, "CivsyncCLI",
      [
        "Core", "Diagnostics", "SystemIO", "YAMLSource", "Transfer", "GitStore", "CatalogueModel",
        "ManifestModel", "Civitai", "ContentStore", "Tree", "Index", "Resolution", "Planning",
        "Sidecars", "History", "Engine",
      ], products: ["ArgumentParser", "Logging"],
      system: ["FoundationEssentials", "Dispatch", "Synchronization"]),
    Row(6, "civsync", ["CivsyncCLI", "Core"], system: ["Glibc", "Dispatch", "Synchronization"]),

    // The sandbox stands beside the house: nothing in the house imports it.
    Row(
      5, "CivitaiSandbox", ["Core"], products: ["Hummingbird", "Crypto"],
      system: ["Glibc", "FoundationEssentials"]),
    Row(
      6, "civitai-sandbox", ["CivitaiSandbox"], products: ["ArgumentParser"],
      system: ["Glibc", "FoundationEssentials", "Dispatch"]),
  ]

  static let wrappers: Set = [
    "SystemIO", "YAMLSource", "Transfer", "GitStore", "CivitaiSandbox", "civsync",
    "civitai-sandbox",
  ]
  static let cLibraries: Set = ["CYAML", "CCurl", "CGit2", "CZlib", "CLinux"]

  /// The modules that come with a product, its dependencies' included.
  static func modules(of product: String) -> Set<String> {
    switch product {
    case "Hummingbird":
      [
        "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOPosix", "NIOHTTPTypes",
        "NIOHTTP1", "NIOConcurrencyHelpers", "ServiceLifecycle", "Logging",
      ]
    default: [product]
    }
  }

  static func row(_ target: String) -> Row? { rows.first { $0.target == target } }
}
