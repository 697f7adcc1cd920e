/// `aurora_studio`: ordinary models, all downloadable, several versions. The first creator to follow.
enum AuroraStudio {
  static let name = "aurora_studio"

  static func models() -> [ModelRecord] {
    [
      .made(
        1001, "Aurora Glow", "LORA", by: name, tags: ["style", "light"],
        [
          .version("v2.0", "SDXL 1.0", "2025-09-14", [.named("aurora_glow_v2.safetensors", 620)]) {
            $0.trainedWords = ["aurora glow"]
            $0.description = "<ul><li>less noise</li><li>works with &lt;lora&gt; 0.6</li></ul>"
          },
          .version("v1.0", "SDXL 1.0", "2025-03-02", [.named("aurora_glow.safetensors", 540)]),
        ]
      ) {
        $0.description =
          "<p>Light as it is <strong>up there</strong>.</p><p>Made by the sandbox &amp; friends.<br />"
          + "<script>alert('never shown')</script></p>"
      },
      .made(
        1002, "Polar Night", "LORA", by: name, tags: ["style", "night"],
        [.version("v1.0", "SDXL 1.0", "2025-04-11", [.named("polar_night.safetensors", 480)])]),
      .made(
        1003, "Borealis XL", "Checkpoint", by: name, tags: ["base model", "landscape"],
        [
          .version(
            "v3.0", "SDXL 1.0", "2026-02-20",
            [
              .file(5_200) {
                $0.size = "full"
                $0.fp = "fp32"
              },
              .file(2_600) {
                $0.size = "pruned"
                $0.fp = "fp16"
              },
              .file(1_300) {
                $0.size = "pruned"
                $0.fp = "fp8"
              },
            ]),
          .version("v2.0", "SDXL 1.0", "2025-08-01", [.file(2_400, change: Quirks.prunedHalf)]),
          .version("v1.0", "SDXL 1.0", "2025-01-15", [.file(2_300, change: Quirks.prunedHalf)]),
        ]),
      .made(
        1004, "Borealis VAE", "VAE", by: name, tags: ["vae"],
        [.version("v1.0", "SDXL 1.0", "2025-01-20", [.file(800)])]),
      .made(
        1005, "Snowlight Negative", "TextualInversion", by: name, tags: ["negative"],
        [
          .version("v1.0", "SD 1.5", "2024-11-05", [.file(42)]),
          .version("v1.1", "SDXL 1.0", "2025-02-05", [.file(58)]),
        ]),
      .made(
        1006, "Aurora Edges", "Controlnet", by: name, tags: ["edges"],
        [.version("v1.0", "SDXL 1.0", "2025-05-30", [.file(1_450)])]),
      .made(
        1007, "Glacier Detail", "LoCon", by: name, tags: ["detail"],
        [.version("v1.2", "SD 1.5", "2024-12-24", [.named("glacier_detail.safetensors", 390)])]),
      .made(
        1008, "Aurora 4x", "Upscaler", by: name, tags: ["upscaler"],
        [.version("4x", "Other", "2025-06-18", [.file(960)])]),
      .made(
        1009, "Fjord Light", "LORA", by: name, tags: ["style", "light", "landscape"],
        [
          .version(
            "v1.0", "Illustrious", "2026-01-08", [.named("fjord_light_il.safetensors", 700)]),
          .version("v0.9", "Pony", "2025-10-30", [.named("fjord_light_pony.safetensors", 660)]),
        ]),
      .made(
        1010, "Drift Motion", "MotionModule", by: name, tags: ["animation"],
        [.version("v1.0", "SD 1.5", "2025-07-07", [.file(1_100)])]),
    ]
  }
}
