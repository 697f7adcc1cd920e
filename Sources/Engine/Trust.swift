package import Core
import FoundationEssentials
package import ManifestModel
import SystemIO

/// The commands of a manifest, and whether this machine's user has agreed to run them.
package struct TrustInquiry: Sendable {
  package var manifest: AbsolutePath
  package var checks: [CheckSpec]
  package var digest: Digest
  package var isTrusted: Bool
}

/// Which commands the user has agreed to: `trust.jsonl` in the user's own state folder, one line for
/// each agreement, appended. Without it nothing runs.
struct TrustStore {
  private struct Line: Codable {
    var version = 1
    /// Seconds since 1970.
    var time: Int64
    var manifest: String
    var sha256: String
  }

  /// What is agreed to: these commands of this manifest, under these names.
  private struct Subject: Codable {
    struct Check: Codable {
      var name: String
      var run: String
    }

    var manifest: String
    var checks: [Check]
  }

  let path: AbsolutePath
  let fileSystem: FileSystem

  static func digest(_ checks: [CheckSpec], of manifest: AbsolutePath) -> Digest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let subject = Subject(
      manifest: manifest.string, checks: checks.map { .init(name: $0.name, run: $0.command) })
    let data = (try? encoder.encode(subject)) ?? Data()
    return ContentHasher.digest(of: Array(data))
  }

  /// - Throws: when others may write the file: then it says nothing about this user's will.
  func isTrusted(_ digest: Digest) throws(EngineError) -> Bool {
    let bytes: [UInt8]
    do {
      guard let status = try fileSystem.status(path, followingLinks: true) else { return false }
      guard status.mode & 0o022 == 0 else {
        throw EngineError(
          "C147", "`\(path)` can be written by others, so it is not believed",
          help: "run `chmod 600 \(path)` if what it says is yours", exit: .refused)
      }
      bytes = try fileSystem.read(path) ?? []
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError("C147", "cannot read what is trusted: \(error)", exit: .refused)
    }
    return bytes.split(separator: 0x0a).contains { text in
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(text)) else { return false }
      return line.version == 1 && line.sha256 == digest.hex
    }
  }

  func add(_ inquiry: TrustInquiry, now: Int64) throws(EngineError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Line(time: now, manifest: inquiry.manifest.string, sha256: inquiry.digest.hex)
    guard let data = try? encoder.encode(line) else { return }
    do {
      try fileSystem.makeFolders(path.parent)
      let file = try fileSystem.open(path, .updateOrCreate, followingLinks: true, mode: 0o600)
      let size = try file.status().size
      // A line that was cut off by a crash must not swallow this one.
      try file.write(([0x0a] + Array(data) + [0x0a])[(size == 0 ? 1 : 0)...], at: size)
      try file.sync()
    } catch {
      throw EngineError("C147", "what is trusted could not be written: \(error)")
    }
  }
}

extension Engine {
  /// The manifest's commands and whether they may run here.
  package func trustInquiry() async throws -> TrustInquiry {
    try await disk.run { () throws(EngineError) in
      let manifest = try self.loadManifest().manifest
      let digest = TrustStore.digest(manifest.checks, of: self.project.manifest)
      return TrustInquiry(
        manifest: self.project.manifest, checks: manifest.checks, digest: digest,
        isTrusted: manifest.checks.isEmpty ? true : try self.trustStore().isTrusted(digest))
    }
  }

  /// Lets these very commands run on this machine from now on.
  package func trust(_ inquiry: TrustInquiry) async throws {
    try await disk.run { () throws(EngineError) in
      try self.trustStore().add(inquiry, now: self.context.unixTime)
    }
  }

  /// Stops before anything happens when the manifest has commands that nobody agreed to.
  func requireTrust(_ manifest: Manifest, runsChecks: Bool) throws(EngineError) {
    guard runsChecks, !manifest.checks.isEmpty else { return }
    let digest = TrustStore.digest(manifest.checks, of: project.manifest)
    if try trustStore().isTrusted(digest) { return }
    throw EngineError(
      "C146", "the manifest has commands that are not trusted on this machine; nothing was changed",
      notes: manifest.checks.map { "check `\($0.name)`: `\($0.command)`" },
      help:
        "look at them and run `civsync trust`, or leave them out with `civsync apply --no-checks`",
      exit: .refused)
  }

  private func trustStore() throws(EngineError) -> TrustStore {
    guard let folder = UserFolders(environment: context.environment, home: home).state else {
      throw EngineError(
        "C147", "there is no place to keep what is trusted",
        help: "set `HOME` or `XDG_STATE_HOME`", exit: .refused)
    }
    return TrustStore(path: folder.appending("trust.jsonl"), fileSystem: fileSystem)
  }
}
