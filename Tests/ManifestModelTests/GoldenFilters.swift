/// Every text here is what a user reads, to the letter.
let goldenFilters: [Golden] = [
  Golden(
    code: "M004", name: "tags without a value",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          tags:

      """#,
    rendered: #"""
      error[M004]: `tags` must be a list of tags, or a map of `any`, `all`, `none`
       --> civsync.yaml:6:10
        |
      6 |     tags:
        |          ^ this is empty
        |
        = help: for example: `tags: { any: [portrait], none: [meme] }`
      """#),
  Golden(
    code: "M031", name: "an empty map of tags",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          tags: {}

      """#,
    rendered: #"""
      error[M031]: `tags` is an empty map, so it filters nothing
       --> civsync.yaml:6:11
        |
      6 |     tags: {}
        |           ^^
        |
        = help: for example: `tags: { any: [portrait], none: [meme] }`
      """#),
  Golden(
    code: "M003", name: "an unknown key of tags",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          tags: { some: [portrait] }

      """#,
    rendered: #"""
      error[M003]: unknown key `some`
       --> civsync.yaml:6:13
        |
      6 |     tags: { some: [portrait] }
        |             ^^^^
        |
        = help: known here: `any`, `all`, `none`
      """#),
  Golden(
    code: "M011", name: "a level that the site does not have",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          nsfw: PG-13

      """#,
    rendered: #"""
      error[M011]: `nsfw` cannot be `PG-13`
       --> civsync.yaml:6:11
        |
      6 |     nsfw: PG-13
        |           ^^^^^
        |
        = help: did you mean `PG13`?
      """#),
  Golden(
    code: "M011", name: "a level far from all",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          nsfw: none of it

      """#,
    rendered: #"""
      error[M011]: `nsfw` cannot be `none of it`
       --> civsync.yaml:6:11
        |
      6 |     nsfw: none of it
        |           ^^^^^^^^^^
        |
        = help: one of `PG`, `PG13`, `R`, `X`, `XXX`
      """#),
  Golden(
    code: "M012", name: "a collection's day that is not in the calendar",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          until: 2025-13-01

      """#,
    rendered: #"""
      error[M012]: `2025-13-01` is not a date
       --> civsync.yaml:6:12
        |
      6 |     until: 2025-13-01
        |            ^^^^^^^^^^
        |
        = help: write year, month and day: `2025-01-31`
      """#),
  Golden(
    code: "M004", name: "a day that is a list",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          since: [2025-01-01]

      """#,
    rendered: #"""
      error[M004]: `since` must be a date
       --> civsync.yaml:6:12
        |
      6 |     since: [2025-01-01]
        |            ^^^^^^^^^^^^ this is a list
      """#),
  Golden(
    code: "M011", name: "a policy per base model that is misspelt",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: latest-per-basemodel

      """#,
    rendered: #"""
      error[M011]: `versions` cannot be `latest-per-basemodel`
       --> civsync.yaml:6:15
        |
      6 |     versions: latest-per-basemodel
        |               ^^^^^^^^^^^^^^^^^^^^
        |
        = help: did you mean `latest-per-base-model`?
      """#),
  Golden(
    code: "M023", name: "a tag that is wanted and unwanted",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          tags: { any: [portrait, Meme], none: [meme] }

      """#,
    rendered: #"""
      warning[M023]: tag `meme` is selected and excluded at once
       --> civsync.yaml:6:43
        |
      6 |     tags: { any: [portrait, Meme], none: [meme] }
        |                                           ^^^^
        |                             ---- selected here
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M023", name: "a name that is let pass and excluded",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          names: ["*detail*"]
          exclude: { names: ["*Detail*"] }

      """#,
    rendered: #"""
      warning[M023]: name `*Detail*` is selected and excluded at once
       --> civsync.yaml:7:24
        |
      6 |     names: ["*detail*"]
        |             ---------- selected here
      7 |     exclude: { names: ["*Detail*"] }
        |                        ^^^^^^^^^^
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M023", name: "a type that is let pass and excluded",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          types: [LORA]
          exclude: { types: [lora] }

      """#,
    rendered: #"""
      warning[M023]: type `lora` is selected and excluded at once
       --> civsync.yaml:7:24
        |
      6 |     types: [LORA]
        |             ---- selected here
      7 |     exclude: { types: [lora] }
        |                        ^^^^
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M031", name: "a filter that lets nothing pass",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          names: []

      """#,
    rendered: #"""
      error[M031]: `names` is an empty list, so nothing passes
       --> civsync.yaml:6:12
        |
      6 |     names: []
        |            ^^
        |
        = help: name what shall pass, or remove the key: then everything does
      """#),
  Golden(
    code: "M031", name: "tags of which none can be there",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          tags: { any: [], none: [meme] }

      """#,
    rendered: #"""
      error[M031]: `any` is an empty list, so nothing passes
       --> civsync.yaml:6:18
        |
      6 |     tags: { any: [], none: [meme] }
        |                  ^^
        |
        = help: name what shall pass, or remove the key: then everything does
      """#),
  Golden(
    code: "M032", name: "a period that ends before it begins",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          since: 2025-06-01
          until: 2025-01-01

      """#,
    rendered: #"""
      error[M032]: `until` is before `since`, so nothing passes
       --> civsync.yaml:7:12
        |
      6 |     since: 2025-06-01
        |            ---------- it begins here
      7 |     until: 2025-01-01
        |            ^^^^^^^^^^
        |
        = help: swap the two days, or remove one
      """#),
]
