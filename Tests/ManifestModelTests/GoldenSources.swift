/// Every text here is what a user reads, to the letter.
let goldenSources: [Golden] = [
  Golden(
    code: "M020", name: "a bare tilde",
    text: #"""
      version: 1
      root: ~
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M020]: `root` is empty: YAML reads a bare `~` as nothing
       --> civsync.yaml:2:7
        |
      2 | root: ~
        |       ^
        |
        = help: write `"~"` for the home folder
      """#),
  Golden(
    code: "M020", name: "another user's home",
    text: #"""
      version: 1
      root: ~bob/models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M020]: `root` names another user's home: `~bob/models`
       --> civsync.yaml:2:7
        |
      2 | root: ~bob/models
        |       ^^^^^^^^^^^
        |
        = help: only `~/` is known; write the whole path
      """#),
  Golden(
    code: "M020", name: "an empty expansion",
    text: #"""
      version: 1
      root: ${EMPTY}
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M020]: `root` is empty once its variables are expanded
       --> civsync.yaml:2:7
        |
      2 | root: ${EMPTY}
        |       ^^^^^^^^
        |
        = help: give the variable a value, or a default: `${NAME:-default}`
      """#),
  Golden(
    code: "M021", name: "an endpoint in the clear",
    text: #"""
      version: 1
      root: /models
      source: { endpoints: ["http://civitai.red"] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M021]: this endpoint would send everything in the clear
       --> civsync.yaml:3:23
        |
      3 | source: { endpoints: ["http://civitai.red"] }
        |                       ^^^^^^^^^^^^^^^^^^^^
        |
        = help: use `https`; `http` is for servers on this machine, and for others with `insecure: true`
      """#),
  Golden(
    code: "M021", name: "an endpoint with a password",
    text: #"""
      version: 1
      root: /models
      source: { endpoints: ["https://me:pw@civitai.red"] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M021]: this endpoint is not a URL that can be asked
       --> civsync.yaml:3:23
        |
      3 | source: { endpoints: ["https://me:pw@civitai.red"] }
        |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: write `https://` and the host, without name and password
      """#),
  Golden(
    code: "M021", name: "an endpoint with the API's path",
    text: #"""
      version: 1
      root: /models
      source: { endpoints: ["https://civitai.red/api/v1/"] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M021]: this endpoint is not an endpoint's base
       --> civsync.yaml:3:23
        |
      3 | source: { endpoints: ["https://civitai.red/api/v1/"] }
        |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: leave out `/api/v1` and what follows it
      """#),
  Golden(
    code: "M021", name: "no endpoint at all",
    text: #"""
      version: 1
      root: /models
      source: { endpoints: [] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M021]: `endpoints` is empty
       --> civsync.yaml:3:22
        |
      3 | source: { endpoints: [] }
        |                      ^^
        |
        = help: name one, or remove the key: then `civitai.red` and `civitai.com` are asked
      """#),
  Golden(
    code: "M022", name: "a creator listed twice",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice, bob, Alice]

      """#,
    rendered: #"""
      warning[M022]: creator `Alice` is listed twice
       --> civsync.yaml:5:25
        |
      5 |     users: [alice, bob, Alice]
        |                         ^^^^^
        |             ----- first here
        |
        = help: remove one of them
      """#),
  Golden(
    code: "M022", name: "a model listed twice",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models:
            - 12
            - https://civitai.com/models/12/ink

      """#,
    rendered: #"""
      warning[M022]: model 12 is listed twice
       --> civsync.yaml:7:9
        |
      6 |       - 12
        |         -- first here
      7 |       - https://civitai.com/models/12/ink
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: remove one of them
      """#),
]
