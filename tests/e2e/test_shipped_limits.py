# SPDX-License-Identifier: MIT
"""Many logins at the same moment, with the limits as they are shipped.

More rivals than one user may have conversations: newer ones push out older ones while the code is
judged. TWINLOCK_CROWDS is how often they race.
"""
import os

from sandboxing import logins

_RIVALS = 16
_ROUNDS = int(os.environ.get("TWINLOCK_CROWDS", "10"))


def test_of_sixteen_logins_with_one_code_one_is_granted_every_time(new_person):  # S87
    people = [new_person() for _ in range(_ROUNDS)]
    granted = [logins.granted_to_rivals(person.name, person.authenticator.code(), _RIVALS)
               for person in people]
    assert granted == [1] * _ROUNDS
