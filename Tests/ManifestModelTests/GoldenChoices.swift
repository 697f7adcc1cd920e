/// Every text here is what a user reads, to the letter.
let goldenChoices: [Golden] = [
  Golden(
    code: "M011", name: "a word that is none of the choices",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          link: hardlnk

      """#,
    rendered: #"""
      error[M011]: `link` cannot be `hardlnk`
       --> civsync.yaml:6:11
        |
      6 |     link: hardlnk
        |           ^^^^^^^
        |
        = help: did you mean `hardlink`?
      """#),
  Golden(
    code: "M011", name: "a word far from all choices",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          scan: never

      """#,
    rendered: #"""
      error[M011]: `scan` cannot be `never`
       --> civsync.yaml:6:11
        |
      6 |     scan: never
        |           ^^^^^
        |
        = help: one of `require-success`, `allow-pending`, `allow-danger`
      """#),
  Golden(
    code: "M011", name: "an unknown layout",
    text: #"""
      version: 1
      root: /models
      layout: comfyiu
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M011]: `layout` cannot be `comfyiu`
       --> civsync.yaml:3:9
        |
      3 | layout: comfyiu
        |         ^^^^^^^
        |
        = help: did you mean `comfyui`?
      """#),
  Golden(
    code: "M011", name: "newest without a number",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: newest

      """#,
    rendered: #"""
      error[M011]: `versions` cannot be `newest`
       --> civsync.yaml:6:15
        |
      6 |     versions: newest
        |               ^^^^^^
        |
        = help: say how many: `{ newest: 3 }`
      """#),
  Golden(
    code: "M011", name: "an unknown policy",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: lates

      """#,
    rendered: #"""
      error[M011]: `versions` cannot be `lates`
       --> civsync.yaml:6:15
        |
      6 |     versions: lates
        |               ^^^^^
        |
        = help: did you mean `latest`?
      """#),
  Golden(
    code: "M012", name: "a day that is not in the calendar",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: { since: 2025-02-30 }

      """#,
    rendered: #"""
      error[M012]: `2025-02-30` is not a date
       --> civsync.yaml:6:24
        |
      6 |     versions: { since: 2025-02-30 }
        |                        ^^^^^^^^^^
        |
        = help: write year, month and day: `2025-01-31`
      """#),
  Golden(
    code: "M013", name: "an unknown placeholder",
    text: #"""
      version: 1
      root: /models
      layout: "{type}/{basemodel}/{file}"
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M013]: unknown placeholder `{basemodel}`
       --> civsync.yaml:3:17
        |
      3 | layout: "{type}/{basemodel}/{file}"
        |                 ^^^^^^^^^^^
        |
        = help: did you mean `{baseModel}`?
      """#),
  Golden(
    code: "M013", name: "a placeholder far from all",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: "x/{nothing at all}/{file}"

      """#,
    rendered: #"""
      error[M013]: unknown placeholder `{nothing at all}`
       --> civsync.yaml:6:15
        |
      6 |     place: "x/{nothing at all}/{file}"
        |               ^^^^^^^^^^^^^^^^
        |
        = help: known: `{type}`, `{folder}`, `{baseModel}`, `{creator}`, `{model}`, `{modelId}`, `{version}`, `{versionId}`, `{fileId}`, `{file}`, `{stem}`, `{ext}`, `{precision}`, `{collection}`
      """#),
  Golden(
    code: "M013", name: "a brace without its partner",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: "loras/{file"

      """#,
    rendered: #"""
      error[M013]: a brace of `place` has no partner
       --> civsync.yaml:6:19
        |
      6 |     place: "loras/{file"
        |                   ^
        |
        = help: placeholders look like `{creator}`; `{{` and `}}` are the braces themselves
      """#),
  Golden(
    code: "M013", name: "a template without quotes",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: {file}

      """#,
    rendered: #"""
      error[M013]: a template that begins with `{` needs quotes
       --> civsync.yaml:6:12
        |
      6 |     place: {file}
        |            ^^^^^^
        |
        = help: write `"{type}/{file}"`: without quotes the braces make a map
      """#),
  Golden(
    code: "M013", name: "an empty component",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: loras//x.safetensors

      """#,
    rendered: #"""
      error[M013]: `place` is not a path below the root
       --> civsync.yaml:6:12
        |
      6 |     place: loras//x.safetensors
        |            ^^^^^^^^^^^^^^^^^^^^
        |
        = help: names of at most 255 bytes between single slashes, none of them `.`
      """#),
]
