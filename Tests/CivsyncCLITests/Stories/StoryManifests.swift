/// Two creators, several types, models by id.
let storyCollections = """
  collections:
    aurora:
      users: [aurora_studio]
      types: [LORA, VAE, Checkpoint]
    pixel:
      users: [pixelsmith]
      types: [LORA, TextualInversion]
    extra:
      models: [1203, "1309@13091"]

  """

/// The same after an edit: one model out, another in, and one creator's types narrowed.
let editedCollections = """
  collections:
    aurora:
      users: [aurora_studio]
      types: [LORA, VAE]
      exclude: { models: [1002] }
    pixel:
      users: [pixelsmith]
      types: [LORA, TextualInversion]
    extra:
      models: [1203, "1309@13091", 1502]

  """
