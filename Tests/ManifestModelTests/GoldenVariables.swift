/// Every text here is what a user reads, to the letter.
let goldenVariables: [Golden] = [
  Golden(
    code: "M033", name: "a variable that stands for itself",
    text: #"""
      version: 1
      vars:
        disk: ${base}/models
        base: ${disk}
      root: ${disk}
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M033]: the variable `disk` stands for itself
       --> civsync.yaml:3:3
        |
      3 |   disk: ${base}/models
        |   ^^^^ disk → base → disk
        |
        = help: give one of them a value of its own
      """#),
  Golden(
    code: "M019", name: "a variable in a key",
    text: #"""
      version: 1
      root: /models
      collections:
        ${TEAM}:
          users: [alice]

      """#,
    rendered: #"""
      error[M019]: a key is not expanded
       --> civsync.yaml:4:3
        |
      4 |   ${TEAM}:
        |   ^^^^^^^
        |
        = help: write the key out: variables stand in values only
      """#),
  Golden(
    code: "M019", name: "a value that grows too long",
    text: #"""
      version: 1
      vars:
        a: 0123456789012345678901234567890123456789012345678901234567890123456789
        b: ${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}${a}
        c: ${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}${b}
        d: ${c}${c}${c}
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M019]: the value is longer than 65536 bytes once its variables are expanded
       --> civsync.yaml:6:6
        |
      6 |   d: ${c}${c}${c}
        |      ^^^^^^^^^^^^
        |
        = help: no value of a manifest is that long
      """#),
  Golden(
    code: "M018", name: "a secret among vars",
    text: #"""
      version: 1
      vars: { HF_TOKEN: abc }
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M018]: the variable `HF_TOKEN` looks like a secret
       --> civsync.yaml:2:9
        |
      2 | vars: { HF_TOKEN: abc }
        |         ^^^^^^^^
        |
        = help: what a manifest says ends up in plans, locks and snapshots: use another variable
      """#),
  Golden(
    code: "M026", name: "a variable without a fit name",
    text: #"""
      version: 1
      vars: { big-disk: /mnt }
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M026]: `big-disk` cannot name a variable
       --> civsync.yaml:2:9
        |
      2 | vars: { big-disk: /mnt }
        |         ^^^^^^^^
        |
        = help: letters, digits and `_`, not beginning with a digit
      """#),
  Golden(
    code: "M004", name: "a variable that is a list",
    text: #"""
      version: 1
      vars: { people: [alice, bob] }
      root: /models
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M004]: the variable `people` must be one value
       --> civsync.yaml:2:17
        |
      2 | vars: { people: [alice, bob] }
        |                 ^^^^^^^^^^^^ this is a list
      """#),
  Golden(
    code: "M017", name: "an unset variable outside of a path",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          users: ["${CREATOR}"]

      """#,
    rendered: #"""
      error[M017]: the variable `CREATOR` is not set
       --> civsync.yaml:5:14
        |
      5 |     users: ["${CREATOR}"]
        |              ^^^^^^^^^^
        |
        = help: set it, or give a default: `${CREATOR:-…}`
      """#),
  Golden(
    code: "M027", name: "a number from a variable",
    text: #"""
      version: 1
      vars: { many: lots }
      root: /models
      collections:
        c: { users: [alice], limit: "${many}" }

      """#,
    rendered: #"""
      error[M027]: `limit` cannot be `lots`
       --> civsync.yaml:5:31
        |
      5 |   c: { users: [alice], limit: "${many}" }
        |                               ^^^^^^^^^
        |
        = help: say how many models: 1 or more
      """#),
]
