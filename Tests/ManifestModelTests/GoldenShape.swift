/// Every text here is what a user reads, to the letter.
let goldenShape: [Golden] = [
  Golden(
    code: "M002", name: "an empty manifest",
    text: #"""
      # nothing yet

      """#,
    rendered: #"""
      error[M002]: the manifest is empty
       --> civsync.yaml:1:1
        |
      1 | # nothing yet
        | ^
        |
        = help: begin with `version: 1`, `root:` and `collections:`
      """#),
  Golden(
    code: "M002", name: "a manifest that is a list",
    text: #"""
      - 101055
      - 133005

      """#,
    rendered: #"""
      error[M002]: the manifest must be a map of keys
       --> civsync.yaml:1:1
        |
      1 | - 101055
        | ^ this is a list
        |
        = help: begin with `version: 1`, `root:` and `collections:`
      """#),
  Golden(
    code: "M002", name: "a manifest that is a text",
    text: #"""
      101055

      """#,
    rendered: #"""
      error[M002]: the manifest must be a map of keys
       --> civsync.yaml:1:1
        |
      1 | 101055
        | ^^^^^^ this is a number
        |
        = help: begin with `version: 1`, `root:` and `collections:`
      """#),
  Golden(
    code: "M003", name: "an unknown key with a near one",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          baseModel: SDXL

      """#,
    rendered: #"""
      error[M003]: unknown key `baseModel`
       --> civsync.yaml:6:5
        |
      6 |     baseModel: SDXL
        |     ^^^^^^^^^
        |
        = help: did you mean `baseModels`?
      """#),
  Golden(
    code: "M003", name: "an unknown key with none near",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          enabled: true

      """#,
    rendered: #"""
      error[M003]: unknown key `enabled`
       --> civsync.yaml:6:5
        |
      6 |     enabled: true
        |     ^^^^^^^
        |
        = help: known here: `users`, `models`, `versions`, `objects`, `favorites`, `types`, `baseModels`, `tags`, `names`, `nsfw`, `since`, `until`, `exclude`, `minDownloads`, `minThumbs`, `limit`, `budget`, `files`, `scan`, `superseded`, `replaced`, `root`, `trees`, `layout`, `place`, `link`, `sidecars`, `previews`, `protect`
      """#),
  Golden(
    code: "M003", name: "an unknown key of the manifest",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
      folders: {}

      """#,
    rendered: #"""
      error[M003]: unknown key `folders`
       --> civsync.yaml:6:1
        |
      6 | folders: {}
        | ^^^^^^^
        |
        = help: known here: `version`, `include`, `vars`, `root`, `layout`, `trees`, `store`, `link`, `editable`, `onFailure`, `source`, `insecure`, `transfer`, `limits`, `defaults`, `policy`, `keep`, `checks`, `collections`
      """#),
  Golden(
    code: "M004", name: "a map where a list belongs",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: {alice: bob}

      """#,
    rendered: #"""
      error[M004]: `users` must be a list of creators
       --> civsync.yaml:5:12
        |
      5 |     users: {alice: bob}
        |            ^^^^^^^^^^^^ this is a map
      """#),
  Golden(
    code: "M004", name: "a list where a map belongs",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          - 101055
          - 133005

      """#,
    rendered: #"""
      error[M004]: collection `c` must be a map
       --> civsync.yaml:5:5
        |
      5 |     - 101055
        |     ^ this is a list
        |
        = help: for example: `c: { users: [some_creator] }`
      """#),
  Golden(
    code: "M004", name: "a word where truth belongs",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          files: { all: yes }

      """#,
    rendered: #"""
      error[M004]: `all` must be `true` or `false`
       --> civsync.yaml:6:19
        |
      6 |     files: { all: yes }
        |                   ^^^ this is text
        |
        = help: write `true`
      """#),
  Golden(
    code: "M004", name: "a number for versions",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: 3

      """#,
    rendered: #"""
      error[M004]: `versions` must be a policy or a list of version ids
       --> civsync.yaml:6:15
        |
      6 |     versions: 3
        |               ^ this is a number
        |
        = help: `[3]` selects that version, `newest: 3` takes so many
      """#),
  Golden(
    code: "M004", name: "two policies at once",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: { newest: 3, since: 2025-01-01 }

      """#,
    rendered: #"""
      error[M004]: `versions` takes `newest` or `since`, not both
       --> civsync.yaml:6:28
        |
      6 |     versions: { newest: 3, since: 2025-01-01 }
        |                            ^^^^^
        |                 ------ the other one
        |
        = help: remove one of them
      """#),
  Golden(
    code: "M004", name: "a key without a value",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          link:

      """#,
    rendered: #"""
      error[M004]: `link` must be one of `auto`, `reflink`, `hardlink`, `symlink`, `copy`
       --> civsync.yaml:6:10
        |
      6 |     link:
        |          ^ this is empty
      """#),
]
