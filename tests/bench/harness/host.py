# SPDX-License-Identifier: MIT
"""The private host that everything runs in: accounts, syslog, bus, PAM services.

What must not be faster than on a real machine lies in `work`, on a real disk; the rest of the private
host (/etc, /run) is memory.
"""
import pathlib
import subprocess

from sandboxing import accounts, syslog_reader, system_bus

from . import people

RUNTIME = pathlib.Path("/run/twinlock-bench")
_ROOT = pathlib.Path(__file__).resolve().parents[3]

# Accounts that log in. Each gives a code in three time steps at once (timer/code_pool.h).
POOL = 1000

# A bus like the system's, where nobody owns our name and nothing can be started.
_EMPTY_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow send_type="signal"/> <allow send_destination="org.freedesktop.DBus"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_return"/> <allow receive_type="error"/>
    <allow receive_type="signal"/> <allow receive_type="method_call"/>
  </policy>
</busconfig>
"""


class Host:
    """Made inside a private host, once; all of it ends with the process that made it."""

    EXEMPT_SERVICE = "bench-exempt"  # the one that twinlock.toml exempts

    def __init__(self, build, work):
        self.build = pathlib.Path(build)
        self.work = pathlib.Path(work)
        self.work.chmod(0o711)
        RUNTIME.mkdir(mode=0o755)
        self.syslog = RUNTIME / "syslog"
        syslog_reader.start(self.syslog)  # without a reader syslog(3) goes to the console, slowly
        accounts.add_daemon_user()
        self.people = people.people(POOL)
        people.add_accounts(self.people)
        people.set_password(self.people[0])
        self.pool = people.write_pool(self.work / "pool", self.people)
        # libpam loads the modules of "other" at every pam_start; Debian's would hide what others map.
        pathlib.Path("/etc/pam.d/other").write_text("auth required pam_deny.so\n", encoding="ascii")
        self._product = None
        self.ssh_port = None  # once a part has started sshd
        self._log = open(RUNTIME / "servers.log", "ab")  # noqa: SIM115: as long as we live
        self.bus = system_bus.start(_ROOT / "config" / "dbus" / "org.twinlock.Twinlock1.conf",
                                    self._log)

    def find_program(self, name):
        """The path of a built program of tests/bench, or None."""
        path = self.build / "tests" / "bench" / name
        return path if path.exists() else None

    def program(self, name):
        """The same for a part that can't do without: that part is skipped."""
        path = self.find_program(name)
        if path is None:
            raise RuntimeError(f"{name} is not built")
        return path

    @property
    def prompt_only(self):
        return self.find_program("pam_prompt_only.so")

    def syslog_tail(self):
        """What modules said last: the reason of a wrong row."""
        text = self.syslog.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-10:])

    def empty_bus(self):
        """Starts the second bus, once, and returns its address."""
        socket = RUNTIME / "empty-bus"
        if not socket.exists():
            configuration = RUNTIME / "empty-bus.conf"
            configuration.write_text(_EMPTY_BUS.format(socket=socket), encoding="ascii")
            subprocess.run(["dbus-daemon", f"--config-file={configuration}", "--fork"], check=True)
        return f"unix:path={socket}"

    def pam_service(self, name, auth_lines):
        """Writes a service that does nothing but authenticate, and returns its text."""
        text = "".join(f"{line}\n" for line in [
            *auth_lines, "account required pam_permit.so", "session required pam_permit.so"])
        pathlib.Path("/etc/pam.d", name).write_text(text, encoding="ascii")
        return text

    @property
    def why_no_product(self):
        """What of the product is not built, or "" if all is there."""
        programs = (self.build / "daemon" / "twinlockd", self.find_program("fill_store"),
                    self.build / "pam_module" / "plain" / "pam_twinlock.so")
        missing = [program for program in programs if program is None or not program.exists()]
        return f"{missing[0].name if missing[0] else 'fill_store'} is not built" if missing else ""

    @property
    def product(self):
        """The daemon (product.py), or None where it is not built."""
        if self._product is None and not self.why_no_product:
            from .product import Product  # noqa: PLC0415: it needs our paths
            self._product = Product(self)
        return self._product

    def serve(self, users):
        """Starts the daemon anew with so many users, if it is built."""
        if self.product:
            self.product.start(users)
