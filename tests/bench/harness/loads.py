# SPDX-License-Identifier: MIT
"""Runs the programs that print samples: bus_load, disk_floor, store_probe, first_answer."""
import dataclasses
import subprocess

# More than this in one load would use up every fresh code of the pool.
MOST_LOGINS = 2900


@dataclasses.dataclass
class Load:
    milliseconds: list
    refused: int
    seconds: float

    @property
    def rate(self):
        return (len(self.milliseconds) - self.refused) / self.seconds


def bus_command(host, operation, seconds, clients=1, most=None, **options):
    command = [host.program("bus_load"), "--do", operation, "--seconds", seconds,
               "--clients", clients, "--users", host.pool]
    if most is not None or operation == "login":
        command += ["--most", most or MOST_LOGINS]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}"] + ([] if value is True else [value])
    return [str(word) for word in command]


def bus(host, operation, seconds, **options):
    return read_load(_run(bus_command(host, operation, seconds, **options)))


def disk(host, *words):
    return read_load(_run([str(host.program("disk_floor")), *map(str, words)]))


def start_bus(host, operation, seconds, **options):
    """A load beside others; read_load() its output when it has ended."""
    return subprocess.Popen(bus_command(host, operation, seconds, **options),
                            stdout=subprocess.PIPE, text=True)


def read_load(text):
    samples, done = [], None
    for line in text.splitlines():
        words = line.split("\t")
        if words[0] == "sample":
            samples.append(int(words[1]) / 1e6)
        elif words[0] == "done":
            done = words
    if done is None:
        raise RuntimeError("a load ended early")
    refused = int(done[2]) if len(done) == 4 else 0
    return Load(samples, refused, float(done[-1]))


def store_probe(host, directory, key, users, seconds, *options):
    """Samples in milliseconds by name; "purged" is a count."""
    text = _run([str(host.program("store_probe")), "--directory", str(directory), "--key", str(key),
                 "--users", str(users), "--seconds", str(seconds), *options],
                user="twinlock", group="twinlock", extra_groups=[])
    found = {}
    for line in text.splitlines():
        words = line.split("\t")
        if words[0] == "sample":
            found.setdefault(words[1], []).append(int(words[2]) / 1e6)
        elif words[0] == "purged":
            found["purged"] = int(words[1])
    return found


def first_answer(host, uid, gid, command):
    """(milliseconds until the first answer, resident memory in kB) of a program with our bus name."""
    text = _run([str(host.program("first_answer")), str(uid), str(gid), *map(str, command)])
    _, nanoseconds, kilobytes = text.splitlines()[-1].split("\t")
    return int(nanoseconds) / 1e6, int(kilobytes)


def _run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0].rsplit('/', 1)[-1]} ended with {done.returncode}: "
                           f"{done.stderr[-500:]}")
    return done.stdout
