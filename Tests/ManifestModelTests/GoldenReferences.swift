/// Every text here is what a user reads, to the letter.
let goldenReferences: [Golden] = [
  Golden(
    code: "M005", name: "no version",
    text: #"""
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M005]: the manifest does not say which `version` of the format it uses
       --> civsync.yaml:1:1
        |
      1 | root: /models
        | ^
        |
        = help: add `version: 1`
      """#),
  Golden(
    code: "M006", name: "an unknown version",
    text: #"""
      version: 2
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M006]: version `2` of the manifest's format is not known
       --> civsync.yaml:1:10
        |
      1 | version: 2
        |          ^
        |
        = help: this civsync reads `version: 1`
      """#),
  Golden(
    code: "M007", name: "no root",
    text: #"""
      version: 1
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M007]: the manifest has no `root`
       --> civsync.yaml:1:1
        |
      1 | version: 1
        | ^
        |
        = help: name the folder that your tool reads: `root: ~/ComfyUI/models`
      """#),
  Golden(
    code: "M008", name: "a reference that names no model",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: [12x]

      """#,
    rendered: #"""
      error[M008]: `12x` names no model
       --> civsync.yaml:5:14
        |
      5 |     models: [12x]
        |              ^^^
        |
        = help: write `123`, `123@456`, the address of the model's page, or its AIR
      """#),
  Golden(
    code: "M008", name: "a collection of the site",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: ["https://civitai.com/collections/77"]

      """#,
    rendered: #"""
      error[M008]: a collection of the site cannot be listed over its API
       --> civsync.yaml:5:14
        |
      5 |     models: ["https://civitai.com/collections/77"]
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: name its models or creators, or mark them as favorites and write `favorites: true`
      """#),
  Golden(
    code: "M008", name: "an address with a token, which is not repeated",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: ["https://me@civitai.com/models/x?token=abc"]

      """#,
    rendered: #"""
      error[M008]: `https://civitai.com/models/x` names no model
       --> civsync.yaml:5:14
        |
      5 |     models: ["https://me@civitai.com/models/x?token=abc"]
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: write `123`, `123@456`, the address of the model's page, or its AIR
      """#),
  Golden(
    code: "M008", name: "a download's address",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models:
            - https://civitai.com/api/download/models/456

      """#,
    rendered: #"""
      error[M008]: this address names version 456, not a model
       --> civsync.yaml:6:9
        |
      6 |       - https://civitai.com/api/download/models/456
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: put it under `versions: [456]` in the collection
      """#),
  Golden(
    code: "M008", name: "a creator's page",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models:
            - https://civitai.red/user/alice/models

      """#,
    rendered: #"""
      error[M008]: this is a creator's page, not a model's
       --> civsync.yaml:6:9
        |
      6 |       - https://civitai.red/user/alice/models
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: put `alice` under `users:`
      """#),
  Golden(
    code: "M008", name: "another site",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: ["https://example.org/models/12"]

      """#,
    rendered: #"""
      error[M008]: `example.org` is not a site that is asked
       --> civsync.yaml:5:14
        |
      5 |     models: ["https://example.org/models/12"]
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: models come from `civitai.red`, `civitai.com` and what `source.endpoints` names
      """#),
  Golden(
    code: "M008", name: "an AIR of another source",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: ["urn:air:sdxl:lora:huggingface:a/b"]

      """#,
    rendered: #"""
      error[M008]: an AIR of `huggingface` cannot be fetched
       --> civsync.yaml:5:14
        |
      5 |     models: ["urn:air:sdxl:lora:huggingface:a/b"]
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: only AIRs with `civitai` as their source are known
      """#),
  Golden(
    code: "M008", name: "a file without its version",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: [{ id: 12, file: 789 }]

      """#,
    rendered: #"""
      error[M008]: a file is named without its version
       --> civsync.yaml:5:30
        |
      5 |     models: [{ id: 12, file: 789 }]
        |                              ^^^
        |
        = help: name the version too: `model@version+file`
      """#),
  Golden(
    code: "M008", name: "two versions of one model",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: [{ id: 12@34, version: 35 }]

      """#,
    rendered: #"""
      error[M008]: `version` and `id` name two versions
       --> civsync.yaml:5:36
        |
      5 |     models: [{ id: 12@34, version: 35 }]
        |                                    ^^
        |                    ----- the other one
        |
        = help: remove one of them
      """#),
  Golden(
    code: "M008", name: "a model map without an id",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models:
            - versions: all
              place: loras/

      """#,
    rendered: #"""
      error[M008]: this model has no `id`
       --> civsync.yaml:6:9
        |
      6 |       - versions: all
        |         ^
        |
        = help: add `id: 4201`
      """#),
  Golden(
    code: "M008", name: "a version under excluded models",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          exclude: { models: [12@34] }

      """#,
    rendered: #"""
      error[M008]: `exclude` leaves whole models out, and this names one version
       --> civsync.yaml:6:25
        |
      6 |     exclude: { models: [12@34] }
        |                         ^^^^^
        |
        = help: put it under `exclude: { versions: [34] }`
      """#),
  Golden(
    code: "M009", name: "no collections",
    text: #"""
      version: 1
      root: /models

      """#,
    rendered: #"""
      error[M009]: the manifest has no `collections`
       --> civsync.yaml:1:1
        |
      1 | version: 1
        | ^
        |
        = help: add one: `collections: { base: { models: [101055] } }`
      """#),
  Golden(
    code: "M010", name: "a collection that selects nothing",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          types: [LORA]

      """#,
    rendered: #"""
      error[M010]: the collection `c` selects nothing
       --> civsync.yaml:4:3
        |
      4 |   c:
        |   ^
        |
        = help: give it `users`, `models`, `objects`, `favorites: true` or a list of `versions`
      """#),
  Golden(
    code: "M010", name: "a collection without a value",
    text: #"""
      version: 1
      root: /models
      collections:
        c:

      """#,
    rendered: #"""
      error[M010]: the collection `c` selects nothing
       --> civsync.yaml:4:3
        |
      4 |   c:
        |   ^
        |
        = help: give it `users`, `models`, `objects`, `favorites: true` or a list of `versions`
      """#),
]
