import Core
import SystemIO

extension Engine {
  /// Refuses when the project has a manifest, before anyone is asked what a new one shall say.
  package func requireNoManifest() async throws(EngineError) {
    try await disk.run { () throws(EngineError) in
      do {
        guard try self.fileSystem.status(self.project.manifest) == nil else {
          throw self.manifestExists
        }
      } catch let error as EngineError {
        throw error
      } catch {
        throw self.cannotWrite(error)
      }
    }
  }

  /// Writes the project's manifest, durably, and makes its folder where that is missing.
  /// - Parameter overwriting: whether it may take the place of one that is there. Without it, one
  ///   that came meanwhile stays too.
  package func writeManifest(_ text: String, overwriting: Bool) async throws(EngineError) {
    try await disk.run { () throws(EngineError) in
      let files = self.fileSystem
      let manifest = self.project.manifest
      do {
        try files.makeFolders(manifest.parent)
        if overwriting {
          try files.writeDurably(Array(text.utf8), to: manifest)
        } else {
          try self.place(text, at: manifest)
        }
      } catch let error as SystemError where error.isExisting && !overwriting {
        throw self.manifestExists
      } catch {
        throw self.cannotWrite(error)
      }
    }
  }

  private func place(_ text: String, at path: AbsolutePath) throws(SystemError) {
    let temporary = path.parent.appending(fileSystem.names.make())
    do {
      try fileSystem.writeDurably(Array(text.utf8), to: temporary)
      try fileSystem.renameNoReplace(temporary, to: path)
    } catch {
      _ = try? fileSystem.unlink(temporary)
      throw error
    }
    try fileSystem.syncFolder(path.parent)
  }

  private var manifestExists: EngineError {
    EngineError(
      "C100", "there is a manifest already: `\(project.manifest)`",
      help: "edit it, name another file with `-f`, or let `--force` overwrite it")
  }

  private func cannotWrite(_ error: any Error) -> EngineError {
    EngineError("C101", "the manifest could not be written: \(error)")
  }
}
