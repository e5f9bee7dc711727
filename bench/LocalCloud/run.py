#!/usr/bin/env python3
"""Measures the local cloud of this checkout and prints the figures as Markdown.

Needs root on Linux, and wrk, ab (apache2-utils), ip, nsenter. Some three minutes. What it starts has a state directory of its own and is gone afterwards.
usage: run.py [--parts start,boot,memory,balancer,api] [--published DIRECTORY]
  --published  where an earlier run has left the programs; made there when it is empty
"""
import argparse
import concurrent.futures
import glob
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ZONE = "/compute/v1/projects/bench-project/zones/us-west1-b"
REGION = "/compute/v1/projects/bench-project/regions/us-west1"
GLOBAL = "/compute/v1/projects/bench-project/global"


class Cloud:
    def __init__(self, program, state):
        self.state = state
        begun = time.monotonic()
        self.process = subprocess.Popen([program, "--port", "0", "--state", state], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.seconds_to_ready = time.monotonic() - begun
        self.port = int(re.search(r":(\d+)$", line.strip()).group(1))

    def call(self, method, path, body=None, connection=None):
        link = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        link.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
        answer = link.getresponse()
        content = json.loads(answer.read() or b"{}")
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content}")
        return content

    def do(self, method, path, body=None, connection=None):
        operation = self.call(method, path, body, connection)
        while operation["status"] != "DONE":
            scope = operation.get("zone") or operation.get("region") or GLOBAL
            scope = scope[scope.index("/compute/"):]
            operation = self.call("POST", f"{scope}/operations/{operation['name']}/wait", None, connection)
        if "error" in operation:
            raise RuntimeError(operation["error"])

    def insert(self, name, script, tags=(), connection=None, wait=True):
        body = {
            "name": name, "machineType": "zones/us-west1-b/machineTypes/e2-micro", "tags": {"items": list(tags)},
            "disks": [{"boot": True, "autoDelete": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}],
            "networkInterfaces": [{"network": "global/networks/default"}], "metadata": {"items": [{"key": "startup-script", "value": script}]},
        }
        begun = time.time()
        (self.do if wait else self.call)("POST", f"{ZONE}/instances", body, connection)
        return begun

    def script_began(self, name):
        """When the startup script was running, by the machine's own clock, which is this one's."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                output = self.call("GET", f"{ZONE}/instances/{name}/serialPort")["contents"]
            except RuntimeError:
                output = ""
            found = re.search(r"began ([0-9.]+)", output)
            if found:
                return float(found.group(1))
            time.sleep(0.05)
        raise RuntimeError(f"{name} did not boot: {output}")

    def machine(self, address):
        """Process 1 of the machine with an address."""
        for file in glob.glob(os.path.join(self.state, "machines", "m-*", "machine.json")):
            with open(file) as text:
                record = json.load(text)
            if record["Address"] == address:
                return record["InitProcess"]
        raise RuntimeError(address)

    def address(self, name):
        return self.call("GET", f"{ZONE}/instances/{name}")["networkInterfaces"][0]["networkIP"]

    def end(self):
        self.call("POST", "/localcloud/shutdown?purge=true")
        self.process.wait(120)


BEGAN = "echo began $EPOCHREALTIME\n"


def start(program):
    fresh, again = [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory(prefix="bench-cloud-") as state:
            cloud = Cloud(program, os.path.join(state, "s"))
            fresh.append(cloud.seconds_to_ready)
            cloud.call("POST", "/localcloud/shutdown")
            cloud.process.wait(60)
            cloud = Cloud(program, os.path.join(state, "s"))
            again.append(cloud.seconds_to_ready)
            cloud.end()
    return [row("start of the server, new state directory, median (5)", f"{statistics.median(fresh) * 1000:.0f} ms", f"{min(fresh) * 1000:.0f} to {max(fresh) * 1000:.0f}", "< 1 s"),
            row("start of the server, old state directory, median (5)", f"{statistics.median(again) * 1000:.0f} ms", f"{min(again) * 1000:.0f} to {max(again) * 1000:.0f}", "< 1 s")]


def boot(cloud):
    one_by_one = []
    for number in range(21):
        begun = cloud.insert(f"one-{number}", BEGAN)
        one_by_one.append((cloud.script_began(f"one-{number}") - begun) * 1000)
    one_by_one = one_by_one[1:]
    many = []
    for turn in range(3):
        names = [f"many-{turn}-{number}" for number in range(50)]
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            begun = min(threads.map(lambda name: cloud.insert(name, BEGAN, wait=False), names))
        time.sleep(2)
        many.append(max(cloud.script_began(name) for name in names) - begun)
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda name: cloud.do("DELETE", f"{ZONE}/instances/{name}"), names))
    for number in range(21):
        cloud.do("DELETE", f"{ZONE}/instances/one-{number}")
    return [row("a machine, from insert to its startup script running, median (20)", f"{statistics.median(one_by_one):.0f} ms", f"{min(one_by_one):.0f} to {max(one_by_one):.0f}", "≤ 100 ms"),
            row("50 machines at once, until the last startup script runs, median (3)", f"{statistics.median(many):.1f} s", f"{min(many):.1f} to {max(many):.1f}", "≤ 5 s")]


def resident(process):
    with open(f"/proc/{process}/smaps_rollup") as rollup:
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_"))


def memory(cloud):
    """What a machine takes that runs one program: all its processes and those that wait for it, without the program; and what the server has more."""
    before = resident(cloud.process.pid)
    names = [f"memory-{number}" for number in range(20)]
    for name in names:
        cloud.insert(name, BEGAN + "nohup sleep 1000 >/dev/null 2>&1 &\n")
    for name in names:
        cloud.script_began(name)
    time.sleep(2)
    each = []
    for name in names:
        init = cloud.machine(cloud.address(name))
        namespace = os.readlink(f"/proc/{init}/ns/pid")
        total = 0
        with open(f"/proc/{init}/stat") as stat:
            waiting = int(stat.read().rsplit(")", 1)[1].split()[1])
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/comm") as comm:
                    program = comm.read().strip()
                if program != "sleep" and (os.readlink(f"/proc/{process}/ns/pid") == namespace or int(process) == waiting):
                    total += resident(process)
            except OSError:
                pass
        each.append(total)
    after = resident(cloud.process.pid)
    for name in names:
        cloud.do("DELETE", f"{ZONE}/instances/{name}")
    return [row("a machine's own memory beside its program, private pages, median (20)", f"{statistics.median(each) / 1024:.2f} MB", f"{min(each) / 1024:.2f} to {max(each) / 1024:.2f}", "< 2 MB"),
            row("… and what the server has more for it", f"{(after - before) / len(names) / 1024:.2f} MB", "", "–")]


def balancer(cloud, primes):
    cloud.do("POST", f"{GLOBAL}/firewalls", {"name": "web", "sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "tcp"}]})
    cloud.do("POST", f"{GLOBAL}/healthChecks", {"name": "check", "type": "TCP", "tcpHealthCheck": {"port": 80}})
    started = []
    try:
        for name in ("web-1", "web-2", "web-3", "direct", "balanced"):
            cloud.insert(name, BEGAN)
        where = {name: cloud.address(name) for name in ("web-1", "web-2", "web-3", "direct", "balanced")}
        inside = {name: ["nsenter", "--target", str(cloud.machine(address)), "--net", "--uts"] for name, address in where.items()}
        for name in ("web-1", "web-2", "web-3"):
            started.append(subprocess.Popen([*inside[name], primes, "backend", "--listen", "http://0.0.0.0:80"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=os.path.dirname(primes)))
        for group, members in (("alone", ["web-1"]), ("all", ["web-1", "web-2", "web-3"])):
            cloud.do("POST", f"{ZONE}/instanceGroups", {"name": group, "network": "global/networks/default"})
        # A machine is in one group of a load balancer at a time: the second service gets its group when the first has been measured.
        rows = []
        for group, members, address in (("alone", ["web-1"], "10.138.0.200"), ("all", ["web-1", "web-2", "web-3"], "10.138.0.201")):
            cloud.do("POST", f"{ZONE}/instanceGroups/{group}/addInstances", {"instances": [{"instance": f"zones/us-west1-b/instances/{name}"} for name in members]})
            cloud.do("POST", f"{REGION}/backendServices", {"name": group, "loadBalancingScheme": "INTERNAL", "protocol": "TCP", "healthChecks": ["global/healthChecks/check"],
                                                          "backends": [{"group": f"https://www.googleapis.com{ZONE}/instanceGroups/{group}"}]})
            cloud.do("POST", f"{REGION}/forwardingRules", {"name": group, "loadBalancingScheme": "INTERNAL", "IPProtocol": "TCP", "IPAddress": address, "ports": ["80"],
                                                          "network": "global/networks/default", "backendService": f"regions/us-west1/backendServices/{group}"})
            for name, target in (("direct", where["web-1"]), ("balanced", address)):
                subprocess.run([*inside[name], "curl", "--silent", "--fail", "--output", "/dev/null", "--retry", "100", "--retry-all-errors", "--retry-delay", "1", f"http://{target}/97"], check=True)
            if group == "alone":
                rows += ratio("kept connections (wrk, 32)", inside, where["web-1"], address, kept)
                rows += ratio("new connections (ab, 32)", inside, where["web-1"], address, fresh)
            else:
                rows.append(spread(inside["balanced"], address))
        return rows
    finally:
        for process in started:
            process.terminate()
            process.wait()


def kept(inside, address):
    output = subprocess.run([*inside, "wrk", "-t1", "-c32", "-d3s", f"http://{address}/97"], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec: +([0-9.]+)", output).group(1))


def fresh(inside, address):
    output = subprocess.run([*inside, "ab", "-q", "-r", "-n", "12000", "-c", "32", f"http://{address}/97"], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests per second: +([0-9.]+)", output).group(1))


def ratio(title, inside, direct, balanced, measure):
    """In turns, each from a machine of its own; the first turn warms up."""
    pairs = [(measure(inside["direct"], direct), measure(inside["balanced"], balanced)) for _ in range(6)][1:]
    ratios = [through / routed for routed, through in pairs]
    return [row(f"{title}: through the load balancer ÷ routed directly, median (5)", f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}", "≥ 0.9"),
            row("… requests/s, directly and through", f"{statistics.median(p[0] for p in pairs):,.0f} and {statistics.median(p[1] for p in pairs):,.0f}", "", "–")]


def spread(inside, address):
    asking = ("import collections, http.client\ncounts = collections.Counter()\nfor _ in range(3000):\n"
              f"    link = http.client.HTTPConnection('{address}', 80, timeout=20); link.request('GET', '/97'); answer = link.getresponse(); answer.read()\n"
              "    counts[str([header for header in answer.getheaders() if header[0] != 'Date'])] += 1; link.close()\nprint(*counts.values())")
    shares = sorted(map(int, subprocess.run([*inside, "python3", "-c", asking], capture_output=True, text=True, check=True).stdout.split()))
    return row("3,000 new connections on three backends", " / ".join(map(str, shares)), "", "even")


def api(cloud):
    cloud.insert("asked", BEGAN)
    rows = []
    for title, path in (("GET of an instance", f"{ZONE}/instances/asked"), ("list of the firewall rules", f"{GLOBAL}/firewalls")):
        rates = []
        for _ in range(4):
            output = subprocess.run(["wrk", "-t1", "-c16", "-d3s", f"http://127.0.0.1:{cloud.port}{path}"], capture_output=True, text=True, check=True).stdout
            rates.append(float(re.search(r"Requests/sec: +([0-9.]+)", output).group(1)))
        rows.append(row(f"API, {title}, 16 connections, requests/s, median (3)", f"{statistics.median(rates[1:]):,.0f}", f"{min(rates[1:]):,.0f} to {max(rates[1:]):,.0f}", "–"))
    mutations = []
    for _ in range(4):
        link = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=60)
        begun = time.monotonic()
        for _ in range(200):
            cloud.do("POST", f"{GLOBAL}/healthChecks", {"name": "again", "type": "TCP", "tcpHealthCheck": {"port": 80}}, link)
            cloud.do("DELETE", f"{GLOBAL}/healthChecks/again", None, link)
        mutations.append(400 / (time.monotonic() - begun))
    rows.append(row("API, mutations with their wait, one client, per second, median (3)", f"{statistics.median(mutations[1:]):,.0f}", f"{min(mutations[1:]):,.0f} to {max(mutations[1:]):,.0f}", "–"))
    return rows


def row(what, median, extent, target):
    line = f"| {what} | {median} | {extent or '–'} | {target} |"
    print(line, flush=True)
    return line


def publish(project, directory):
    if not os.path.isdir(directory):
        subprocess.run(["dotnet", "publish", os.path.join(ROOT, "src", project), "--configuration", "Release", "--output", directory, "--nologo", "--verbosity", "quiet"], check=True, stdout=sys.stderr)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parts", default="start,boot,memory,balancer,api")
    options.add_argument("--published")
    options.add_argument("--publish-only", action="store_true", help="publishes to --published and measures nothing")
    chosen = options.parse_args()
    parts = chosen.parts.split(",")
    published = os.path.abspath(chosen.published or tempfile.mkdtemp(prefix="bench-programs-"))
    publish("LocalCloud", os.path.join(published, "cloud"))
    publish("Primes", os.path.join(published, "primes"))
    if chosen.publish_only:
        return
    program = next(path for path in (os.path.join(published, "cloud", name) for name in ("local-cloud", "PrimeDeploy.LocalCloud", "LocalCloud")) if os.path.exists(path))
    # As the startup scripts run it.
    os.environ["DOTNET_GCgen0size"] = "0x200000"
    print("| | median | least to most | target |\n|---|--:|--:|--:|", flush=True)
    try:
        if "start" in parts:
            start(program)
        for part in (part for part in parts if part != "start"):
            with tempfile.TemporaryDirectory(prefix="bench-cloud-") as state:
                cloud = Cloud(program, os.path.join(state, "s"))
                try:
                    {"boot": boot, "memory": memory, "api": api, "balancer": lambda it: balancer(it, os.path.join(published, "primes", "primes"))}[part](cloud)
                finally:
                    cloud.end()
    finally:
        if not chosen.published:
            shutil.rmtree(published, ignore_errors=True)


main()
