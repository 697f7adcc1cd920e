/// Every text here is what a user reads, to the letter.
let goldenTrees: [Golden] = [
  Golden(
    code: "M036", name: "a tree that is not there",
    text: #"""
      version: 1
      trees:
        comfy: { root: /comfy }
        forge: { root: /forge, layout: forge }
      collections:
        c: { users: [alice], trees: [comfi] }

      """#,
    rendered: #"""
      error[M036]: there is no tree `comfi`
       --> civsync.yaml:6:32
        |
      6 |   c: { users: [alice], trees: [comfi] }
        |                                ^^^^^
        |
        = help: did you mean `comfy`?
      """#),
  Golden(
    code: "M037", name: "two trees with one root",
    text: #"""
      version: 1
      trees:
        comfy: { root: /models }
        forge: { root: /srv/../models, layout: forge }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M037]: the trees `comfy` and `forge` have one root
       --> civsync.yaml:4:18
        |
      3 |   comfy: { root: /models }
        |                  ------- the other one
      4 |   forge: { root: /srv/../models, layout: forge }
        |                  ^^^^^^^^^^^^^^
        |
        = help: one folder is one tree: give each a root of its own, or remove one
      """#),
  Golden(
    code: "M038", name: "root beside trees",
    text: #"""
      version: 1
      root: /models
      trees:
        forge: { root: /forge }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M038]: `root` and `trees` both say where the files go
       --> civsync.yaml:2:1
        |
      2 | root: /models
        | ^^^^
      3 | trees:
        | ----- the other one
        |
        = help: remove one of them
      """#),
  Golden(
    code: "M038", name: "root and trees of a collection",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], trees: main, root: /other }

      """#,
    rendered: #"""
      error[M038]: `root` and `trees` both say where this collection goes
       --> civsync.yaml:4:37
        |
      4 |   c: { users: [alice], trees: main, root: /other }
        |                                     ^^^^
        |                        ----- the other one
        |
        = help: remove one of them
      """#),
  Golden(
    code: "M007", name: "a tree without a root",
    text: #"""
      version: 1
      trees:
        forge: { layout: forge }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M007]: the tree `forge` has no `root`
       --> civsync.yaml:3:3
        |
      3 |   forge: { layout: forge }
        |   ^^^^^
        |
        = help: name the folder that your tool reads: `root: ~/ComfyUI/models`
      """#),
  Golden(
    code: "M007", name: "no tree at all",
    text: #"""
      version: 1
      trees: {}
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M007]: `trees` names no tree
       --> civsync.yaml:2:8
        |
      2 | trees: {}
        |        ^^
        |
        = help: for example: `trees: { comfy: { root: ~/ComfyUI/models, layout: comfyui } }`
      """#),
  Golden(
    code: "M026", name: "a tree without a fit name",
    text: #"""
      version: 1
      trees:
        my/tree: { root: /forge }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M026]: `my/tree` cannot name a tree
       --> civsync.yaml:3:3
        |
      3 |   my/tree: { root: /forge }
        |   ^^^^^^^
        |
        = help: up to 60 letters of `a`-`z`, digits, `-`, `_` and `.`, not beginning with `.`
      """#),
  Golden(
    code: "M031", name: "a collection for no tree",
    text: #"""
      version: 1
      root: /models
      collections:
        c: { users: [alice], trees: [] }

      """#,
    rendered: #"""
      error[M031]: `trees` is an empty list, so the files go nowhere
       --> civsync.yaml:4:31
        |
      4 |   c: { users: [alice], trees: [] }
        |                               ^^
        |
        = help: name a tree, or remove the key: then the files go to all of them
      """#),
  Golden(
    code: "M015", name: "one place for two objects",
    text: #"""
      version: 1
      root: /models
      collections:
        a:
          objects:
            - { sha256: &one 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/mine.safetensors }
        b:
          objects:
            - { sha256: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752, place: loras/Mine.safetensors }

      """#,
    rendered: #"""
      error[M015]: two different files have the place `loras/Mine.safetensors`
       --> civsync.yaml:9:9
        |
      6 |       - { sha256: &one 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/mine.safetensors }
        |         ---------------------------------------------------------------------------------------------------------------- the other one
      ...
      9 |       - { sha256: 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752, place: loras/Mine.safetensors }
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: give each its own `place`, or use a placeholder such as `{file}`
      """#),
]
