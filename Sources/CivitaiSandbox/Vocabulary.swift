/// The words of the site: what `GET /api/v1/enums` answers, and what list parameters may say.
enum Vocabulary {
  static let modelTypes = [
    "Checkpoint", "TextualInversion", "Hypernetwork", "AestheticGradient", "LORA", "LoCon", "DoRA",
    "Controlnet", "Upscaler", "MotionModule", "VAE", "TextEncoder", "UNet", "CLIPVision", "Poses",
    "Wildcards", "Workflows", "ComfyWorkflows", "Detection", "VisionLanguage", "CLIP", "LLM",
    "Other",
  ]

  static let fileTypes = [
    "Model", "Text Encoder", "Vision Encoder", "Pruned Model", "Negative", "Training Data", "VAE",
    "Config", "Archive", "UNet", "Diffusion Model", "CLIPVision", "ControlNet", "Workflow",
    "Upscaler", "Enhancement LoRA", "Other",
  ]

  static let baseModels = [
    "SD 1.4", "SD 1.5", "SD 1.5 LCM", "SD 1.5 Hyper", "SD 2.0", "SD 2.1", "SD 2.1 768", "SD 3",
    "SD 3.5 Large", "SD 3.5 Medium", "SDXL 0.9", "SDXL 1.0", "SDXL Turbo", "SDXL Lightning",
    "SDXL Hyper", "Pony", "Pony V7", "Illustrious", "NoobAI", "Flux.1 D", "Flux.1 S",
    "Flux.1 Kontext", "Flux.2 D", "Stable Cascade", "SVD", "SVD XT", "PixArt a", "PixArt E",
    "Hunyuan 1", "Hunyuan Video", "Lumina", "Kolors", "Mochi", "LTXV", "CogVideoX", "AuraFlow",
    "Chroma", "HiDream", "Qwen", "Wan Video 1.3B t2v", "Wan Video 14B t2v",
    "Wan Video 14B i2v 480p",
    "Wan Video 14B i2v 720p", "Wan Video 2.2 T2V-A14B", "ZImageTurbo", "OpenAI", "Other",
  ]

  static let baseModelTypes = ["Standard", "Inpainting", "Refiner", "Pix2Pix"]

  static let sorts = [
    "Highest Rated", "Most Downloaded", "Most Liked", "Most Discussed", "Most Collected",
    "Most Images", "Newest", "Oldest",
  ]

  /// Values of `allowCommercialUse`.
  static let commercialUses = ["Image", "RentCivit", "Rent", "Sell", "SellMerge"]

  static var enums: JSON {
    [
      "ModelType": .strings(modelTypes), "ModelFileType": .strings(fileTypes),
      "ActiveBaseModel": .strings(baseModels.filter { !$0.hasPrefix("SD 2") }),
      "BaseModel": .strings(baseModels), "BaseModelType": .strings(baseModelTypes),
    ]
  }
}
