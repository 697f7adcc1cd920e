import CatalogueModel
package import Core
import Diagnostics
import Index
import ManifestModel
import SystemIO

/// One project, and everything that can be done with it. Wires the rooms below together and
/// carries out plans; decides nothing that a plan has not decided.
package final class Engine: Sendable {
  let project: Project
  let home: AbsolutePath?
  let context: EngineContext
  /// Counts and measures what it hands on to the one that was given.
  let observer: MeasuringObserver
  /// For calls that block on the disk.
  let disk: BlockingExecutor
  /// Opened once: to open it is to check every page of it.
  let openedIndex = Locked<Index?>(nil)
  let openedUserIndex = Locked<Index?>(nil)
  /// Whether the site knows the token; `nil` as long as it did not say.
  let tokenIsBad = Locked<Bool?>(nil)

  package init(
    project: Project, home: AbsolutePath?, context: EngineContext, observer: any EngineObserver
  ) {
    self.project = project
    self.home = home
    var context = context
    context.login = Login(
      UserFolders(environment: context.environment, home: home), context.fileSystem)
    self.context = context
    self.observer = MeasuringObserver(observer)
    disk = BlockingExecutor(label: "civsync.disk", width: 4)
  }

  var fileSystem: FileSystem { context.fileSystem }

  /// Reads the manifests; all its mistakes at once end the command.
  func loadManifest() throws(EngineError) -> (manifest: Manifest, warnings: [Diagnostic]) {
    let (manifest, diagnostics) = ManifestModel.loadManifest(
      paths: project.manifests,
      loader: DiskLoader(fileSystem: fileSystem, folder: project.folder),
      environment: context.environment, home: home)
    guard var manifest else { throw EngineError(diagnostics, exit: .manifestInvalid) }
    // What the manifest leaves open the environment may say.
    if manifest.endpoints == Manifest.defaultEndpoints {
      manifest.endpoints = try context.endpoints()
    }
    return (manifest, diagnostics)
  }

  /// Takes the project's lock, or says who has it.
  func acquireLock() throws(EngineError) -> FileLock {
    do {
      try fileSystem.makeFolders(project.state)
      let ignore = project.state.appending(".gitignore")
      if try fileSystem.status(ignore) == nil {
        try fileSystem.writeAtomically(Array("*\n".utf8), to: ignore)
      }
      let holder = LockHolder(
        process: context.process, command: context.command, since: context.timestamp)
      switch try fileSystem.tryLock(project.processLock, holder: holder) {
      case .acquired(let lock): return lock
      case .held(let holder):
        throw EngineError(
          "C020", "another civsync works on this project: \(holder?.text ?? "it just began")",
          help: "wait for it to end, or stop it with Ctrl-C; plan, log and status work meanwhile",
          exit: .locked)
      }
    } catch let error as SystemError {
      throw EngineError("C021", "cannot use the state folder `\(project.state)`: \(error)")
    } catch let error as EngineError {
      throw error
    } catch {
      throw EngineError("C021", "cannot use the state folder `\(project.state)`: \(error)")
    }
  }
}

extension EngineContext {
  /// The wall clock in UTC: `2026-01-01T00:00:00Z`.
  var timestamp: String { Timestamp(milliseconds: unixTime * 1_000).description }

  /// The wall clock as a folder's name: `20260101-000000`.
  var folderName: String {
    String(timestamp.prefix(19).filter { $0.isNumber || $0 == "T" }.map { $0 == "T" ? "-" : $0 })
  }
}
