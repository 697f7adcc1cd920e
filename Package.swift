// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled under the same strict rules; see Docs/Decisions/0001-house.md.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "civsync",
  products: [
    .executable(name: "civsync", targets: ["civsync"]),
    .executable(name: "civitai-sandbox", targets: ["civitai-sandbox"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.5.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.10.0"),
  ],
  targets: [
    // Layer 0: C libraries and words.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    target("Core"),
    target("Diagnostics"),

    // Layer 1: one outside world each.
    target("SystemIO", ["CLinux", "Core", crypto]),
    target("YAMLSource", ["CYAML", "Diagnostics"]),
    target("Transfer", ["CCurl", "Core"]),
    target("GitStore", ["CGit2", "SystemIO", "Core"]),
    target("Deflate", ["CZlib"]),
    target("CatalogueModel", ["Core"]),

    // Layer 2: the product's nouns.
    target("ManifestModel", ["YAMLSource", "Diagnostics", "Core"]),
    target("Civitai", ["Transfer", "CatalogueModel", "Core"]),
    target("ContentStore", ["SystemIO", "Core"]),
    target("Tree", ["SystemIO", "Core"]),
    target("Index", ["SystemIO", "Deflate", "Core", grdb]),

    // Layer 3: decisions, and their record.
    target("Resolution", ["ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    target("Planning", ["Resolution", "ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    target("Sidecars", ["CatalogueModel", "Core"]),
    target("History", ["GitStore", "SystemIO", "CatalogueModel", "Core"]),

    // Layer 4 to 6: the engine, the command line, the program.
    target(
      "Engine",
      [
        "Core", "Diagnostics", "SystemIO", "YAMLSource", "Transfer", "GitStore", "Deflate",
        "CatalogueModel", "ManifestModel", "Civitai", "ContentStore", "Tree", "Index",
        "Resolution", "Planning", "Sidecars", "History",
      ]),
    target(
      "CivsyncCLI",
      [
        "Engine", "ContentStore", "Core", "Diagnostics", "SystemIO", "CatalogueModel",
        "ManifestModel", "Civitai", "Resolution", "Planning", "GitStore", "Transfer", arguments,
      ]),
    .executableTarget(
      name: "civsync", dependencies: ["CivsyncCLI", "Core"], swiftSettings: strict),

    // The sandbox Civitai, for the quickstart, tests and benchmarks.
    target("CivitaiSandbox", ["Core", hummingbird, crypto]),
    .executableTarget(
      name: "civitai-sandbox", dependencies: ["CivitaiSandbox", arguments], swiftSettings: strict),

    // One test target for each room; `EngineTests` and `CivsyncCLITests` run whole stories against
    // the sandbox.
    tests("ArchitectureTests", []),
    tests("DiagnosticsTests", ["Diagnostics"]),
    tests("DeflateTests", ["Deflate"]),
    .target(
      name: "ProgramTestSupport", dependencies: ["CLinux"], path: "Tests/ProgramTestSupport",
      swiftSettings: strict),
    .target(
      name: "DiskTestSupport", dependencies: ["ProgramTestSupport", "SystemIO", "Core"],
      path: "Tests/DiskTestSupport", swiftSettings: strict),
    .target(name: "ClockTestSupport", path: "Tests/ClockTestSupport", swiftSettings: strict),
    tests("SystemIOTests", ["DiskTestSupport", "ProgramTestSupport", "SystemIO", "Core"]),
    tests("YAMLSourceTests", ["YAMLSource", "Diagnostics"]),
    tests("TransferTests", ["ClockTestSupport", "ProgramTestSupport", "Transfer", "Core"]),
    tests("GitStoreTests", ["ProgramTestSupport", "GitStore", "SystemIO", "Core"]),
    tests("CatalogueModelTests", ["CatalogueModel", "Core"]),
    tests("ManifestModelTests", ["ManifestModel", "YAMLSource", "Diagnostics", "Core"]),
    tests(
      "CivitaiTests", ["ClockTestSupport", "Civitai", "Transfer", "CatalogueModel", "Core"]),
    tests("ContentStoreTests", ["DiskTestSupport", "ContentStore", "SystemIO", "Core"]),
    tests("TreeTests", ["DiskTestSupport", "Tree", "ContentStore", "SystemIO", "Core"]),
    tests("IndexTests", ["Index", "SystemIO", "Core", grdb]),
    tests(
      "ResolutionTests", ["Resolution", "ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    tests(
      "PlanningTests",
      ["Planning", "Resolution", "ManifestModel", "CatalogueModel", "Diagnostics", "Core"]),
    tests("SidecarsTests", ["Sidecars", "CatalogueModel", "Core"]),
    tests("HistoryTests", ["ProgramTestSupport", "History", "GitStore", "CatalogueModel", "Core"]),
    tests(
      "EngineTests",
      [
        "Engine", "Civitai", "Deflate", "Tree", "Planning", "Resolution", "CatalogueModel",
        "Diagnostics", "GitStore", "History", "ManifestModel", "SystemIO", "Core",
      ]),
    tests("CivitaiSandboxTests", ["CivitaiSandbox", "Core", crypto]),
    tests(
      "CivsyncCLITests",
      [
        "ClockTestSupport", "DiskTestSupport", "ProgramTestSupport", "CivsyncCLI", "Engine",
        "CivitaiSandbox",
        "ContentStore", "ManifestModel", "Planning", "Resolution", "CatalogueModel", "Diagnostics",
        "GitStore", "History", "SystemIO", "Core",
      ]),
  ]
)
