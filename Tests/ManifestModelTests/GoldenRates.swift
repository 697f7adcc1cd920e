/// Every text here is what a user reads, to the letter.
let goldenRates: [Golden] = [
  Golden(
    code: "M034", name: "a reserve that is the whole disk",
    text: #"""
      version: 1
      root: /models
      limits: { disk: 100% }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M034]: `disk` cannot be `100%`
       --> civsync.yaml:3:17
        |
      3 | limits: { disk: 100% }
        |                 ^^^^
        |
        = help: a size such as `10GB`, or a part of the disk from `1%` to `99%`
      """#),
  Golden(
    code: "M047", name: "hours without minutes",
    text: #"""
      version: 1
      root: /models
      transfer: { limitRate: { 8-18: 2MB } }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M047]: `8-18` is no part of the day
       --> civsync.yaml:3:26
        |
      3 | transfer: { limitRate: { 8-18: 2MB } }
        |                          ^^^^
        |
        = help: two times that differ, such as `08:00-18:00` or `22:00-06:00`, or `otherwise`
      """#),
  Golden(
    code: "M047", name: "a part of the day that has no length",
    text: #"""
      version: 1
      root: /models
      transfer: { limitRate: { "00:00-24:00": pause } }
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M047]: `00:00-24:00` is no part of the day
       --> civsync.yaml:3:26
        |
      3 | transfer: { limitRate: { "00:00-24:00": pause } }
        |                          ^^^^^^^^^^^^^
        |
        = help: two times that differ, such as `08:00-18:00` or `22:00-06:00`, or `otherwise`
      """#),
  Golden(
    code: "M048", name: "a night that runs into the morning",
    text: #"""
      version: 1
      root: /models
      transfer:
        limitRate:
          "05:30-08:00": 2MB
          "22:00-06:00": pause
      collections: { c: { users: [alice] } }

      """#,
    rendered: #"""
      error[M048]: two parts of the day overlap in `limitRate`
       --> civsync.yaml:6:5
        |
      5 |     "05:30-08:00": 2MB
        |     ------------- the other one
      6 |     "22:00-06:00": pause
        |     ^^^^^^^^^^^^^
        |
        = help: let one end where the other begins
      """#),
]
