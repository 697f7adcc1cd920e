/// The version of this build, as `--version` prints it and the site sees it.
package enum Version {
  package static let string = "0.1.0"
  static let homepage = "https://github.com/civsync/civsync"
  static let userAgent = "civsync/\(string) (+\(homepage))"
}
