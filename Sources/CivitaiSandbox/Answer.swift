/// A whole answer that is small enough to be a value.
struct Answer: Sendable {
  var status: Int
  var headers: [(name: String, value: String)]
  var body: [UInt8]

  init(_ status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  static func json(
    _ json: JSON, status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> Answer {
    Answer(
      status, headers: [("content-type", "application/json; charset=utf-8")] + headers,
      body: json.serialized)
  }

  static func html(_ title: String, status: Int = 200) -> Answer {
    let page = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>\(title)</title></head>
      <body><h1>\(title)</h1><form method="post" action="/login"><button>Go on</button></form>
      </body></html>

      """
    return Answer(
      status, headers: [("content-type", "text/html; charset=utf-8")], body: Array(page.utf8))
  }

  /// An error as storage writes it.
  static func storageError(_ status: Int, _ code: String) -> Answer {
    let text = #"<?xml version="1.0" encoding="UTF-8"?><Error><Code>\#(code)</Code></Error>"#
    return Answer(status, headers: [("content-type", "application/xml")], body: Array(text.utf8))
  }

  // The API's three shapes of an error.

  static func error(_ status: Int, _ text: String) -> Answer {
    json(["error": .string(text)], status: status)
  }

  static func message(_ status: Int, _ text: String) -> Answer {
    json(["message": .string(text)], status: status)
  }

  static func invalid(_ field: String, _ text: String) -> Answer {
    json(
      [
        "code": "BAD_REQUEST", "message": "Input validation failed",
        "issues": [["path": [.string(field)], "message": .string(text)]],
      ], status: 400)
  }

  static func unauthorized(_ text: String) -> Answer {
    json(["error": "Unauthorized", "message": .string(text)], status: 401)
  }
}
