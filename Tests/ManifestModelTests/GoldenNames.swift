/// Every text here is what a user reads, to the letter.
let goldenNames: [Golden] = [
  Golden(
    code: "M023", name: "a model selected and excluded",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          models: [12, 13]
          exclude: { models: [13] }

      """#,
    rendered: #"""
      warning[M023]: model 13 is selected and excluded at once
       --> civsync.yaml:6:25
        |
      5 |     models: [12, 13]
        |                  -- selected here
      6 |     exclude: { models: [13] }
        |                         ^^
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M023", name: "a version selected and excluded",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          versions: [34]
          exclude: { versions: [34] }

      """#,
    rendered: #"""
      warning[M023]: version 34 is selected and excluded at once
       --> civsync.yaml:6:27
        |
      5 |     versions: [34]
        |                -- selected here
      6 |     exclude: { versions: [34] }
        |                           ^^
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M023", name: "a creator selected and excluded",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice, bob]
          exclude: { users: [Bob] }

      """#,
    rendered: #"""
      warning[M023]: creator `Bob` is selected and excluded at once
       --> civsync.yaml:6:24
        |
      5 |     users: [alice, bob]
        |                    --- selected here
      6 |     exclude: { users: [Bob] }
        |                        ^^^
        |
        = help: it is left out; remove one of the two
      """#),
  Golden(
    code: "M024", name: "a model type that looks like a slip",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          types: [Lroa]

      """#,
    rendered: #"""
      warning[M024]: `Lroa` is no word of the catalogue that civsync knows
       --> civsync.yaml:6:13
        |
      6 |     types: [Lroa]
        |             ^^^^
        |
        = help: did you mean `LORA`? it is taken as it stands
      """#),
  Golden(
    code: "M024", name: "a format that looks like a slip",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          files: { formats: SafeTensors }

      """#,
    rendered: #"""
      warning[M024]: `SafeTensors` is no word of the catalogue that civsync knows
       --> civsync.yaml:6:23
        |
      6 |     files: { formats: SafeTensors }
        |                       ^^^^^^^^^^^
        |
        = help: did you mean `SafeTensor`? it is taken as it stands
      """#),
  Golden(
    code: "M025", name: "a layout without the file",
    text: #"""
      version: 1
      root: /models
      layout: "{type}/{creator}"
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M025]: the layout gives many files one path
       --> civsync.yaml:3:9
        |
      3 | layout: "{type}/{creator}"
        |         ^^^^^^^^^^^^^^^^^^
        |
        = help: let it hold `{file}`, `{stem}` or `{fileId}`, or end it with `/`
      """#),
  Golden(
    code: "M026", name: "a name with a slash",
    text: #"""
      version: 1
      root: /models
      collections:
        a/b: { users: [alice] }

      """#,
    rendered: #"""
      error[M026]: `a/b` cannot name a collection
       --> civsync.yaml:4:3
        |
      4 |   a/b: { users: [alice] }
        |   ^^^
        |
        = help: up to 100 bytes, without `/`, control characters, and spaces at the ends
      """#),
  Golden(
    code: "M026", name: "a creator that is an address",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: ["https://civitai.com/user/alice"]

      """#,
    rendered: #"""
      error[M026]: `https://civitai.com/user/alice` is not a creator's name
       --> civsync.yaml:5:13
        |
      5 |     users: ["https://civitai.com/user/alice"]
        |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: write the name alone, as it stands at the end of the page's address
      """#),
  Golden(
    code: "M026", name: "an empty text",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [""]

      """#,
    rendered: #"""
      error[M026]: an item of `users` is empty
       --> civsync.yaml:5:13
        |
      5 |     users: [""]
        |             ^^
        |
        = help: write it on one line, without escapes
      """#),
  Golden(
    code: "M026", name: "a control character",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: ["a\eb"]

      """#,
    rendered: #"""
      error[M026]: an item of `users` holds a control character
       --> civsync.yaml:5:13
        |
      5 |     users: ["a\eb"]
        |             ^^^^^^
        |
        = help: write it on one line, without escapes
      """#),
  Golden(
    code: "M027", name: "an id that is no number",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          versions: [-3]

      """#,
    rendered: #"""
      error[M027]: a version id cannot be `-3`
       --> civsync.yaml:5:16
        |
      5 |     versions: [-3]
        |                ^^
        |
        = help: an id is a whole number greater than zero, as in the page's address
      """#),
  Golden(
    code: "M027", name: "newest of none",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          versions: { newest: 0 }

      """#,
    rendered: #"""
      error[M027]: `newest` cannot be `0`
       --> civsync.yaml:6:25
        |
      6 |     versions: { newest: 0 }
        |                         ^
        |
        = help: say how many versions: 1 or more
      """#),
  Golden(
    code: "M028", name: "a manifest that declares nothing",
    text: #"""
      version: 1
      root: /models
      collections: {}

      """#,
    rendered: #"""
      warning[M028]: the manifest declares nothing
       --> civsync.yaml:3:1
        |
      3 | collections: {}
        | ^^^^^^^^^^^
        |
        = help: an apply would remove all that civsync placed
      """#),
  Golden(
    code: "M029", name: "a list in defaults",
    text: #"""
      version: 1
      root: /models
      defaults:
        versions: [34]
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M029]: `versions` in `defaults` takes no list
       --> civsync.yaml:4:13
        |
      4 |   versions: [34]
        |             ^^^^
        |
        = help: a list selects versions: put it into a collection
      """#),
]
