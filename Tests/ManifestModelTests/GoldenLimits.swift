/// Every text here is what a user reads, to the letter.
let goldenLimits: [Golden] = [
  Golden(
    code: "M034", name: "no size",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], budget: { total: lots } }

      """#,
    rendered: #"""
      error[M034]: `total` cannot be `lots`
       --> civsync.yaml:4:41
        |
      4 |   c: { users: [alice], budget: { total: lots } }
        |                                         ^^^^
        |
        = help: write a number above zero and its unit: `500GB`, `1.5TiB`
      """#),
  Golden(
    code: "M034", name: "a budget of nothing",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], budget: 0 }

      """#,
    rendered: #"""
      error[M034]: `budget` cannot be `0`
       --> civsync.yaml:4:32
        |
      4 |   c: { users: [alice], budget: 0 }
        |                                ^
        |
        = help: write a number above zero and its unit: `500GB`, `1.5TiB`
      """#),
  Golden(
    code: "M034", name: "a budget without a size",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], budget: { order: newest } }

      """#,
    rendered: #"""
      error[M034]: `budget` sets no size
       --> civsync.yaml:4:32
        |
      4 |   c: { users: [alice], budget: { order: newest } }
        |                                ^^^^^^^^^^^^^^^^^
        |
        = help: for example: `budget: { total: 500GB, perRun: 20GB }`
      """#),
  Golden(
    code: "M027", name: "a limit of nothing",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], limit: 0 }

      """#,
    rendered: #"""
      error[M027]: `limit` cannot be `0`
       --> civsync.yaml:4:31
        |
      4 |   c: { users: [alice], limit: 0 }
        |                               ^
        |
        = help: say how many models: 1 or more
      """#),
  Golden(
    code: "M004", name: "a limit without a number",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], limit: { order: newest } }

      """#,
    rendered: #"""
      error[M004]: `limit` must be a number, or a map that has `models`
       --> civsync.yaml:4:31
        |
      4 |   c: { users: [alice], limit: { order: newest } }
        |                               ^^^^^^^^^^^^^^^^^ this is a map
        |
        = help: for example: `limit: { models: 20, order: newest }`
      """#),
  Golden(
    code: "M027", name: "too many previews",
    text: #"""
      version: 1
      root: /models
      defaults: { previews: 21 }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M027]: `previews` cannot be `21`
       --> civsync.yaml:3:23
        |
      3 | defaults: { previews: 21 }
        |                       ^^
        |
        = help: say how many pictures: 0 to 20
      """#),
  Golden(
    code: "M011", name: "an unknown sidecar",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], sidecars: [civitai.inf] }

      """#,
    rendered: #"""
      error[M011]: `sidecars` cannot be `civitai.inf`
       --> civsync.yaml:4:35
        |
      4 |   c: { users: [alice], sidecars: [civitai.inf] }
        |                                   ^^^^^^^^^^^
        |
        = help: did you mean `civitai.info`?
      """#),
  Golden(
    code: "M027", name: "more calls than the site asks for",
    text: #"""
      version: 1
      root: /models
      transfer: { calls: 8 }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M027]: `calls` cannot be `8`
       --> civsync.yaml:3:20
        |
      3 | transfer: { calls: 8 }
        |                    ^
        |
        = help: 1 or 2: the site asks for no more at one time
      """#),
  Golden(
    code: "M035", name: "a wait that is no time",
    text: #"""
      version: 1
      root: /models
      transfer: { retries: [5s, never] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M035]: an item of `retries` cannot be `never`
       --> civsync.yaml:3:27
        |
      3 | transfer: { retries: [5s, never] }
        |                           ^^^^^
        |
        = help: how long to wait before a further try: `5s`, up to `1h`
      """#),
  Golden(
    code: "M035", name: "a time without a unit",
    text: #"""
      version: 1
      root: /models
      checks: [{ name: loads, run: ./test.sh, timeout: 60 }]
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M035]: `timeout` cannot be `60`
       --> civsync.yaml:3:50
        |
      3 | checks: [{ name: loads, run: ./test.sh, timeout: 60 }]
        |                                                  ^^
        |
        = help: write a whole number and its unit, up to a day: `60s`, `5m`, `2h`
      """#),
  Golden(
    code: "M035", name: "half a day",
    text: #"""
      version: 1
      root: /models
      keep: { within: 36h }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M035]: `within` is no whole number of days
       --> civsync.yaml:3:17
        |
      3 | keep: { within: 36h }
        |                 ^^^
        |
        = help: say how many days: `90d`
      """#),
  Golden(
    code: "M004", name: "a check without a command",
    text: #"""
      version: 1
      root: /models
      checks: [{ name: loads }]
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M004]: a check must be a map that has `run`
       --> civsync.yaml:3:10
        |
      3 | checks: [{ name: loads }]
        |          ^^^^^^^^^^^^^^^ this is a map
        |
        = help: for example: `{ name: loads, run: ./smoke-test.sh, timeout: 60s }`
      """#),
  Golden(
    code: "M026", name: "two checks of one name",
    text: #"""
      version: 1
      root: /models
      checks: [{ name: loads, run: a }, { name: loads, run: b }]
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M026]: two checks have the name `loads`
       --> civsync.yaml:3:43
        |
      3 | checks: [{ name: loads, run: a }, { name: loads, run: b }]
        |                                           ^^^^^
        |                  ----- the other one
        |
        = help: give each its own
      """#),
  Golden(
    code: "M031", name: "a policy that lets nothing pass",
    text: #"""
      version: 1
      root: /models
      policy: { formats: [] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M031]: `formats` is an empty list, so nothing passes
       --> civsync.yaml:3:20
        |
      3 | policy: { formats: [] }
        |                    ^^
        |
        = help: name what shall pass, or remove the key: then everything does
      """#),
  Golden(
    code: "M011", name: "a use that the site does not know",
    text: #"""
      version: 1
      root: /models
      policy: { commercialUse: [Sel] }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M011]: `commercialUse` cannot be `Sel`
       --> civsync.yaml:3:27
        |
      3 | policy: { commercialUse: [Sel] }
        |                           ^^^
        |
        = help: did you mean `Sell`?
      """#),
  Golden(
    code: "M013", name: "a placeholder with a bad limit",
    text: #"""
      version: 1
      root: /models
      layout: "{creator:0}/{file}"
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M013]: `0` is no number of bytes
       --> civsync.yaml:3:10
        |
      3 | layout: "{creator:0}/{file}"
        |          ^^^^^^^^^^^
        |
        = help: at most 255: `{model:40}`
      """#),
  Golden(
    code: "M013", name: "a last resort that is not last",
    text: #"""
      version: 1
      root: /models
      layout: "{'any'|precision}/{file}"
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M013]: a text between quotes comes last and is a part of one name
       --> civsync.yaml:3:10
        |
      3 | layout: "{'any'|precision}/{file}"
        |          ^^^^^^^^^^^^^^^^^
        |
        = help: for example `{precision|baseModel|'any'}`
      """#),
]
