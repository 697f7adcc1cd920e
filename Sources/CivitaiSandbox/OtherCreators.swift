/// `mira_lab`: one ordinary model of each type that the others do not make. Its listing comes with
/// a short page and an empty one.
enum MiraLab {
  static let name = "mira_lab"

  static func models() -> [ModelRecord] {
    [
      one(1201, "Velvet Hyper", "Hypernetwork", "SD 1.5", "2024-05-05", .file(420, .pickle)),
      one(
        1202, "Calm Gradient", "AestheticGradient", "SD 1.5", "2024-05-12", .file(48, .pickle)),
      one(1203, "Mira T5 Encoder", "TextEncoder", "Flux.1 D", "2025-09-01", .file(2_100)),
      one(1204, "Mira UNet", "UNet", "Flux.1 D", "2025-09-08", .file(4_400) { $0.type = "UNet" }),
      one(1205, "Mira CLIP Vision", "CLIPVision", "Other", "2025-09-15", .file(1_700)),
      one(
        1206, "Market Poses", "Poses", "Other", "2024-06-16",
        .file(380, .zip(member: "poses/market-001.png")) { $0.type = "Archive" }),
      one(
        1207, "Batch Workflow", "Workflows", "SDXL 1.0", "2025-03-23",
        .file(46, .json) { $0.type = "Workflow" }),
      one(
        1208, "Comfy Upscale Flow", "ComfyWorkflows", "SDXL 1.0", "2025-04-27",
        .file(52, .json) { $0.type = "Workflow" }),
      one(
        1209, "Hand Finder", "Detection", "Other", "2025-05-04",
        .file(900, .pickle) { $0.fileExtension = "pt" }),
      one(1210, "Mira Captioner", "VisionLanguage", "Other", "2026-01-18", .file(3_300)),
      one(1211, "Mira CLIP L", "CLIP", "Other", "2025-10-26", .file(1_200)),
      one(
        1212, "Prompt Writer 1B", "LLM", "Other", "2026-03-29",
        .file(2_900, .gguf) { $0.quantType = "Q8_0" }),
      one(
        1213, "Mira Toolbox", "Other", "Other", "2024-08-31",
        .file(260, .zip(member: "toolbox/README.txt")) { $0.type = "Archive" }),
    ]
  }

  private static func one(
    _ id: Int64, _ model: String, _ type: String, _ base: String, _ date: String, _ file: FileDraft
  ) -> ModelRecord {
    .made(id, model, type, by: name, tags: ["tool"], [.version("v1.0", base, date, [file])])
  }
}

/// `northwind`: ordinary LoRAs for several base models; some are PG13, so that the default listing
/// shows fewer. The listing's last page has a cursor that leads to nothing.
enum Northwind {
  static let name = "northwind"

  static func models() -> [ModelRecord] {
    [
      lora(1301, "Harbour Mist", "SDXL 1.0", "2025-01-04", 500),
      lora(1302, "Lighthouse", "SDXL 1.0", "2025-02-08", 430),
      lora(1303, "Storm Glass", "Illustrious", "2025-11-15", 610, nsfwLevel: 3),
      lora(1304, "Rope and Sail", "Illustrious", "2026-01-24", 560),
      lora(1305, "Tide Pools", "Pony", "2025-06-28", 520),
      lora(1306, "Old Charts", "Flux.1 D", "2026-02-07", 900),
      lora(1307, "Night Watch", "Flux.1 D", "2026-03-14", 870, nsfwLevel: 3),
      lora(1308, "Knots", "SD 1.5", "2024-04-20", 240),
      .made(
        1309, "Northwind Mix", "Checkpoint", by: name, tags: ["base model"],
        [
          .version("v1.1", "SDXL 1.0", "2026-05-02", [.file(3_000, change: Quirks.prunedHalf)]),
          .version("v1.0", "SDXL 1.0", "2025-07-12", [.file(2_900, change: Quirks.prunedHalf)]),
        ]),
      .made(
        1310, "Compass", "Controlnet", by: name, tags: ["depth"],
        [.version("v1.0", "Flux.1 D", "2026-04-18", [.file(1_600)])]),
    ]
  }

  private static func lora(
    _ id: Int64, _ model: String, _ base: String, _ date: String, _ kilobytes: Int64,
    nsfwLevel: Int64 = 1
  ) -> ModelRecord {
    let file = model.lowercased().split(separator: " ").joined(separator: "-") + ".safetensors"
    return .made(
      id, model, "LORA", by: name, tags: ["sea", "style"],
      [.version("v1.0", base, date, [.named(file, kilobytes)])]
    ) { $0.nsfwLevel = nsfwLevel }
  }
}

/// `lumen_works`: a creator with few models, for manifests that name several creators.
enum LumenWorks {
  static let name = "lumen_works"

  static func models() -> [ModelRecord] {
    [
      .made(
        1501, "Lumen Mix", "Checkpoint", by: name, tags: ["base model"],
        [
          .version(
            "v1.0", "Flux.1 D", "2026-06-14",
            [
              .file(4_100) { $0.fp = "bf16" },
              .file(2_000, .gguf) {
                $0.quantType = "Q8_0"
                $0.fp = nil
              },
              .file(1_100, .gguf) { $0.quantType = "Q4_K_M" },
            ])
        ]),
      .made(
        1502, "Candle Light", "LORA", by: name, tags: ["light"],
        [.version("v1.0", "Flux.1 D", "2026-06-21", [.named("candle_light.safetensors", 640)])]),
      .made(
        1503, "Lumen ESRGAN", "Upscaler", by: name, tags: ["upscaler"],
        [
          .version(
            "2x", "Other", "2025-08-24",
            [.file(740, .pickle) { $0.fileExtension = "pth" }])
        ]),
      .made(
        1504, "Lumen VAE", "VAE", by: name, tags: ["vae"],
        [.version("v1.0", "Flux.1 D", "2026-06-15", [.file(820)])]),
    ]
  }
}
