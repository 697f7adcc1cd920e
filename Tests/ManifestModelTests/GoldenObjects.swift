/// Every text here is what a user reads, to the letter.
let goldenObjects: [Golden] = [
  Golden(
    code: "M039", name: "an object without a digest",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - place: loras/mine.safetensors

      """#,
    rendered: #"""
      error[M039]: this object has no `sha256`
       --> civsync.yaml:6:9
        |
      6 |       - place: loras/mine.safetensors
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: `sha256sum FILE` prints it
      """#),
  Golden(
    code: "M039", name: "a part of a digest",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects: [{ sha256: 9F86D08188, place: loras/mine.safetensors }]

      """#,
    rendered: #"""
      error[M039]: `9F86D08188` is no SHA-256 digest
       --> civsync.yaml:5:25
        |
      5 |     objects: [{ sha256: 9F86D08188, place: loras/mine.safetensors }]
        |                         ^^^^^^^^^^
        |
        = help: this is part of one, as AutoV2 shows it: the whole has 64 digits, and `sha256sum FILE` prints it
      """#),
  Golden(
    code: "M039", name: "no digest at all",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects: [{ sha256: md5, place: loras/mine.safetensors }]

      """#,
    rendered: #"""
      error[M039]: `md5` is no SHA-256 digest
       --> civsync.yaml:5:25
        |
      5 |     objects: [{ sha256: md5, place: loras/mine.safetensors }]
        |                         ^^^
        |
        = help: it has 64 hexadecimal digits: `sha256sum FILE` prints it
      """#),
  Golden(
    code: "M039", name: "an object without a place",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

      """#,
    rendered: #"""
      error[M039]: this object has no `place`
       --> civsync.yaml:6:9
        |
      6 |       - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: say where it goes below the root: `place: loras/mine.safetensors`
      """#),
  Golden(
    code: "M039", name: "an object with placeholders",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              place: loras/{file}

      """#,
    rendered: #"""
      error[M039]: an object's `place` takes no placeholders
       --> civsync.yaml:7:16
        |
      7 |         place: loras/{file}
        |                ^^^^^^^^^^^^
        |
        = help: its digest is all that is known of it: write the whole path
      """#),
  Golden(
    code: "M039", name: "a folder without a name for the file",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              place: loras/

      """#,
    rendered: #"""
      error[M039]: this `place` is a folder, and no name is known for the file in it
       --> civsync.yaml:7:16
        |
      7 |         place: loras/
        |                ^^^^^^
        |
        = help: end it with the file's name, or give a `url` that does
      """#),
  Golden(
    code: "M040", name: "an address with a password",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              place: loras/
              url: https://me:pw@example.org/mine.safetensors

      """#,
    rendered: #"""
      error[M040]: this address cannot be fetched
       --> civsync.yaml:8:14
        |
      8 |         url: https://me:pw@example.org/mine.safetensors
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: write `https://`, the host and the path, without name and password; what needs a login cannot be declared
      """#),
  Golden(
    code: "M040", name: "an address in the clear",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              place: loras/mine.safetensors
              url: http://nas.example/mine.safetensors

      """#,
    rendered: #"""
      error[M040]: this address would be fetched in the clear
       --> civsync.yaml:8:14
        |
      8 |         url: http://nas.example/mine.safetensors
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: use `https`; `http` is for servers on this machine, and for others with `insecure: true`
      """#),
  Golden(
    code: "M041", name: "an address with a token",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              place: loras/mine.safetensors
              url: https://example.org/mine.safetensors?X-Amz-Signature=abc

      """#,
    rendered: #"""
      error[M041]: the query item `X-Amz-Signature` of this address looks like a secret
       --> civsync.yaml:8:14
        |
      8 |         url: https://example.org/mine.safetensors?X-Amz-Signature=abc
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: it would end up in the lock and in the history: use an address that needs none
      """#),
  Golden(
    code: "M022", name: "an object listed twice",
    text: #"""
      version: 1
      root: /models
      collections:
        c:
          objects:
            - { sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/a.pt }
            - { sha256: 9F86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/A.pt }

      """#,
    rendered: #"""
      warning[M022]: the object at `loras/A.pt` is listed twice
       --> civsync.yaml:7:9
        |
      6 |       - { sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/a.pt }
        |         ----------------------------------------------------------------------------------------------- first here
      7 |       - { sha256: 9F86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, place: loras/A.pt }
        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: remove one of them
      """#),
]
