import Core
import Engine
import Testing

@testable import CivsyncCLI

@Suite struct `A verification` {
  private func report() throws -> VerifyReport {
    var report = VerifyReport(store: try #require(AbsolutePath("/p/.civsync/store")))
    report.objects = 240
    report.bytes = ByteCount(18_200_000_000)
    return report
  }

  @Test func `names every place of a damaged object, and the object where none shows it`() throws {
    var report = try report()
    var rot = VerifyReport.Damage(digest: try Sample.digest(0x1), kind: .rot)
    rot.places = [
      .init(place: try Sample.place("loras/b.safetensors"), standing: .changed),
      .init(place: try Sample.place("loras/a.safetensors"), standing: .shared),
      .init(place: try Sample.place("loras/c.safetensors"), standing: .absent),
    ]
    var edited = VerifyReport.Damage(digest: try Sample.digest(0x2), kind: .edited)
    (edited.bytes, edited.expectedBytes) = (1_200, 1_000)
    var unreadable = VerifyReport.Damage(digest: try Sample.digest(0x3), kind: .unreadable)
    unreadable.reason = "input/output error"
    report.damaged = [rot, edited, unreadable]
    (report.read, report.readBytes, report.sound) = (240, report.bytes, 237)
    report.seconds = 12
    report.isStopped = true
    report.setAside = 1
    report.pending = "an apply begun at noon did not come to its end"
    let text = VerifyView.human(report, offsetMinutes: 0, ViewOptions(width: 80))
      .replacing(/[0-9a-f]{64}/, with: "DIGEST")
    #expect(
      text == """
        Bit rot: 1 object
          ! loras/a.safetensors
            other content; size and time are those that it was stored with
            sha256 DIGEST
            also loras/b.safetensors: the place was changed since it was placed
            also loras/c.safetensors: nothing is at the place

        Edited: 1 object
          ! sha256 DIGEST
            1.2 kB in the place of 1 kB: it was written to

        Unreadable: 1 object
          ! sha256 DIGEST
            input/output error

        Stopped: read 240 objects, 18.2 GB, in 12 s: 237 sound, 1 bit rot, 1 edited, 1
        unreadable.
        1 object that was damaged before: `damaged/` of the store.
        No command takes them for sound. `civsync verify --repair` restores what it can,
        and keeps what they hold.
        Warning: an apply begun at noon did not come to its end

        """)
    #expect(report.exit == .interrupted)
    report.isStopped = false
    #expect(report.exit == .verificationFailed)
  }

  @Test func `says how far it came`() throws {
    var report = try report()
    (report.read, report.readBytes, report.sound) = (24, ByteCount(1_900_000_000), 24)
    report.seconds = 1.5
    report.isOutOfTime = true
    report.neverRead = 200
    #expect(
      VerifyView.human(report, offsetMinutes: 0) == """
        Read 24 of 240 objects, 1.9 of 18.2 GB, in 1.5 s: all sound.
        The time was over; the next run goes on with the rest.
        200 objects were never read since they came.

        """)
    report.neverRead = 0
    report.oldest = 1_767_225_660
    #expect(
      VerifyView.human(report, offsetMinutes: 60).contains(
        "All were read since 2026-01-01 01:01:00."))
    #expect(report.exit == .ok)
  }

  @Test func `shows share, speed and what is left while it reads`() {
    let (some, all) = (ByteCount(8_200_000_000), ByteCount(18_200_000_000))
    #expect(
      VerifyProgress.line(12, 240, some, all, 1_000_000_000)
        == "45 % · 12 of 240 objects · 8.2 of 18.2 GB · 1 GB/s · 10 s left")
    #expect(
      VerifyProgress.line(0, 1, .zero, all, nil) == "0 % · 0 of 1 object · 0 B of 18.2 GB")
    #expect(VerifyProgress.line(0, 1, .zero, .zero, 0) == "0 of 1 object · 0 B")
  }

  @Test func `is JSON for programs`() throws {
    var report = try report()
    var damage = VerifyReport.Damage(digest: try Sample.digest(0x1), kind: .missing)
    damage.places = [.init(place: try Sample.place("a"), standing: .own)]
    report.damaged = [damage]
    report.remarks = [
      .init(digest: try Sample.digest(0x2), kind: .permissions, mode: 0o644),
      .init(digest: try Sample.digest(0x2), kind: .time),
    ]
    report.strays = [.init(path: "sha256/x", bytes: nil, isTemporary: false)]
    report.sample = .init(share: 0.1, seed: 7)
    let text = VerifyView.json(report).text.replacing(/[0-9a-f]{64}/, with: "DIGEST")
    #expect(
      text
        == #"{"version":1,"exit":7,"store":"/p/.civsync/store","objects":240,"bytes":18200000000,"#
        + #""read":0,"readBytes":0,"sound":0,"damaged":[{"sha256":"DIGEST","kind":"missing","#
        + #""bytes":null,"expectedBytes":null,"reason":null,"places":[{"place":{"tree":"main","#
        + #""path":"a"},"standing":"own"}]}],"remarks":[{"sha256":"DIGEST","kind":"permissions","#
        + #""mode":"644"},{"sha256":"DIGEST","kind":"time","mode":null}],"strays":[{"path":"#
        + #""sha256/x","bytes":null,"temporary":false}],"setAside":0,"sample":{"share":0.1,"#
        + #""seed":"7"},"outOfTime":false,"stopped":false,"leftOut":[],"neverRead":0,"#
        + #""oldest":null,"#
        + #""seconds":0.0,"pending":null}"# + "\n")
  }
}
