/// Words of the catalogue that civsync knows today. They are open: another word is taken as it is,
/// and asked about only when it looks like one of these.
package enum SiteWords {
  package static let modelTypes = [
    "Checkpoint", "TextualInversion", "Hypernetwork", "AestheticGradient", "LORA", "LoCon", "DoRA",
    "Controlnet", "Upscaler", "MotionModule", "VAE", "TextEncoder", "UNet", "CLIPVision", "Poses",
    "Wildcards", "Workflows", "ComfyWorkflows", "Detection", "VisionLanguage", "CLIP", "LLM",
    "Other",
  ]

  package static let fileTypes = [
    "Model", "Text Encoder", "Vision Encoder", "Pruned Model", "Negative", "Training Data", "VAE",
    "Config", "Archive", "UNet", "Diffusion Model", "CLIPVision", "ControlNet", "Workflow",
    "Upscaler", "Enhancement LoRA", "Other",
  ]

  package static let formats = [
    "SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other",
  ]
}
