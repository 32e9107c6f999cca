"""A hash of a PIN or a password lets in the person it was made for, and nobody to whose row it was copied."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ivr.accounts import accounts_store
from ivr.accounts.tables import account
from ivr.oncall import pins
from ivr.oncall.tables import pin
from ivr.privacy.cipher import BY_FIELD, BY_ROW, ONLY_BY_ROW, PracticeCipher, is_sealed_hash
from ivr.privacy.errors import SealBroken
from ivr.privacy.resealing import reseal_column
from tests.web.line import PASSWORD, PIN, Line
from tests.web.test_signing_in import WRONG

ANOTHER = "914703"


@pytest.fixture
def copied(line: Line) -> Line:
    """Whoever can write in the database gives dr-lee the PIN of dr-patel, and the supervisor that of an agent."""
    sealing(line, BY_ROW)
    with line.database.write() as connection:
        pins.set_pin(connection, line.services.cipher, "dr-patel", ANOTHER, line.clock.now())
        accounts_store.set_password(connection, line.services.cipher, "agent", WRONG)
        for table, key, source, target in (
            (pin, pin.c.person_id, "dr-patel", "dr-lee"),
            (account, account.c.name, "agent", "supervisor"),
        ):
            name = "hash" if table is pin else "password_hash"
            taken = connection.execute(select(table.c[name]).where(key == source)).scalar_one()
            connection.execute(table.update().where(key == target).values({name: taken}))
    return line


def sealing(line: Line, form: str) -> None:
    """From now on as a process that was started with this setting."""
    line.services.cipher = PracticeCipher(line.services.cipher._keys, form)  # type: ignore[attr-defined]


def pin_is(line: Line, person: str, digits: str) -> bool:
    with line.work() as work:
        return pins.check_pin(work, person, digits)


def signs_in(line: Line, name: str, password: str = PASSWORD) -> bool:
    return line.client().sign_in(name, password).status_code == 303


def reseal_hashes(line: Line) -> tuple[int, int]:
    """How many hashes were sealed anew, and do not open."""
    hashes = [column for column in line.services.features.sealed if column.hashes]
    cipher = line.services.cipher
    assert isinstance(cipher, PracticeCipher)
    done = [batch for one in hashes for batch in reseal_column(line.database, cipher, one, dry_run=False)]
    return sum(batch.changed for batch in done), sum(batch.broken for batch in done)


def test_a_pin_copied_to_another_clinician_is_not_theirs(copied: Line) -> None:
    assert pin_is(copied, "dr-patel", ANOTHER)
    assert not pin_is(copied, "dr-lee", ANOTHER)


def test_a_password_copied_to_another_account_opens_nothing(copied: Line) -> None:
    assert signs_in(copied, "agent", WRONG)
    assert not signs_in(copied, "supervisor", WRONG)


def test_what_was_copied_is_told_of_when_hashes_are_sealed_anew(copied: Line) -> None:
    assert reseal_hashes(copied)[1] == 2


def test_a_pin_of_the_release_before_is_bound_when_it_is_used(line: Line) -> None:
    sealing(line, BY_ROW)
    assert not is_sealed_hash(line.one(pin, person_id="dr-lee").hash)
    assert not pin_is(line, "dr-lee", ANOTHER)
    assert not is_sealed_hash(line.one(pin, person_id="dr-lee").hash)
    assert pin_is(line, "dr-lee", PIN)
    assert is_sealed_hash(line.one(pin, person_id="dr-lee").hash)
    sealing(line, ONLY_BY_ROW)
    assert pin_is(line, "dr-lee", PIN)


def test_a_password_of_the_release_before_is_bound_when_it_is_used(line: Line) -> None:
    sealing(line, BY_ROW)
    assert signs_in(line, "agent")
    assert is_sealed_hash(line.one(account, name="agent").password_hash)
    sealing(line, ONLY_BY_ROW)
    assert signs_in(line, "agent")


def test_hashes_stay_readable_to_the_release_before_until_it_is_gone(line: Line) -> None:
    sealing(line, BY_FIELD)
    assert pin_is(line, "dr-lee", PIN)
    assert signs_in(line, "agent")
    assert not is_sealed_hash(line.one(pin, person_id="dr-lee").hash)
    assert not is_sealed_hash(line.one(account, name="agent").password_hash)


def test_the_older_form_is_refused_where_only_what_is_bound_is_read(line: Line) -> None:
    sealing(line, ONLY_BY_ROW)
    assert not pin_is(line, "dr-lee", PIN)
    assert not signs_in(line, "agent")


def test_every_hash_is_bound_at_once_by_sealing_anew(line: Line) -> None:
    sealing(line, BY_ROW)
    stored = len(line.rows(pin)) + len(line.rows(account))
    assert reseal_hashes(line) == (stored, 0)
    assert reseal_hashes(line) == (0, 0)
    sealing(line, ONLY_BY_ROW)
    assert pin_is(line, "dr-lee", PIN)
    assert signs_in(line, "supervisor")


@pytest.mark.parametrize("stored", ["sealed:", "sealed:AAAA", "sealed:not base64", "sealed:\n"])
def test_a_hash_that_is_damaged_opens_for_nobody(line: Line, stored: str) -> None:
    sealing(line, BY_ROW)
    cipher = line.services.cipher
    assert cipher.open_hash("pin", "pin:dr-lee", stored) is None
    with pytest.raises(SealBroken):
        cipher.reseal_hash("pin", "pin:dr-lee", stored)


def test_a_hash_of_argon_2_fits_its_column_when_it_is_sealed(line: Line) -> None:
    sealing(line, BY_ROW)
    longest = "$argon2id$v=19$m=65536,t=3,p=4$7oYBYeSuBmpSyQ6i7kxXkw$dvA3iMJuTssbySKsTYWr2kXmtIFWme1+Wko+023jNS8"
    assert len(line.services.cipher.seal_hash("password", "staff_user:" + "a" * 24, longest)) <= 200
