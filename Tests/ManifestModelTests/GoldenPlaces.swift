/// Every text here is what a user reads, to the letter.
let goldenPlaces: [Golden] = [
  Golden(
    code: "M014", name: "an absolute place",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: /loras/x.safetensors

      """#,
    rendered: #"""
      error[M014]: `place` must be a path below the root
       --> civsync.yaml:6:12
        |
      6 |     place: /loras/x.safetensors
        |            ^
        |
        = help: leave the root out: `loras/{file}`
      """#),
  Golden(
    code: "M014", name: "a place that climbs out",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          place: loras/../../x.safetensors

      """#,
    rendered: #"""
      error[M014]: `place` climbs out of the root
       --> civsync.yaml:6:18
        |
      6 |     place: loras/../../x.safetensors
        |                  ^^
        |
        = help: a place cannot have `..` in it
      """#),
  Golden(
    code: "M015", name: "one place for two models",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models:
            - { id: 12, place: loras/ink.safetensors }
            - { id: 13, place: loras/INK.safetensors }

      """#,
    rendered: #"""
      error[M015]: two different files have the place `loras/INK.safetensors`
       --> civsync.yaml:7:9
        |
      6 |       - { id: 12, place: loras/ink.safetensors }
        |         ---------------------------------------- the other one
      7 |       - { id: 13, place: loras/INK.safetensors }
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: give each its own `place`, or use a placeholder such as `{file}`
      """#),
  Golden(
    code: "M016", name: "a pinned model with a policy",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: [{ id: 12@34, versions: all }]

      """#,
    rendered: #"""
      error[M016]: one version of this model is named, so `versions` has no say
       --> civsync.yaml:5:27
        |
      5 |     models: [{ id: 12@34, versions: all }]
        |                           ^^^^^^^^
        |                    ----- named here
        |
        = help: remove `versions`, or name the model alone
      """#),
  Golden(
    code: "M017", name: "a variable that is not set",
    text: #"""
      version: 1
      root: "${COMFY}/models"
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M017]: the variable `COMFY` is not set
       --> civsync.yaml:2:8
        |
      2 | root: "${COMFY}/models"
        |        ^^^^^^^^
        |
        = help: set it, or give a default: `${COMFY:-…}`
      """#),
  Golden(
    code: "M018", name: "a variable that looks like a secret",
    text: #"""
      version: 1
      root: /models
      store: ${CIVSYNC_TOKEN}/store
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M018]: the variable `CIVSYNC_TOKEN` looks like a secret
       --> civsync.yaml:3:8
        |
      3 | store: ${CIVSYNC_TOKEN}/store
        |        ^^^^^^^^^^^^^^^^
        |
        = help: what a manifest says ends up in plans, locks and snapshots: use another variable
      """#),
  Golden(
    code: "M019", name: "a variable without braces",
    text: #"""
      version: 1
      root: /models
      store: $HOME/store
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M019]: `$` without braces is not expanded
       --> civsync.yaml:3:8
        |
      3 | store: $HOME/store
        |        ^^^^^
        |
        = help: write `${HOME}`, or `$$` for the character itself
      """#),
  Golden(
    code: "M019", name: "a brace that is not closed",
    text: #"""
      version: 1
      root: /models
      store: '${HOME/store'
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M019]: the `${` is not closed
       --> civsync.yaml:3:9
        |
      3 | store: '${HOME/store'
        |         ^^^^^^^^^^^^
        |
        = help: write `${NAME}`
      """#),
  Golden(
    code: "M019", name: "what is no variable",
    text: #"""
      version: 1
      root: /models
      store: ${HOME-x}/store
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M019]: `${HOME-x}` is not a variable
       --> civsync.yaml:3:8
        |
      3 | store: ${HOME-x}/store
        |        ^^^^^^^^^
        |
        = help: write `${NAME}` or `${NAME:-default}`
      """#),
]
