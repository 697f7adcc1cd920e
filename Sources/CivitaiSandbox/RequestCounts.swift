/// What was asked of the sandbox since its start or the last `reset-counts`, control route apart.
package struct RequestCounts: Sendable, Equatable {
  /// One route: `GET /api/v1/models/:id` and the like.
  package struct Route: Sendable, Equatable {
    package var count = 0
    /// Answers by status; 0 where none was sent (a reset, a hanging HEAD).
    package var statuses: [Int: Int] = [:]
    /// Requests that carried an `Authorization` header or a `token` parameter.
    package var authorized = 0
    /// The query's parameters by name; one that is `false`, or a list with commas, counts as
    /// `name=false` and `name=,` besides.
    package var parameters: [String: Int] = [:]
    /// Answers being sent now, and the most at one time.
    package var active = 0
    package var mostActive = 0
    /// Body bytes handed to the connection.
    package var bytes: Int64 = 0
  }

  package var routes: [String: Route] = [:]

  package var total: Int { routes.values.reduce(0) { $0 + $1.count } }

  /// Requests on the storage host that carried an `Authorization` header: must stay 0.
  package var authorizedOnStorage: Int {
    routes.filter { $0.key.hasPrefix("storage ") }.values.reduce(0) { $0 + $1.authorized }
  }

  mutating func began(_ route: String, _ query: Query, authorized: Bool) {
    var entry = routes[route] ?? Route()
    for (name, value) in query.items {
      entry.parameters[name, default: 0] += 1
      if value == "false" { entry.parameters[name + "=false", default: 0] += 1 }
      if value.contains(",") { entry.parameters[name + "=,", default: 0] += 1 }
    }
    entry.count += 1
    entry.authorized += authorized ? 1 : 0
    entry.active += 1
    entry.mostActive = max(entry.mostActive, entry.active)
    routes[route] = entry
  }

  mutating func answered(_ route: String, status: Int) {
    routes[route]?.statuses[status, default: 0] += 1
  }

  mutating func ended(_ route: String, bytes: Int64) {
    guard var entry = routes[route] else { return }
    entry.active = max(0, entry.active - 1)
    entry.bytes += bytes
    routes[route] = entry
  }

  var json: JSON {
    let routes = routes.sorted { $0.key < $1.key }.map { name, route in
      let parameters = route.parameters.sorted { $0.key < $1.key }.map { name, count in
        JSON.Member(key: name, value: .integer(count))
      }
      let statuses = route.statuses.sorted { $0.key < $1.key }.map { status, count in
        JSON.Member(key: String(status), value: .integer(count))
      }
      return JSON.Member(
        key: name,
        value: [
          "count": .integer(route.count), "statuses": .object(statuses),
          "parameters": .object(parameters),
          "authorized": .integer(route.authorized), "active": .integer(route.active),
          "mostActive": .integer(route.mostActive), "bytes": .integer(route.bytes),
        ])
    }
    return [
      "total": .integer(total), "authorizedOnStorage": .integer(authorizedOnStorage),
      "routes": .object(routes),
    ]
  }
}
