/// Every text here is what a user reads, to the letter.
let goldenYAML: [Golden] = [
  Golden(
    code: "Y004", name: "a control character",
    text: #"""
      version: 1
      root: /models
      link: \#u{1b}[0m

      """#,
    rendered: #"""
      error[Y004]: a character that YAML does not allow
       --> civsync.yaml:3:7
        |
      3 | link: �[0m
        |       ^ control characters are not allowed
        |
        = help: remove it, or write it as an escape such as `"\e"` between double quotes
      """#),
  Golden(
    code: "Y005", name: "a tab as indentation",
    text: #"""
      version: 1
      root: /models
      collections:
      \#u{9}c: {}

      """#,
    rendered: #"""
      error[Y005]: a tab cannot indent YAML
       --> civsync.yaml:4:1
        |
      4 |     c: {}
        | ^^^^
        |
        = help: use spaces
      """#),
  Golden(
    code: "Y006", name: "broken YAML",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice
          types: [LORA]

      """#,
    rendered: #"""
      error[Y006]: this is not valid YAML: did not find expected ',' or ']'
       --> civsync.yaml:6:10
        |
      5 |     users: [alice
        |            - while parsing a flow sequence
      6 |     types: [LORA]
        |          ^
        |
        = help: is a `,` or the closing `]` missing?
      """#),
  Golden(
    code: "Y006", name: "a colon in a value",
    text: #"""
      version: 1
      root: /models
      store: a: b

      """#,
    rendered: #"""
      error[Y006]: this is not valid YAML: mapping values are not allowed in this context
       --> civsync.yaml:3:9
        |
      3 | store: a: b
        |         ^
        |
        = help: a value with `: ` in it needs quotes; else check the indentation
      """#),
  Golden(
    code: "Y010", name: "an alias without its anchor",
    text: #"""
      version: 1
      root: /models
      defaults: &base {scan: allow-pending}
      collections: *bse

      """#,
    rendered: #"""
      error[Y010]: there is no anchor `&bse` before this alias
       --> civsync.yaml:4:14
        |
      4 | collections: *bse
        |              ^^^^
        |
        = help: did you mean `*base`?
      """#),
  Golden(
    code: "Y010", name: "an alias inside its anchor",
    text: #"""
      version: 1
      root: /models
      collections: &all {c: *all}

      """#,
    rendered: #"""
      error[Y010]: the alias `*all` stands inside what it names
       --> civsync.yaml:3:23
        |
      3 | collections: &all {c: *all}
        |                       ^^^^
        |
        = help: a value cannot hold itself: remove the alias
      """#),
  Golden(
    code: "Y011", name: "a second document",
    text: #"""
      version: 1
      root: /models
      ---
      version: 1

      """#,
    rendered: #"""
      error[Y011]: a second YAML document begins here
       --> civsync.yaml:3:1
        |
      3 | ---
        | ^^^
        |
        = help: a manifest is one document: remove the `---` or split the file
      """#),
  Golden(
    code: "Y012", name: "a duplicate key",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: [alice]
          types: [LORA]
          users: [bob]

      """#,
    rendered: #"""
      error[Y012]: the key `users` stands here twice
       --> civsync.yaml:7:5
        |
      5 |     users: [alice]
        |     ----- first here
      ...
      7 |     users: [bob]
        |     ^^^^^ again here
        |
        = help: put both values under one key, or remove one
      """#),
  Golden(
    code: "Y013", name: "a tag",
    text: #"""
      version: 1
      root: /models
      link: !fast copy

      """#,
    rendered: #"""
      error[Y013]: the tag `!fast` is not supported
       --> civsync.yaml:3:7
        |
      3 | link: !fast copy
        |       ^^^^^^^^^^
        |
        = help: remove it: civsync knows each value's type by its key
      """#),
  Golden(
    code: "Y013", name: "a tag directive",
    text: #"""
      %TAG ! tag:example.org,2000:
      ---
      version: 1
      root: /models

      """#,
    rendered: #"""
      error[Y013]: `%TAG` is not supported
       --> civsync.yaml:1:1
        |
      1 | %TAG ! tag:example.org,2000:
        | ^^^^
        |
        = help: remove the line: a manifest needs no tags
      """#),
  Golden(
    code: "Y014", name: "a merge of what is no map",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          <<: alice
          users: [bob]

      """#,
    rendered: #"""
      error[Y014]: `<<` can only merge maps
       --> civsync.yaml:5:9
        |
      5 |     <<: alice
        |         ^^^^^
        |
        = help: name an anchored map: `<<: *name`
      """#),
  Golden(
    code: "Y015", name: "a key that is no text",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          {users}: [alice]
          users: [bob]

      """#,
    rendered: #"""
      error[Y015]: a key must be plain text
       --> civsync.yaml:5:5
        |
      5 |     {users}: [alice]
        |     ^^^^^^^
        |
        = help: text with `{` or `[` at its start needs quotes
      """#),
]
