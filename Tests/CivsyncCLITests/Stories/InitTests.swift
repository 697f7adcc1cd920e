import CivsyncCLI
import Core
import Engine
import GitStore
import Synchronization
import SystemIO
import Testing

struct `A new manifest` {
  @Test func `without a terminal the options and the defaults make it`() async throws {
    let story = try Story()
    let ran = await story.civsync("init")
    #expect(ran.code == .ok)
    #expect(ran.errors.isEmpty)
    #expect(
      ran.output == """
        Wrote `civsync.yaml`.
        It selects nothing yet: name a creator or a model in it.
        Next: `civsync plan` shows what would be fetched, and changes nothing.

        """)
    let text = try #require(story.read("civsync.yaml"))
    #expect(text.contains("\nroot: ~/ComfyUI/models\n"))
    #expect(text.contains("\nlayout: comfyui\n"))
    let check = await story.civsync("validate")
    #expect(check.code == .ok)
    #expect(check.output == "civsync.yaml is valid, with 1 warning: 0 collections\n")
  }

  @Test func `what the options name is in it, whatever its characters`() async throws {
    let story = try Story()
    let ran = await story.civsync(
      "init", "--root", "/srv/my \"models\" #1", "--layout", "{type}/{creator}/{file}", "--user",
      "alice", "--user", "null", "--user", "yes", "--user", "007", "--model", "4201", "--model",
      "https://civitai.com/models/133005?modelVersionId=5", "--model", "101055@128078")
    #expect(ran.code == .ok)
    #expect(
      ran.output == """
        Wrote `civsync.yaml`.
        Next: `civsync plan` shows what would be fetched, and changes nothing.

        """)
    let text = try #require(story.read("civsync.yaml"))
    #expect(text.contains(#"root: "/srv/my \"models\" #1""#))
    #expect(text.contains("      - alice\n      - \"null\"\n      - \"yes\"\n      - 007\n"))
    let check = await story.civsync("validate")
    #expect(check.output == "civsync.yaml is valid: 2 collections, 4 users, 3 models\n")
    #expect(check.errors.isEmpty)
  }

  @Test func `each layout brings the folder that its tool reads`() {
    let roots = [
      "comfyui": "~/ComfyUI/models", "a1111": "~/stable-diffusion-webui",
      "forge": "~/stable-diffusion-webui-forge", "stabilitymatrix": "~/StabilityMatrix/Models",
      "swarmui": "~/SwarmUI/Models", "flat": "~/models", "{type}/{file}": "~/models",
    ]
    for (layout, root) in roots {
      #expect(ManifestDraft(layout: layout).text.contains("\nroot: \(root)\n"))
    }
  }

  @Test(arguments: ["a: b", "- x", "#x", "\u{85}", "\u{2028}x\u{FEFF}", "ä \\ \"", "~", "{a}", "*"])
  func `a folder of any name is one value`(root: String) {
    let line = ManifestDraft(root: root).text.split(separator: "\n").first {
      $0.hasPrefix("root: ")
    }
    #expect(line?.hasPrefix("root: \"") == true)
    #expect(line?.hasSuffix("\"") == true)
  }

  @Test func `one that is there stays, unless it is to be overwritten`() async throws {
    let story = try Story()
    try story.write("mine\n", to: "civsync.yaml")
    let refused = await story.civsync("init", "--user", "alice")
    #expect(refused.code == .failed)
    #expect(refused.output.isEmpty)
    #expect(
      refused.errors == """
        error[C100]: there is a manifest already: `\(story.path("civsync.yaml"))`
          help: edit it, name another file with `-f`, or let `--force` overwrite it

        """)
    #expect(story.read("civsync.yaml") == "mine\n")
    let json = await story.civsync("init", "--json")
    #expect(json.code == .failed)
    #expect(json.output.hasPrefix(#"{"version":1,"exit":1,"diagnostics":[{"code":"C100""#))
    let forced = await story.civsync("init", "--user", "alice", "--force")
    #expect(forced.code == .ok)
    #expect(await story.civsync("validate").code == .ok)
  }

  @Test func `one that comes in the last moment stays too`() async throws {
    let story = try Story()
    story.observe(
      Intruder { call, path in
        if call == "rename", path.hasSuffix("/civsync.yaml") {
          try? story.write("theirs\n", to: "civsync.yaml")
        }
        return nil
      })
    let ran = await story.civsync("init")
    #expect(ran.code == .failed)
    #expect(ran.errors.hasPrefix("error[C100]: there is a manifest already"))
    #expect(story.read("civsync.yaml") == "theirs\n")
    #expect(story.placed("") == ["civsync.yaml"], "no temporary file is left")
  }

  @Test(arguments: ["stat", "write"])
  func `a disk that refuses is said`(call: String) async throws {
    let story = try Story()
    story.observe(Intruder { name, _ in name == call ? SystemError.tooBig : nil })
    let ran = await story.civsync("init")
    #expect(ran.code == .failed)
    #expect(ran.errors.hasPrefix("error[C101]: the manifest could not be written: cannot"))
    #expect(story.placed("") == [])
    let forced = await story.civsync("init", "--force")
    #expect(forced.errors.hasPrefix("error[C101]"))
  }

  @Test func `options that make no manifest are told, and nothing is written`() async throws {
    let story = try Story()
    let ran = await story.civsync("init", "--model", "abc")
    #expect(ran.code == .usage)
    #expect(ran.errors.hasPrefix("error[M008]: `abc` names no model\n"))
    #expect(
      ran.errors.hasSuffix(
        """
        error[C102]: the manifest would not be valid; nothing was written
          help: correct the options that it was made from

        """))
    #expect(!story.exists("civsync.yaml"))
  }

  @Test func `another place is named in the next step`() async throws {
    let story = try Story()
    let named = await story.civsync("init", "-f", "sets/sdxl.yaml", "--json")
    #expect(named.code == .ok)
    #expect(
      named.output == #"{"version":1,"exit":0,"manifest":""# + story.path("sets/sdxl.yaml")
        + #"","next":"civsync plan -f sets/sdxl.yaml"}"# + "\n")
    let project = await story.civsync("init", "--project", "other")
    #expect(project.output.hasPrefix("Wrote `other/civsync.yaml`.\n"))
    #expect(project.output.contains("`civsync plan --project other`"))
    let elsewhere = try Story()
    let far = await story.civsync("init", "-f", elsewhere.path("far.yaml"))
    #expect(far.output.hasPrefix("Wrote `\(elsewhere.path("far.yaml"))`.\n"))
    #expect(elsewhere.exists("far.yaml"))
  }

  @Test func `on a terminal it asks for what is missing`() async throws {
    let story = try Story()
    let ran = await story.answering(
      "init",
      answers: [
        "forge", " /srv/webui ", "alice, https://civitai.com/user/bob/models 4201 133005@5",
      ])
    #expect(ran.code == .ok)
    #expect(
      ran.errors == "Layout: comfyui, a1111, forge, stabilitymatrix, swarmui, flat, or a template "
        + "[comfyui]: The folder that your tool reads [~/stable-diffusion-webui-forge]: "
        + "Creators to follow by name, models by id or address [none yet]: ")
    let text = try #require(story.read("civsync.yaml"))
    #expect(text.contains("\nroot: /srv/webui\n"))
    #expect(text.contains("\nlayout: forge\n"))
    #expect(text.contains("      - alice\n      - bob\n"))
    #expect(text.contains("      - 4201\n      - 133005@5\n"))
    #expect(await story.civsync("validate").code == .ok)
  }

  @Test func `what the options say is not asked, and no answer is the default`() async throws {
    let story = try Story()
    let options = await story.answering(
      "init", "--layout", "flat", "--model", "1", answers: [""])
    #expect(options.errors == "The folder that your tool reads [~/models]: ")
    #expect(try #require(story.read("civsync.yaml")).contains("\nroot: ~/models\n"))
    let silent = await story.answering("init", "--force", answers: [])
    #expect(silent.code == .ok)
    #expect(try #require(story.read("civsync.yaml")).contains("\ncollections: {}\n"))
  }

  @Test func `an answer that cannot be is asked again, three times at most`() async throws {
    let story = try Story()
    let healed = await story.answering(
      "init", "--root", "m", "--user", "alice", answers: ["confyui", "comfyui"])
    #expect(healed.code == .ok)
    #expect(
      healed.errors.contains("`layout` cannot be `confyui`; did you mean `comfyui`?\nLayout: "))
    let stubborn = await story.answering(
      "init", "--force", "--layout", "flat", "--root", "m", answers: ["a/b", "a/b", "a/b", "1"])
    #expect(stubborn.code == .usage)
    #expect(
      stubborn.errors.hasSuffix(
        """
        error[C103]: there was no answer that a manifest can hold; nothing was written
          help: run `civsync init --help` for what can be said

        """))
    #expect(try #require(story.read("civsync.yaml")).contains("- alice"))
  }
}

/// Does something before a call of the system, or makes it fail.
private struct Intruder: SystemCallObserver {
  let act: @Sendable (_ call: String, _ path: String) -> Int32?

  func willCall(_ call: String, path: String) -> Int32? { act(call, path) }
}

extension Story {
  /// Runs a command on what passes for a terminal, with an answer to each question in turn.
  fileprivate func answering(_ arguments: String..., answers: [String]) async -> Ran {
    let output = MemoryOutput()
    let errors = MemoryOutput()
    let rest = AnswerQueue(answers)
    let engine = EngineContext(
      fileSystem: FileSystem(), environment: [:], clock: clock,
      now: { GitTime(seconds: 1_767_225_600) }, random: { 0.5 }, userAgent: "civsync/test",
      process: 4711, command: "civsync init")
    let context = CommandContext(
      engine: engine, workingFolder: folder, home: folder, output: output, errors: errors,
      readLine: { rest.next() }, readSecret: { rest.next() }, canAsk: true, uptime: { .zero })
    let code = await CivsyncTool.run(arguments, context)
    return Ran(code: code, output: output.text, errors: errors.text)
  }
}

private final class AnswerQueue: Sendable {
  private let answers: Mutex<[String]>

  init(_ answers: [String]) { self.answers = Mutex(answers) }

  func next() -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
