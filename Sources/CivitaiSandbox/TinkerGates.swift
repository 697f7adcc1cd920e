internal import Core

/// `tinker`, second half: files that are refused, linked, replaced, or not to be trusted.
enum TinkerGates {
  static let name = "tinker"

  static func models() -> [ModelRecord] {
    [
      paid, earlyAccess, archived, takenDown, disabled, linked, pickles, scans, unhashed, replaced,
      dates,
    ]
  }

  private static func lora(
    _ id: Int64, _ model: String, _ versions: [VersionDraft],
    change: (inout ModelRecord) -> Void = { _ in }
  ) -> ModelRecord {
    .made(id, model, "LORA", by: name, tags: ["style"], versions, change: change)
  }

  private static let paid = lora(
    1412, "Paid Access",
    [
      .version("permanent", "SDXL 1.0", "2026-07-07", [.named("paid_permanent.safetensors", 110)]) {
        $0.gate = .paid(permanent: true, endsAt: nil)
      },
      .version("open end", "SDXL 1.0", "2026-07-06", [.named("paid_open_end.safetensors", 111)]) {
        $0.gate = .paid(permanent: false, endsAt: nil)
      },
    ])

  private static let earlyAccess = lora(
    1413, "Early Access",
    [
      .version("2024 shape", "SDXL 1.0", "2026-06-01", [.named("early_2024.safetensors", 112)]) {
        $0.gate = .deadline("2099-06-01T00:00:00.000Z")
      },
      .version("2023 shape", "SD 1.5", "2026-05-01", [.named("early_2023.safetensors", 113)]) {
        $0.gate = .timeFrame(days: 14, until: "2099-05-15T00:00:00.000Z")
      },
    ])

  private static let archived = lora(
    1414, "Archived Style",
    [.version("v1", "SD 1.5", "2023-09-09", [.named("archived_style.safetensors", 114)])]
  ) { $0.mode = .archived }

  private static let takenDown = lora(
    1415, "Taken Down Style",
    [.version("v1", "SD 1.5", "2023-10-10", [.named("taken_down_style.safetensors", 115)])]
  ) { $0.mode = .takenDown }

  private static let disabled = lora(
    1416, "Generation Only",
    [
      .version("v2", "SDXL 1.0", "2026-04-04", [.named("generation_only.safetensors", 116)]) {
        $0.access = .downloadsDisabled
      },
      .version("v1", "SDXL 1.0", "2026-03-04", [.named("no_grant.safetensors", 117)]) {
        $0.access = .noGrant
      },
    ])

  private static let linked = ModelRecord.made(
    1417, "Linked Mix", "Checkpoint", by: name, tags: ["base model"],
    [
      .version(
        "v1", "SDXL 1.0", "2026-01-30",
        [
          .file(1_500, change: Quirks.prunedHalf),
          .file(800) {
            // The very file of `Borealis VAE` v1.0.
            $0 = Self.borealis
          },
        ])
    ])

  private static var borealis: FileRecord {
    var file = FileDraft.file(800).record(id: 100_411, modelType: "VAE")
    file.type = "VAE"
    file.ownName = "borealisVAE_v10.safetensors"
    file.linkedTo = 10_041
    return file
  }

  private static let pickles = ModelRecord.made(
    1418, "Pickled Mix", "Checkpoint", by: name, tags: ["base model"],
    [
      .version("zip", "SD 1.5", "2023-04-01", [.file(950, .zip(member: "archive/data.pkl"))]) {
        $0.files[0].fileExtension = "ckpt"
        $0.files[0].format = "PickleTensor"
      },
      .version("legacy", "SD 1.4", "2022-11-04", [.file(940, .pickle)]),
    ])

  private static let scans = lora(
    1419, "Scan Results",
    [
      .version("pending", "SDXL 1.0", "2026-09-25", [.named("scan_pending.safetensors", 118)]) {
        $0.files[0].pickleScan = "Pending"
        $0.files[0].virusScan = "Pending"
        $0.files[0].scannedAt = nil
      },
      .version("danger", "SDXL 1.0", "2026-09-24", [.file(119, .pickle)]) {
        $0.files[0].ownName = "scan_danger.ckpt"
        $0.files[0].pickleScan = "Danger"
      },
      .version("error", "SDXL 1.0", "2026-09-23", [.named("scan_error.safetensors", 120)]) {
        $0.files[0].virusScan = "Error"
      },
    ])

  private static let unhashed = lora(
    1420, "No Digest",
    [
      .version("partial", "SDXL 1.0", "2026-08-03", [.named("no_sha256.safetensors", 121)]) {
        $0.files[0].hashes = .withoutSHA256
      },
      .version("empty", "SDXL 1.0", "2026-08-02", [.named("empty_hashes.safetensors", 122)]) {
        $0.files[0].hashes = .empty
      },
      .version("absent", "SDXL 1.0", "2026-08-01", [.named("absent_hashes.safetensors", 123)]) {
        $0.files[0].hashes = .absent
      },
      .version("lower", "SDXL 1.0", "2026-07-31", [.named("lower_hashes.safetensors", 124)]) {
        $0.files[0].hashes = .lowerCase
      },
    ])

  private static let replaced = lora(
    1421, "Second Thoughts",
    [
      .version("replaced", "SDXL 1.0", "2026-05-20", [.named("second_thoughts.safetensors", 125)]) {
        $0.files[0].replacedAt = "2026-06-20T08:00:00.000Z"
        $0.files[0].generation = 1
      },
      .version("no size", "SDXL 1.0", "2026-05-19", [.named("no_size.safetensors", 126)]) {
        $0.files[0].shownSize = .null
      },
      .version("wrong size", "SDXL 1.0", "2026-05-18", [.named("wrong_size.safetensors", 127)]) {
        $0.files[0].shownSize = .wrong(byKB: 12.5)
      },
    ])

  private static let dates = ModelRecord.made(
    1422, "Odd Dates", "Checkpoint", by: name, tags: ["base model"],
    [
      .version("missing", "SDXL 1.0", "2026-02-01", [.file(500, change: Quirks.prunedHalf)]) {
        $0.publishedAt = nil
      },
      .version(
        "no zone", "SDXL 1.0", "2026-01-31",
        [
          .file(510, change: Quirks.prunedHalf),
          .file(41, .text) {
            $0.type = "Config"
            $0.fileExtension = "yaml"
          },
          .file(90, .zip(member: "set/001.txt")) {
            $0.type = "Training Data"
          },
        ]
      ) { $0.publishedAt = "2026-01-31T12:00:00.1234" },
      .version("draft", "SDXL 1.0", "2026-01-30", []),
      .version("old address", "SDXL 1.0", "2026-01-29", [.file(520, change: Quirks.prunedHalf)]) {
        $0.files[0].hasQueryAddress = true
      },
    ])
}

/// A model that lists never show.
enum TinkerPerson {
  static func models() -> [ModelRecord] {
    [
      .made(
        1423, "Portrait Study", "LORA", by: "tinker", tags: ["portrait"],
        [.version("v1", "SDXL 1.0", "2025-08-08", [.named("portrait_study.safetensors", 128)])]
      ) { $0.isRealPerson = true }
    ]
  }
}
