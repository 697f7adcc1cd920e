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
  /// The stores that a writing command shares with others, as long as it has the project's lock.
  let storeLocks = Locked<[AbsolutePath: FileLock]>([:])
  /// What this process has told the store that the project needs.
  let neededDigests = Locked<Set<Digest>>([])

  /// This process brought what another had begun to its end.
  let hasRecovered = Locked(false)

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
}

extension EngineContext {
  /// The wall clock in UTC: `2026-01-01T00:00:00Z`.
  var timestamp: String { Timestamp(milliseconds: unixTime * 1_000).description }

  /// The wall clock as a folder's name: `20260101-000000`.
  var folderName: String {
    String(timestamp.prefix(19).filter { $0.isNumber || $0 == "T" }.map { $0 == "T" ? "-" : $0 })
  }
}
