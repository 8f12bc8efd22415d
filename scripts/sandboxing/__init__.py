# SPDX-License-Identifier: MIT
"""A private host with a real system bus, sshd, sudo and twinlockd, for the demo and the tests."""
