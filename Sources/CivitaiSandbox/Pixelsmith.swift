/// `pixelsmith`: ordinary models too, but for one that is gated and one that asks for a login.
enum Pixelsmith {
  static let name = "pixelsmith"

  static func models() -> [ModelRecord] {
    [
      .made(
        1101, "Pixel Forge", "LORA", by: name, tags: ["pixel art", "style"],
        [
          .version("v1.5", "SDXL 1.0", "2025-11-02", [.named("pixelforge-v15.safetensors", 510)]) {
            $0.trainedWords = ["pixelforge", "8-bit"]
            $0.images = [
              ImageRecord(.video), ImageRecord(.png, nsfwLevel: 4), ImageRecord(.png),
              ImageRecord(.jpeg),
            ]
          },
          .version("v1.0", "SD 1.5", "2024-06-01", [.named("pixelforge.safetensors", 310)]),
        ]),
      .made(
        1102, "Sprite Sheet", "LORA", by: name, tags: ["pixel art", "game"],
        [.version("v1.0", "SDXL 1.0", "2025-02-14", [.named("sprite_sheet.safetensors", 450)])]),
      .made(
        1103, "Anvil Mix", "Checkpoint", by: name, tags: ["base model", "pixel art"],
        [
          .version(
            "v2", "Illustrious", "2026-03-03",
            [
              .file(3_100, change: Quirks.prunedHalf),
              .file(700, .safetensors(.vae)) {
                $0.type = "VAE"
              },
            ]),
          .version("v1", "SDXL 1.0", "2025-05-19", [.file(2_800, change: Quirks.prunedHalf)]),
        ]),
      .made(
        1104, "Pixel VAE", "VAE", by: name, tags: ["vae"],
        [.version("v1.0", "SD 1.5", "2024-07-21", [.file(650)])]),
      .made(
        1105, "Dither Words", "TextualInversion", by: name, tags: ["pixel art"],
        [.version("v1.0", "SD 1.5", "2024-08-09", [.file(40)])]),
      .made(
        1106, "Tile Guide", "Controlnet", by: name, tags: ["tile", "pixel art"],
        [.version("v1.0", "SD 1.5", "2024-09-17", [.file(1_300)])]),
      .made(
        1107, "Palette Shift", "DoRA", by: name, tags: ["colour"],
        [.version("v1.0", "Flux.1 D", "2026-04-05", [.file(880)])]),
      .made(
        1108, "Isometric Rooms", "LORA", by: name, tags: ["pixel art", "interior"],
        [
          .version("v2.0", "Illustrious", "2026-05-12", [.named("iso_rooms_v2.safetensors", 720)]),
          .version("v1.0", "SDXL 1.0", "2025-12-01", [.named("iso_rooms_v1.safetensors", 610)]),
        ]),
      .made(
        1109, "Pixel Wildcards", "Wildcards", by: name, tags: ["prompts"],
        [.version("v1.0", "Other", "2024-10-10", [.file(44, .zip(member: "pixel/colours.txt"))])]),
      .made(
        1110, "Neon Alley", "LORA", by: name, tags: ["pixel art", "night"],
        [
          .version("v1.0", "Illustrious", "2026-09-20", [.named("neon_alley.safetensors", 580)]) {
            $0.gate = .paid(permanent: false, endsAt: "2099-01-01T00:00:00.000Z")
          }
        ]),
      .made(
        1111, "Members Palette", "LORA", by: name, tags: ["colour"],
        [
          .version("v1.0", "SDXL 1.0", "2026-06-06", [.named("members_palette.safetensors", 400)]) {
            $0.access = .loginRequired
          }
        ]),
      .made(
        1112, "Font Glyphs", "LoCon", by: name, tags: ["text"],
        [.version("v1.0", "SD 1.5", "2025-01-31", [.named("font_glyphs.safetensors", 350)])]),
    ]
  }
}
