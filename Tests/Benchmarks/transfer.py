#!/usr/bin/env python3
"""transfer.py [CASE …]: fetches the same files with civsync, curl, aria2 and rclone, in turn.

Cases: one (2 GiB), four (4 × 512 MiB), tls (the same over TLS with HTTP/2), throttled (512 MiB, the
server gives 20 MiB/s to a connection), small (5,000 × 20 kB), smalltls (the same over TLS with HTTP/2),
mixed (40 files of 1 to 64 MiB from that
server, civsync against itself with --sequential), killed (256 MiB from that server, `kill -9` in the
middle, then again: how many bytes came twice). By hand, on a quiet machine with nginx
and the peers (Debian's packages). CIVSYNC is the release binary, RUNS the number of rounds (5),
SCRATCH a folder on the disk to be measured. Prints a table for Docs/Benchmarks.md: best and median of
alternating runs, and the ratio of the best to the first peer's best. Every command ends with its bytes
on the disk (`sync -f`); civsync also verifies, places and records them. All follow one redirect.
"""
import hashlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
ROUNDS = int(os.environ.get("RUNS", "5"))
CIVSYNC = os.environ.get("CIVSYNC", "civsync")

NGINX = """
daemon off; pid {root}/nginx.pid; error_log {root}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  log_format sent '$body_bytes_sent'; access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
  client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
  server {{
    listen 127.0.0.1:{port};
    location /f/ {{ alias {root}/files/; }}
    location /slow/ {{ alias {root}/files/; limit_rate 20m; }}
    location /kill/ {{ alias {root}/files/; limit_rate 20m; access_log {root}/sent.log sent; }}
    location ~ ^/rkill/(.*)$ {{ return 302 /kill/$1; }}
    location ~ ^/r/(.*)$ {{ return 302 /f/$1; }}
    location ~ ^/rslow/(.*)$ {{ return 302 /slow/$1; }}
  }}
  server {{
    listen 127.0.0.1:{tls} ssl http2;
    ssl_certificate {root}/cert.pem; ssl_certificate_key {root}/key.pem;
    location /f/ {{ alias {root}/files/; }}
    location ~ ^/r/(.*)$ {{ return 302 /f/$1; }}
  }}
}}
"""


class Server:
    def __init__(self, root):
        self.root, self.port, self.tls = root, free_port(), free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
             f"{root}/key.pem", "-out", f"{root}/cert.pem"], check=True, capture_output=True)
        with open(f"{root}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(NGINX.format(root=root, port=self.port, tls=self.tls))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([nginx, "-c", f"{root}/nginx.conf", "-e", "stderr"])
        while subprocess.run(
                ["curl", "-s", f"http://127.0.0.1:{self.port}/"], capture_output=True).returncode:
            time.sleep(0.05)

    def url(self, name, kind):
        if kind.endswith("tls"):
            return f"https://127.0.0.1:{self.tls}/r/{name}"
        way = {"throttled": "rslow", "mixed": "rslow", "killed": "rkill"}.get(kind, "r")
        return f"http://127.0.0.1:{self.port}/{way}/{name}"

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make(root, name, size):
    path = f"{root}/files/{name}"
    digest = hashlib.sha256()
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            left = size
            while left > 0:
                block = os.urandom(min(left, 16 * MIB))
                file.write(block)
                left -= len(block)
    with open(path, "rb") as file:
        while block := file.read(16 * MIB):
            digest.update(block)
    return name, digest.hexdigest()


def manifest(server, files, kind):
    lines = ["version: 1", "root: ./models", "collections:", "  all:", "    objects:"]
    # What is known to be small shares a connection.
    size = "size: 20kB, " if kind == "smalltls" else ""
    for name, digest in files:
        url = server.url(name, kind)
        lines.append(f"      - {{ sha256: {digest}, {size}place: {name}, url: \"{url}\" }}")
    return "\n".join(lines) + "\n"


def commands(server, root, files, kind):
    """Name and shell command of each competitor; each runs in an empty folder of its own."""
    urls = [server.url(name, kind) for name, _ in files]
    ca = f"--cacert {root}/cert.pem" if kind.endswith("tls") else ""
    with open(f"{root}/{kind}.curl", "w", encoding="utf-8") as file:
        for name, _ in files:
            file.write(f'url = "{server.url(name, kind)}"\noutput = "{os.path.basename(name)}"\n')
    with open(f"{root}/{kind}.aria", "w", encoding="utf-8") as file:
        for name, digest in files:
            file.write(f"{server.url(name, kind)}\n  out={os.path.basename(name)}\n"
                       f"  checksum=sha-256={digest}\n")
    civsync = f"cp {root}/{kind}.yaml civsync.yaml && {CIVSYNC} apply --yes"
    with open(f"{root}/{kind}.yaml", "w", encoding="utf-8") as file:
        file.write(manifest(server, files, kind))
    if kind == "mixed":
        return [("civsync --sequential", civsync + " --sequential"), ("civsync", civsync)]
    many = len(files) > 1
    curl = (f"curl -fsLZ {ca} --parallel-max 50 -K {root}/{kind}.curl" if many
            else f"curl -fsL -o f {urls[0]}")
    hashing = "ls | xargs -P2 -n1 openssl dgst -sha256 >/dev/null"
    aria = (f"aria2c --console-log-level=error --show-console-readout=false --summary-interval=0 -i {root}/{kind}.aria -j6 --file-allocation=none"
            + (f" --ca-certificate={root}/cert.pem" if kind.endswith("tls") else ""))
    result = [("curl; sync -f", f"{curl} && sync -f ."), ("civsync", civsync)]
    if kind != "throttled":
        result.append(("curl; openssl dgst; sync -f", f"{curl} && {hashing} && sync -f ."))
    result.append(("aria2, checksum; sync -f", f"{aria} && sync -f ."))
    if kind in ("throttled", "one"):
        result.append(("aria2 -x16, checksum; sync -f", f"{aria} -x16 -s16 && sync -f ."))
        base = os.path.dirname(urls[0].replace("/rslow/", "/slow/").replace("/r/", "/f/"))
        rclone = (f"rclone copy --config /dev/null :http:{os.path.basename(urls[0])} . --http-url "
                  f"{base}/ ")
        result.append(("rclone; sync -f", f"{rclone} && sync -f ."))
        result.append(("rclone, 16 streams; sync -f",
                       f"{rclone} --multi-thread-streams 16 --multi-thread-cutoff 1M && sync -f ."))
    return result


def timed(command, root, keeps):
    folder = tempfile.mkdtemp(dir=root)
    os.sync()
    environment = dict(os.environ, CURL_CA_BUNDLE=f"{root}/cert.pem", HOME=folder)
    began = time.monotonic()
    process = subprocess.Popen(
        ["sh", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    errors = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"`{command}` failed: {errors.decode()[-500:]}")
    if not keeps:
        shutil.rmtree(folder)
    return seconds, usage.ru_maxrss / 1000, usage.ru_utime + usage.ru_stime


CASES = {
    "one": lambda root: [make(root, "one.bin", 2048 * MIB)],
    "four": lambda root: [make(root, f"four/{n}.bin", 512 * MIB) for n in range(4)],
    "tls": lambda root: [make(root, f"four/{n}.bin", 512 * MIB) for n in range(4)],
    "throttled": lambda root: [make(root, "four/0.bin", 512 * MIB)],
    "small": lambda root: [make(root, f"small/{n}.bin", 20_000) for n in range(5_000)],
    "smalltls": lambda root: [make(root, f"small/{n}.bin", 20_000) for n in range(5_000)],
    "mixed": lambda root: [make(root, f"mixed/{n}.bin", (1 << n % 7) * MIB) for n in range(40)],
}


def killed(server, root):
    """What comes twice when each is killed in the middle and run again, by what the server sent."""
    size = 256 * MIB
    name, digest = make(root, "killed.bin", size)
    url = server.url(name, "killed")
    text = manifest(server, [(name, digest)], "killed") + "transfer: { connectionsPerFile: 4 }\n"
    with open(f"{root}/killed.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    aria = (f"exec aria2c -q -c -x4 -s4 -k1M --file-allocation=none --checksum=sha-256={digest} "
            f"-o f {url}")
    # Each is killed in about the middle of what it needs.
    competitors = {
        "civsync, 4 connections":
            (1.8, f"cp {root}/killed.yaml civsync.yaml; exec {CIVSYNC} apply --yes"),
        "curl -C -": (6.4, f"exec curl -fsSL -C - -o f {url}"),
        "aria2 -x4 -c": (1.8, aria),
    }
    print("\n### killed\n\n| command | sent in all | came twice |\n|---|---|---|", flush=True)
    for label, (seconds, command) in competitors.items():
        twice = []
        for _ in range(ROUNDS):
            folder = tempfile.mkdtemp(dir=root)
            open(f"{root}/sent.log", "w", encoding="utf-8").close()
            server.process.send_signal(signal.SIGUSR1)
            shell = {"cwd": folder, "env": dict(os.environ, HOME=folder),
                     "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            first = subprocess.Popen(["sh", "-c", command], **shell)
            time.sleep(seconds)
            first.kill()
            first.wait()
            time.sleep(0.5)
            subprocess.run(["sh", "-c", command], check=True, **shell)
            time.sleep(0.5)
            with open(f"{root}/sent.log", encoding="utf-8") as log:
                twice.append(sum(int(line) for line in log) - size)
            shutil.rmtree(folder)
        worst = max(twice)
        print(f"| {label} | {(size + worst) / MIB:.0f} MiB | {worst / MIB:.1f} MiB |", flush=True)


def main():
    wanted = sys.argv[1:] or list(CASES) + ["killed"]
    root = tempfile.mkdtemp(dir=os.environ.get("SCRATCH"))
    os.chmod(root, 0o755)
    server = Server(root)
    try:
        for case in wanted:
            if case == "killed":
                killed(server, root)
                continue
            files = CASES[case](root)
            competitors = commands(server, root, files, case)
            figures = {name: [] for name, _ in competitors}
            for _ in range(ROUNDS):
                for name, command in competitors:
                    # ext4 passes over inodes that were freed in the last minutes, one by one: of many
                    # small files nothing is removed before the end, so that none pays for another.
                    figures[name].append(timed(command, root, keeps=case.startswith("small")))
            first = min(seconds for seconds, _, _ in figures[competitors[0][0]])
            print(f"\n### {case}\n\n| command | best | median | × first | memory | CPU |\n"
                  "|---|---|---|---|---|---|", flush=True)
            for name, _ in competitors:
                times = [seconds for seconds, _, _ in figures[name]]
                best, peak = min(times), max(memory for _, memory, _ in figures[name])
                print(f"| {name} | {best:.2f} s | {statistics.median(times):.2f} s "
                      f"| {best / first:.2f} | {peak:.0f} MB "
                      f"| {min(cpu for _, _, cpu in figures[name]):.1f} s |", flush=True)
    finally:
        server.stop()
        shutil.rmtree(root)


main()
