#!/usr/bin/env python3
"""store.py [N]: what the store and the history take over N placed files (20,000) of about 4 kB, beside
ostree, `cp -al` and openssl. By hand, on a quiet machine. Prints a table for Docs/Benchmarks.md: best and
median of alternating runs, memory, processor time.

TOOLS names a folder with the release programs `civsync` and `civitai-sandbox`, RUNS the number of rounds
(3), SCRATCH a folder on the disk to be measured. Every row is a whole command of civsync's: it also reads the
manifest, plans, syncs and records. What changes the world is changed back between two runs, unmeasured. The
large files (4 × 512 MiB) are left out with LARGE=0; SNAPSHOTS=1000 measures a history of so many beside.
"""
import hashlib
import http.server
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
SNAPSHOTS = int(os.environ.get("SNAPSHOTS", "0"))
ROUNDS = int(os.environ.get("RUNS", "3"))
TOOLS = os.path.abspath(os.environ.get("TOOLS", ".build/release"))
CIVSYNC = f"{TOOLS}/civsync"
MIB = 1 << 20


class Row:
    def __init__(self, name, command, folder, before=None):
        self.name, self.command, self.folder, self.before = name, command, folder, before
        self.seconds, self.memory, self.processor = [], 0.0, []

    def run(self):
        if self.before:
            quietly(self.before, self.folder)
        os.sync()
        began = time.monotonic()
        process = subprocess.Popen(
            ["sh", "-c", self.command], cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds.append(time.monotonic() - began)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"`{self.command}` ended with {process.returncode}: {errors.decode()}")
        self.memory = max(self.memory, usage.ru_maxrss / 1000)
        self.processor.append(usage.ru_utime + usage.ru_stime)


def quietly(command, folder):
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"`{command}` ended with {done.returncode}: {done.stderr.decode()}")


def table(title, rows):
    """Runs the rows in turn, and prints what they took."""
    for _ in range(ROUNDS):
        for row in rows:
            row.run()
    print(f"\n### {title}\n\n| command | best | median | memory | processor |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {min(row.seconds):.2f} s | {statistics.median(row.seconds):.2f} s "
              f"| {row.memory:.0f} MB | {min(row.processor):.2f} s |", flush=True)


def manifest(folder, endpoint, body):
    with open(f"{folder}/civsync.yaml", "w", encoding="utf-8") as file:
        file.write(f'version: 1\nroot: ./models\nsource: {{ endpoints: ["{endpoint}"] }}\n{body}')


def small(root):
    """A project of FILES placed files, from the sandbox."""
    folder = f"{root}/small"
    os.makedirs(folder)
    ready = f"{folder}/ready"
    sandbox = subprocess.Popen(
        [f"{TOOLS}/civitai-sandbox", "--models", str(FILES + 72), "--scale", "0.01",
         "--ready-file", ready], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (os.path.exists(ready) and os.path.getsize(ready)):
        time.sleep(0.1)
    with open(ready, encoding="utf-8") as file:
        endpoint = next(
            word[4:] for word in file.read().split() if word.startswith("api="))
    makers = ", ".join(f"maker_{number}" for number in range(40))
    manifest(folder, endpoint,
             f"collections:\n  makers: {{ users: [{makers}], scan: allow-danger }}\n")
    quietly(f"{CIVSYNC} apply --yes", folder)
    sandbox.kill()
    sandbox.wait()
    os.remove(ready)
    return folder


def placing(root, folder):
    placed = subprocess.run(
        ["sh", "-c", "find models -type f ! -name .civsync-root | wc -l"], cwd=folder,
        capture_output=True, text=True, check=True).stdout.strip()
    print(f"{placed} placed files")
    quietly(f"{CIVSYNC} tag all; cp -a models {root}/seen; rm -f {root}/seen/.civsync-root", folder)
    rows = [
        Row("`civsync rollback all`: all placed", f"{CIVSYNC} rollback all --yes", folder,
            f"{CIVSYNC} rollback @empty --yes"),
        Row("`civsync rollback @empty`: all removed", f"{CIVSYNC} rollback @empty --yes", folder,
            f"{CIVSYNC} rollback all --yes; true"),
    ]
    if shutil.which("ostree"):
        quietly("ostree init --repo=repo --mode=bare-user; "
                "ostree commit --repo=repo -b all --no-bindings -s first seen", root)
        rows += [
            Row("`ostree checkout -H`", "ostree checkout --repo=repo -U -H all out", root,
                "rm -rf out"),
            Row("`ostree checkout -H`, then `sync -f`",
                "ostree checkout --repo=repo -U -H all out; sync -f out", root, "rm -rf out"),
        ]
    rows.append(
        Row("`cp -al`", f"cp -al {root}/seen copy", root, "rm -rf copy"))
    table("placing and going back", rows)
    quietly(f"{CIVSYNC} rollback all --yes; true", folder)


def verifying(root, folder):
    rows = [Row("`civsync verify`", f"{CIVSYNC} verify", folder)]
    if os.path.isdir(f"{root}/repo"):
        rows.append(Row("`ostree fsck`", "ostree fsck --repo=repo -q", root))
    table("verify, small files", rows)


def few(folder):
    """Ten models leave the manifest, and come back; the rest of the collection is not touched."""
    with open(f"{folder}/civsync.lock", encoding="utf-8") as file:
        models = [line.split()[1] for line in file if line.startswith("model ")][:10]
    shutil.copy(f"{folder}/civsync.yaml", f"{folder}/all.yaml")
    with open(f"{folder}/all.yaml", encoding="utf-8") as file:
        text = file.read()
    with open(f"{folder}/fewer.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace(
            "scan: allow-danger", f"scan: allow-danger, exclude: {{ models: [{', '.join(models)}] }}"))
    def switch(name):
        return f"cp {name}.yaml civsync.yaml; {CIVSYNC} apply --offline --yes"
    table("ten files of all", [
        Row("`civsync apply`: ten leave", switch("fewer"), folder, switch("all")),
        Row("`civsync apply`: ten come, from the store", switch("all"), folder, switch("fewer")),
        Row("`civsync plan --offline`: nothing to do", f"{CIVSYNC} plan --offline", folder),
        Row("`civsync log -n 10`", f"{CIVSYNC} log -n 10", folder),
        Row("`civsync gc`: what it would free", f"{CIVSYNC} gc --offline", folder),
    ])


def lengthen(folder, snapshots):
    """Writes so many snapshots on top of the last one, each without ten other models of it; the last one has all.
    By git itself, as civsync would take a plan for each."""
    git = ["git", f"--git-dir={folder}/.civsync/.git"]

    def ask(*arguments):
        return subprocess.run(git + list(arguments), capture_output=True, check=True).stdout
    blobs = [line.split() for line in ask("ls-tree", "-r", "HEAD", "models/").splitlines()]
    records = [(path.decode(), blob.decode()) for _, _, blob, path in blobs]
    header = ask("show", "HEAD:snapshot").decode()
    count = len(records)

    def shown(fewer, size):
        lines = header.splitlines(keepends=True)
        for index, line in enumerate(lines):
            word, _, number = line.partition(" ")
            if word in ("models", "files"):
                lines[index] = f"{word} {int(number) - fewer}\n"
            elif word == "bytes":
                lines[index] = f"bytes {int(number) - size}\n"
        return "".join(lines)

    importing = subprocess.Popen(git + ["fast-import", "--quiet"], stdin=subprocess.PIPE)

    def commit(title, changes, text, parent):
        data = text.encode()
        message = f"{title}\n".encode()
        importing.stdin.write(
            f"commit refs/heads/main\ncommitter civsync <civsync@localhost> 1790000000 +0000\n"
            f"data {len(message)}\n".encode() + message + parent + changes.encode()
            + f"M 100644 inline snapshot\ndata {len(data)}\n".encode() + data + b"\n")

    sizes = {}
    for index in range(0, min(count, 10 * snapshots)):
        text = ask("cat-file", "blob", records[index][1]).decode()
        sizes[index] = sum(
            int(line.split()[1]) for line in text.splitlines() if line.startswith("      bytes "))
    parent = b"from refs/heads/main^0\n"
    before = []
    for number in range(snapshots - 1):
        now = [(number * 10 + step) % len(sizes) for step in range(10)]
        changes = "".join(f"M 100644 {records[i][1]} {records[i][0]}\n" for i in before)
        changes += "".join(f"D {records[i][0]}\n" for i in now)
        commit(f"apply: {number}", changes, shown(10, sum(sizes[i] for i in now)), parent)
        parent, before = b"", now
    changes = "".join(f"M 100644 {records[i][1]} {records[i][0]}\n" for i in before)
    commit("apply: all", changes, header, parent)
    importing.stdin.close()
    if importing.wait() != 0:
        sys.exit("git fast-import failed")


def long(folder, snapshots):
    """What a long history costs. Nothing of it changes what is placed."""
    lengthen(folder, snapshots)
    quietly(f"{CIVSYNC} plan --offline", folder)
    index = "rm -rf .civsync/index*"
    table(f"with {snapshots} snapshots", [
        Row("`civsync plan --offline`: nothing to do", f"{CIVSYNC} plan --offline", folder),
        Row("`civsync status`", f"{CIVSYNC} status", folder),
        Row("`civsync log -n 10`", f"{CIVSYNC} log -n 10", folder),
        Row("`civsync rollback HEAD~1`: ten leave", f"{CIVSYNC} rollback HEAD~1 --yes", folder,
            f"{CIVSYNC} rollback all --yes"),
        Row("`civsync rollback`: ten come back", f"{CIVSYNC} rollback all --yes", folder,
            f"{CIVSYNC} rollback HEAD~1 --yes"),
        Row("`civsync gc`: what it would free", f"{CIVSYNC} gc --offline", folder,
            f"{CIVSYNC} gc --offline"),
        Row("the same, the index deleted before", f"{CIVSYNC} gc --offline", folder, index),
    ])


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def large(root):
    folder = f"{root}/large"
    os.makedirs(f"{folder}/served")
    os.makedirs(f"{folder}/project")
    served = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *args: Quiet(*args, directory=f"{folder}/served"))
    threading.Thread(target=served.serve_forever, daemon=True).start()
    objects = []
    for number in range(4):
        name = f"large-{number}.safetensors"
        digest = hashlib.sha256()
        with open(f"{folder}/served/{name}", "wb") as file:
            for _ in range(64):
                block = os.urandom(8 * MIB)
                digest.update(block)
                file.write(block)
        objects.append(
            f"{{ sha256: {digest.hexdigest()}, place: {name}, "
            f"url: \"http://127.0.0.1:{served.server_port}/{name}\" }}")
    project = f"{folder}/project"
    manifest(project, f"http://127.0.0.1:{served.server_port}",
             "collections:\n  large:\n    objects:\n      - " + "\n      - ".join(objects) + "\n")
    quietly(f"{CIVSYNC} apply --yes", project)
    served.shutdown()
    shutil.rmtree(f"{folder}/served")
    table("verify, 2 GiB in four files", [
        Row("`civsync verify`", f"{CIVSYNC} verify", project),
        Row("`openssl dgst -sha256`, one after the other", "openssl dgst -sha256 models/*", project),
        Row("`openssl dgst -sha256`, two at a time",
            "ls models/* | xargs -P 2 -n 1 openssl dgst -sha256", project),
    ])


def main():
    root = tempfile.mkdtemp(dir=os.environ.get("SCRATCH"))
    try:
        folder = small(root)
        placing(root, folder)
        verifying(root, folder)
        few(folder)
        if SNAPSHOTS:
            long(folder, SNAPSHOTS)
        if os.environ.get("LARGE", "1") != "0":
            large(root)
    finally:
        shutil.rmtree(root)


main()
