import Core
import Diagnostics
import Engine

/// What login, logout and whoami say.
enum AccountView {
  static func login(_ result: LoginResult, hasToken: Bool, _ options: ViewOptions) -> String {
    var page = Page(options)
    if let account = result.account {
      page.paragraph(
        "Logged in as `\(DisplayText.harmless(account.name))` at \(account.endpoint.origin).")
    } else if hasToken {
      page.paragraph("The token is kept; the site could not be asked whose it is.")
    }
    if let path = result.path, hasToken {
      page.paragraph("Kept in `\(path)`, for you alone to read.")
    }
    if !result.hosts.isEmpty {
      let hosts = result.hosts.map { "`\(DisplayText.harmless($0))`" }.joined(separator: ", ")
      page.paragraph("The token may also be sent to \(hosts).")
    }
    if result.isShadowed {
      page.paragraph("`CIVSYNC_TOKEN` is set, and goes before it as long as it is.")
    }
    return page.text
  }

  static func logout(hadAny: Bool, stays: Bool, _ options: ViewOptions) -> String {
    var page = Page(options)
    page.paragraph(hadAny ? "Logged out: the token is forgotten." : "There was no token to forget.")
    if stays { page.paragraph("`CIVSYNC_TOKEN` is set and still counts.") }
    return page.text
  }

  static func whoami(_ info: AccountInfo, _ options: ViewOptions) -> String {
    var page = Page(options)
    page.paragraph(
      "`\(DisplayText.harmless(info.name))` at \(info.endpoint.origin), by the token in "
        + "\(info.source.text).")
    return page.text
  }

  static func fields(_ info: AccountInfo) -> [(String, JSONNode)] {
    var source = "environment"
    var path: String?
    if case .file(let place) = info.source { (source, path) = ("file", place.string) }
    return [
      ("name", .string(info.name)), ("endpoint", .string("\(info.endpoint.origin)")),
      ("source", .string(source)), ("path", .optional(path, JSONNode.string)),
    ]
  }

  static func json(_ result: LoginResult) -> JSONNode {
    .object([
      ("version", .int(1)), ("exit", .int(0)),
      ("account", .optional(result.account) { .object(fields($0)) }),
      ("hosts", .array(result.hosts.map(JSONNode.string))),
      ("shadowed", .bool(result.isShadowed)),
    ])
  }
}
