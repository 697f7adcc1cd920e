#!/usr/bin/env python3
"""Stands between an unmodified downloader and the sandbox, as the site's own hosts.

A CONNECT proxy: whoever asks it for `civitai.com:443` gets a TLS handshake with a certificate of the
test's own authority, and behind that the sandbox's API; the storage's host leads to the sandbox's
storage. Any other host is refused, so that nothing leaves this machine. Prints `ready PORT`, then one
line for each connection.

  gateway.py CERTIFICATE KEY HOST=PORT ...
"""
import socket
import ssl
import sys
import threading


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def head(client):
    """The request line, after its headers were read."""
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte or len(text) > 65536:
            return None
        text += byte
    return text.split(b"\r\n", 1)[0].decode("latin-1").split(" ")


def serve(client, ports, context):
    with client:
        asked = head(client)
        if asked is None or len(asked) != 3:
            return
        method, target, _ = asked
        host, _, port = target.partition(":")
        if method != "CONNECT" or host not in ports or port != "443":
            print("refused", method, target, flush=True)
            client.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            return
        print("connect", host, flush=True)
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            inside = context.wrap_socket(client, server_side=True)
        except (ssl.SSLError, OSError) as error:
            print("no handshake", host, error, flush=True)
            return
        with inside, socket.create_connection(("127.0.0.1", ports[host])) as server:
            back = threading.Thread(target=pump, args=(server, inside), daemon=True)
            back.start()
            pump(inside, server)
            back.join()


def main():
    certificate, key, *pairs = sys.argv[1:]
    ports = {host: int(port) for host, port in (pair.split("=") for pair in pairs)}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    print("ready", listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, ports, context), daemon=True).start()


main()
