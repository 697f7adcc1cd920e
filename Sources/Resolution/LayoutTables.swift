package import ManifestModel

/// Where the tools that read a tree look for each type of model.
///
/// Source: the table of local conventions in the product's notes on Civitai; a type without a place
/// there goes to `other/<type>`.
package enum LayoutTables {
  /// The folder for a model's file, or `nil` where the tool has none.
  package static func folder(_ preset: LayoutPreset, type: String, fileType: String) -> String? {
    if preset == .flat { return nil }
    if preset == .comfyui, type == "Checkpoint",
      fileType == "UNet" || fileType == "Diffusion Model"
    {
      return "diffusion_models"
    }
    let effective = typeOfFile[fileType] ?? type
    return table(preset)[effective] ?? (effective == type ? nil : table(preset)[type])
  }

  /// A file that is something else than the model it comes with goes where its own kind goes.
  private static let typeOfFile: [String: String] = [
    "VAE": "VAE", "Text Encoder": "TextEncoder", "Vision Encoder": "CLIPVision",
    "CLIPVision": "CLIPVision", "ControlNet": "Controlnet", "Upscaler": "Upscaler",
    "Enhancement LoRA": "LORA",
  ]

  private static func table(_ preset: LayoutPreset) -> [String: String] {
    switch preset {
    case .comfyui: comfyui
    case .a1111, .forge: a1111
    case .stabilitymatrix: stabilityMatrix
    case .swarmui: swarm
    case .flat: [:]
    }
  }

  private static let comfyui: [String: String] = [
    "Checkpoint": "checkpoints", "LORA": "loras", "DoRA": "loras", "LoCon": "loras", "VAE": "vae",
    "TextualInversion": "embeddings", "Hypernetwork": "hypernetworks", "Controlnet": "controlnet",
    "Upscaler": "upscale_models", "MotionModule": "animatediff_models",
    "TextEncoder": "text_encoders", "CLIP": "text_encoders", "CLIPVision": "clip_vision",
    "UNet": "diffusion_models", "Detection": "ultralytics", "Wildcards": "wildcards",
  ]

  private static let a1111: [String: String] = [
    "Checkpoint": "models/Stable-diffusion", "LORA": "models/Lora", "DoRA": "models/Lora",
    "LoCon": "models/Lora", "VAE": "models/VAE", "TextualInversion": "embeddings",
    "Hypernetwork": "models/hypernetworks", "Controlnet": "models/ControlNet",
    "Upscaler": "models/ESRGAN", "MotionModule": "extensions/sd-webui-animatediff/model",
    "TextEncoder": "models/text_encoder", "CLIP": "models/text_encoder",
    "Detection": "models/adetailer",
    "AestheticGradient":
      "extensions/stable-diffusion-webui-aesthetic-gradients/aesthetic_embeddings",
    "Wildcards": "extensions/sd-dynamic-prompts/wildcards",
  ]

  private static let stabilityMatrix: [String: String] = [
    "Checkpoint": "StableDiffusion", "LORA": "Lora", "DoRA": "Lora", "LoCon": "LyCORIS",
    "VAE": "VAE", "TextualInversion": "Embeddings", "Hypernetwork": "Hypernetwork",
    "Controlnet": "ControlNet", "Upscaler": "ESRGAN", "TextEncoder": "TextEncoders",
    "CLIP": "TextEncoders",
  ]

  private static let swarm: [String: String] = [
    "Checkpoint": "Stable-Diffusion", "LORA": "Lora", "DoRA": "Lora", "LoCon": "Lora",
    "VAE": "VAE", "TextualInversion": "Embeddings", "Controlnet": "controlnet",
    "Upscaler": "upscale_models", "TextEncoder": "clip", "CLIP": "clip",
    "CLIPVision": "clip_vision",
  ]
}
