import CivitaiSandbox
import Core
import Engine
import Foundation
import Testing

struct `Without the site` {
  @Test func `the sandbox stopped, going back and forth still works`() async throws {
    let story = try Story()
    var first: Photo?
    var second: Photo?
    try await withSandbox { sandbox in
      try story.manifest(sandbox, storyCollections)
      await story.must("apply", "--yes", code: .partial)
      first = Photo(story)
      try story.manifest(sandbox, editedCollections)
      await story.must("apply", "--yes", code: .partial)
      second = Photo(story)
    }
    await story.must("rollback", "HEAD~1", "--yes")
    #expect(Photo(story) == first)
    await story.must("rollback", "HEAD~1", "--yes")
    #expect(Photo(story) == second)
    await story.must("status")
    await story.must("log")

    story.expect(
      await story.civsync("plan"),
      """
      Warning: the site could not answer for everything
        ! user `aurora_studio`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! user `pixelsmith`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1203: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1309: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1502: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        What is known of these stays as it is.

      Not known: the catalogue did not answer everything; 10 placed files stay as they are.
      [errors]
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      [exit 11]
      """)
    story.expect(
      await story.civsync("apply", "--yes"),
      """
      Warning: the site could not answer for everything
        ! user `aurora_studio`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! user `pixelsmith`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1203: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1309: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        ! model 1502: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        What is known of these stays as it is.

      Not known: the catalogue did not answer everything; 10 placed files stay as they are.
      [errors]
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      retry: `http://API` in TIME: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
      error[C062]: the catalogue did not answer everything; nothing was changed
        note: user `aurora_studio`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        note: user `pixelsmith`: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        note: model 1203: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        note: model 1309: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        note: model 1502: `http://API/`: could not connect to `127.0.0.1`: Failed to connect to 127.0.0.1 port PORT: Couldn't connect to server
        help: try again later, or apply what is known with `--allow-partial`
      [exit 11]
      """)
    #expect(Photo(story) == second)
  }
}
