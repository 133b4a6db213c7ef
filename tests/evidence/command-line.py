#!/usr/bin/env python3
"""Series of the command line under trouble, run by hand: command-line.py SERIES... [--program DLL] [--kills N] [--files N]

kills           SIGKILL at random moments of one run, which is started again each time
outage          the service is gone for 90 s in the middle of a run
revoked         the license key is rejected in the middle of a run, and accepted again
disk-full       the output folder is a file system of 2 MB (needs root, for mount)
two-runs        two runs at once into one folder, then into two folders
three-processes three runs at once with one license key, for longer than a minute

Each series prints what it measured and fails if anything was paid for twice or is missing.
Build first: dotnet build src/LalalAi.Cli -c Release
"""
import argparse, atexit, json, os, pathlib, random, shutil, socket, struct, subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEY = "sandbox-license-key"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Sandbox:
    """The sandbox as a process that keeps its state, so that it can be stopped and started again."""

    def __init__(self, program, directory, *options):
        self.command = ["dotnet", program, "sandbox", "--port", str(free_port()), "--state", str(directory), *options]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.process.kill)
        self.url = self.process.stdout.readline().strip()

    def stop(self):
        # It writes its state when it is asked to end.
        self.process.terminate()
        self.process.wait()

    def call(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + "_sandbox/" + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "{}")

    def report(self):
        return self.call("report")

    @property
    def environment(self):
        return {**os.environ, "LALALAI_BASE_URL": self.url, "LALALAI_LICENSE_KEY": KEY}


class Series:
    def __init__(self, arguments, directory):
        self.program, self.kills, self.files, self.directory = arguments.program, arguments.kills, arguments.files, directory
        self.songs, self.output = directory / "songs", directory / "out"
        self.songs.mkdir()

    def write_songs(self, count, seconds):
        for number in range(count):
            samples = int(44100 * seconds) + number
            data = struct.pack("<h", 1000 + number) * samples
            head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVEfmt ", 16, 1, 1, 44100, 88200, 2, 16, b"data", len(data))
            (self.songs / f"song{number:04}.wav").write_bytes(head + data)

    def command(self, output, *options):
        return ["dotnet", self.program, "split", str(self.songs), "-o", str(output), *options]

    def run(self, sandbox, output=None, *options):
        return subprocess.run(self.command(output or self.output, *options), env=sandbox.environment, capture_output=True, text=True)

    def start(self, sandbox, output=None, *options):
        return subprocess.Popen(self.command(output or self.output, *options), env=sandbox.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def entries(self, kind, output=None):
        # The last line may be incomplete.
        lines = ((output or self.output) / "lalalai.journal.jsonl").read_text().split("\n")[:-1]
        return [entry for entry in map(json.loads, lines) if entry["type"] == kind]

    def wait_for_starts(self, count):
        while not (self.output / "lalalai.journal.jsonl").exists() or len(self.entries("started")) < count:
            time.sleep(0.1)

    def tracks(self, output=None):
        return len(list((output or self.output).glob("*/*.wav")))

    # One task for each file, and a track for each of its stems, after every failure.
    def check(self, sandbox, lost=0, **figures):
        report = sandbox.report()
        figures = {"starts": report["starts"], "starts_repeated": report["starts_repeated"], "uploads": report["uploads"], "tracks": self.tracks(), "lost": lost, **figures}
        print("   ", figures)
        assert report["starts_repeated"] == 0, report
        assert figures["starts"] == self.files and figures["tracks"] == 2 * (self.files - lost), figures

    def run_kills(self):
        self.write_songs(self.files, 0.05)
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "1")
        random.seed(20261126)
        ended = 0
        for _ in range(self.kills):
            process = self.start(sandbox)
            try:
                process.communicate(timeout=random.uniform(0.4, 1.6))
                ended += 1
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        last = self.run(sandbox)
        lost = len(self.entries("lost"))
        print("    exit code", last.returncode, "of the last run;", ended, "of", self.kills, "runs had ended by themselves")
        assert lost <= 4 * self.kills and last.returncode == (1 if lost else 0), last.stderr[-500:]
        self.check(sandbox, lost=lost, kills=self.kills - ended)
        sandbox.stop()

    def run_outage(self):
        self.write_songs(self.files, 0.05)
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "0.2")
        process = self.start(sandbox)
        self.wait_for_starts(self.files // 4)
        starts = sandbox.report()["starts"]
        sandbox.stop()
        time.sleep(90)
        sandbox.start()
        messages = process.communicate()[1]
        print("    exit code", process.returncode, "and", [line for line in messages.splitlines() if "attempt follows" in line or "answers again" in line][:6])
        assert process.returncode == 0, messages[-500:]
        # The report begins anew with each process of the sandbox; the minutes do not.
        spent = round(600 - float(subprocess.run(["dotnet", self.program, "minutes"], env=sandbox.environment, capture_output=True, text=True).stdout), 2)
        assert spent == round(self.files / 60, 2), spent
        self.check(sandbox, starts=len({entry["task_id"] for entry in self.entries("started")}), minutes=spent, starts_before=starts)
        sandbox.stop()

    def run_revoked(self):
        self.write_songs(self.files, 0.05)
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "1")
        process = self.start(sandbox)
        self.wait_for_starts(self.files // 4)
        sandbox.call("faults", {"faults": "status=403"})
        messages = process.communicate()[1]
        revoked = process.returncode
        sandbox.call("faults", method="DELETE")
        again = self.run(sandbox)
        print("    exit codes", revoked, again.returncode)
        assert (revoked, again.returncode) == (3, 0), messages[-500:] + again.stderr[-500:]
        self.check(sandbox)
        sandbox.stop()

    def run_disk_full(self):
        self.write_songs(self.files, 0.1)
        self.output.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", str(self.output)], check=True)
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "20")
        try:
            full = self.run(sandbox)
            paid = sandbox.report()["starts"]
            subprocess.run(["mount", "-o", "remount,size=200M", str(self.output)], check=True)
            again = self.run(sandbox)
            print("    exit codes", full.returncode, again.returncode, "and", paid, "starts before the disk was full:", full.stderr.strip().splitlines()[-1][:200])
            assert full.returncode == 1 and again.returncode == 0, full.stderr[-500:] + again.stderr[-500:]
            self.check(sandbox)
        finally:
            subprocess.run(["umount", str(self.output)], check=True)
            sandbox.stop()

    def run_two_runs(self):
        self.write_songs(self.files, 0.05)
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "20")
        runs = [self.start(sandbox) for _ in range(2)]
        codes = sorted((run.communicate(), run.returncode)[1] for run in runs)
        print("    exit codes", codes)
        assert codes == [0, 2], codes
        self.check(sandbox)
        sandbox.stop()

    def run_three_processes(self):
        self.write_songs(self.files, 0.05)
        # As strict as the service, and slow enough for the processes to need more checks than a minute allows.
        sandbox = Sandbox(self.program, self.directory / "state", "--speed", "0.02")
        runs = [self.start(sandbox, self.directory / f"out{number}") for number in range(3)]
        began = time.monotonic()
        codes = [(run.communicate(), run.returncode)[1] for run in runs]
        report = sandbox.report()
        print("    exit codes", codes, "after", round(time.monotonic() - began), "s:", {name: report[name] for name in report if name.startswith("checks")})
        assert codes == [0, 0, 0] and report["checks_rejected"] == 0, report
        sandbox.stop()


def main():
    names = ["kills", "outage", "revoked", "disk-full", "two-runs", "three-processes"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series", nargs="+", choices=names)
    parser.add_argument("--program", default=str(ROOT / "src/LalalAi.Cli/bin/Release/net10.0/LalalAi.Cli.dll"))
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=200)
    arguments = parser.parse_args()
    for name in arguments.series:
        directory = pathlib.Path(tempfile.mkdtemp(prefix="lalalai-series-"))
        os.environ["LALALAI_HOME"] = str(directory / "home")
        print(name, flush=True)
        try:
            getattr(Series(arguments, directory), "run_" + name.replace("-", "_"))()
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    print("ok")


if __name__ == "__main__":
    sys.exit(main())
