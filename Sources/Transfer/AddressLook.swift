/// Takes an answer's status and hangs up: what an address is worth, without the file behind it.
final class AddressLook: ResponseReceiver {
  func begin(_ head: ResponseHead) -> Flow { .stop }
  func receive(_ bytes: UnsafeRawBufferPointer) -> Flow { .stop }
  func end() -> TransferError? { nil }
}
