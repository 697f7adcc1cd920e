/// Changes that several made files share.
enum Quirks {
  static func prunedHalf(_ file: inout FileRecord) {
    file.size = "pruned"
    file.fp = "fp16"
  }
}

/// `tinker`, first half: shapes and names that a decoder and a tree must stand.
enum TinkerShapes {
  static let name = "tinker"

  static func models() -> [ModelRecord] {
    [
      oldLicence, listLicence, nulls, orphan, unknown, order, twins, suffixed, reserved, japanese,
      long,
    ]
  }

  private static let oldLicence = ModelRecord.made(
    1401, "Old Licence", "LORA", by: name, tags: ["style"],
    [.version("v1", "SD 1.5", "2023-05-05", [.named("old_licence.safetensors", 120)])]
  ) { $0.commercialUse = .text("Sell") }

  private static let listLicence = ModelRecord.made(
    1402, "List Licence", "LORA", by: name, tags: ["style"],
    [.version("v1", "SDXL 1.0", "2026-05-05", [.named("list_licence.safetensors", 130)])]
  ) { $0.commercialUse = .literal(["Image", "RentCivit"]) }

  private static let nulls = ModelRecord.made(
    1403, "Nothing Known", "LORA", by: name,
    [
      .version("v1", "SDXL 1.0", "2025-05-06", [.named("nothing_known.safetensors", 140)]) {
        $0.nulls = [
          "description", "stats", "trainedWords", "baseModelType", "publishedAt", "images",
          "updatedAt", "nsfwLevel",
        ]
        $0.publishedAt = nil
        $0.files[0].metadata = .null
        $0.files[0].scannedAt = nil
        $0.files[0].pickleScan = nil
        $0.files[0].virusScan = nil
      },
      .version("v0", "SDXL 1.0", "2025-05-01", [.named("nothing_known_v0.safetensors", 100)]) {
        $0.files[0].metadata = [:]
        $0.nulls = ["files.primary", "createdAt"]
      },
    ]
  ) {
    $0.creatorImage = nil
    $0.description = nil
    $0.nulls = ["stats", "tags", "mode", "supportsGeneration", "userId", "cosmetic"]
  }

  private static let orphan = ModelRecord.made(
    1404, "Orphan Style", "LORA", by: nil, tags: ["style"],
    [
      .version("v1", "SD 1.5", "2024-02-29", [.named("orphan_style.safetensors", 150)]) {
        $0.files[0].metadata = ["format": nil, "size": nil, "fp": nil]
      }
    ])

  private static let unknown = ModelRecord.made(
    1405, "Tomorrow Scene", "HoloScene", by: name, tags: ["future"],
    [
      .version("v1", "Nebula 1", "2026-08-08", [.file(160) { $0.type = "Hologram" }]) {
        $0.extras = [
          JSON.Member(key: "holoDepth", value: ["unit": "mm", "range": [0, 12.5.json]])
        ]
      }
    ]
  ) {
    $0.extras = [
      JSON.Member(key: "remixPolicy", value: ["allow": ["holo"], "until": nil]),
      JSON.Member(key: "quorum", value: 3),
    ]
  }

  private static let order = ModelRecord.made(
    1406, "Own Order", "LORA", by: name, tags: ["style"],
    [
      .version("classic", "SD 1.5", "2024-01-10", [.named("own_order_classic.safetensors", 110)]),
      .version("newest", "SDXL 1.0", "2026-07-01", [.named("own_order_newest.safetensors", 170)]),
      .version("middle", "SDXL 1.0", "2025-06-01", [.named("own_order_middle.safetensors", 160)]),
    ])

  private static let twins = ModelRecord.made(
    1407, "Twin Names", "Checkpoint", by: name, tags: ["base model"],
    [
      .version(
        "v1", "SDXL 1.0", "2025-10-10",
        [
          .file(900, change: Quirks.prunedHalf),
          .file(1_800) {
            $0.size = "full"
            $0.fp = "fp32"
          },
        ])
    ])

  private static let suffixed = ModelRecord.made(
    1408, "Suffixed Names", "Checkpoint", by: name, tags: ["base model"],
    [
      .version(
        "v1", "SDXL 1.0", "2026-09-10",
        [
          .file(800, change: Quirks.prunedHalf),
          .file(1_600) {
            $0.size = "full"
            $0.fp = "fp32"
          },
        ]
      ) { $0.suffixesCollidingNames = true }
    ])

  private static let reserved = ModelRecord.made(
    1409, " A/B: <Test> * ..", "LORA", by: name, tags: ["style"],
    [
      .version(
        "v1/β", "SDXL 1.0", "2025-12-12", [.named(" ../../a:b<c>*?|\"d\".safetensors", 115)]),
      .version("..", "SDXL 1.0", "2025-12-01", [.named("..", 105)]),
      .version("CON", "SDXL 1.0", "2025-11-30", [.named("con.safetensors", 95)]),
    ])

  private static let japanese = ModelRecord.made(
    1410, "星空スタイル", "Checkpoint", by: name, tags: ["スタイル"],
    [
      .version("第二版", "Illustrious", "2026-02-02", [.named("星空_スタイル.safetensors", 700)]),
      .version("cafe\u{301}", "SDXL 1.0", "2025-02-02", [.named("cafe\u{301}.safetensors", 600)]),
    ])

  private static let long = ModelRecord.made(
    1411, String(repeating: "A Very Long Name ", count: 20), "LORA", by: name, tags: ["style"],
    [
      .version(
        "v1", "SDXL 1.0", "2025-03-30",
        [.named(String(repeating: "長い名前", count: 30) + ".safetensors", 125)])
    ])
}

extension Double {
  fileprivate var json: JSON { .decimal(self) }
}
