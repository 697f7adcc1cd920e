package import CatalogueModel
import Core
package import ManifestModel

extension CatalogueQuery {
  /// Everything that resolving this manifest needs to know.
  package init(for manifest: Manifest) {
    self.init()
    for collection in manifest.collections {
      users.formUnion(collection.users.map(\.value))
      models.formUnion(collection.models.map(\.id))
      versions.formUnion(collection.versionIDs.map(\.value))
      if collection.favorites != nil { favorites = true }
      if !collection.sidecars.isEmpty || collection.previews > 0 { details = true }
    }
  }
}
