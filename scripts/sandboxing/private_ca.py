# SPDX-License-Identifier: MIT
"""A certificate authority of the sandbox's own, and a server's certificate for localhost."""
import pathlib
import shutil
import subprocess

_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"


class PrivateCa:
    """ca: what clients trust (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, curl --cacert)."""

    def __init__(self, directory):
        directory = pathlib.Path(directory)
        directory.mkdir(mode=0o755)
        self.ca = directory / "ca.pem"
        self.certificate = directory / "server.pem"
        self.key = directory / "server.key"
        self._ca_key = directory / "ca.key"
        self._make(self.ca, self._ca_key, "/CN=Twinlock sandbox", ["basicConstraints=critical,CA:TRUE"])
        self.renew()

    def renew(self):
        """Another certificate and key in the place of the old ones."""
        self._make(self.certificate, self.key, "/CN=localhost",
                   ["basicConstraints=critical,CA:FALSE", _NAMES],
                   "-CA", self.ca, "-CAkey", self._ca_key)
        shutil.chown(self.key, "twinlock", "twinlock")
        self.key.chmod(0o400)
        self.certificate.chmod(0o644)
        self.ca.chmod(0o644)

    @staticmethod
    def _make(certificate, key, subject, extensions, *signer):
        added = [word for extension in extensions for word in ("-addext", extension)]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "30", "-subj", subject, *added, "-out", certificate,
                        "-keyout", key, *signer], check=True, capture_output=True)
