import ArgumentParser
import Core

extension ByteCount: ExpressibleByArgument {
  /// `20MB`, `1.5 GiB`.
  public init?(argument: String) { self.init(parsing: argument) }
}
