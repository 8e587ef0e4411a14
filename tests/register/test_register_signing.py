"""A signed entry holds only under the key of the signer it names."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess

import pytest

from bailiwick import register
from bailiwick.errors import CaseError

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen: apt-get install "
                                                                           "openssh-client")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A folder with the keys of alice and mallory, and a file that allows alice."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("alice", "mallory"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)],
                       check=True)
    public = " ".join((folder / "alice.pub").read_text(encoding="utf-8").split()[:2])
    (folder / "allowed").write_text(f'alice namespaces="bailiwick" {public}\n', encoding="utf-8")
    return folder


def signed(path, entry, key):
    return register.append(path, entry, register.signer(key))


def test_a_signature_holds_under_the_signers_key(book, keys, make_entry):
    line = signed(book, make_entry(signer="alice"), keys / "alice")
    assert line.signature.startswith("-----BEGIN SSH SIGNATURE-----")
    assert register.verify(book, allowed_signers=keys / "allowed") == ()
    assert register.verify(book) == ()


def test_another_key_under_the_same_name_is_refused(book, keys, make_entry):
    signed(book, make_entry(signer="alice"), keys / "mallory")
    found = register.verify(book, allowed_signers=keys / "allowed")
    assert len(found) == 1
    assert "entry 4: the signature of alice does not hold" in found[0]
    assert register.verify(book) == (), "without the file only the key itself is known"


def test_a_signer_nobody_allowed_is_refused(book, keys, make_entry):
    signed(book, make_entry(signer="mallory"), keys / "mallory")
    assert "mallory" in register.verify(book, allowed_signers=keys / "allowed")[0]


def rewritten(path, statement):
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_are_never_changed")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_signature_taken_away_or_put_on_another_entry_is_named(book, keys, make_entry):
    signed(book, make_entry(signer="alice"), keys / "alice")
    signed(book, make_entry(signer="alice", title="Another"), keys / "alice")
    rewritten(book, "UPDATE entries SET signature = (SELECT signature FROM entries WHERE number = 5) WHERE number = 4")
    found = register.verify(book, allowed_signers=keys / "allowed")
    assert any("entry 4: the signature of alice does not hold" in said for said in found)
    rewritten_again = "UPDATE entries SET signature = '' WHERE number = 5"
    connection = sqlite3.connect(book)
    connection.execute(rewritten_again)
    connection.commit()
    connection.close()
    assert any("entry 5 is said to be signed by alice, but its signature is gone" in s for s in register.verify(book))


def test_a_key_that_cannot_sign_is_refused_and_nothing_is_entered(book, tmp_path, make_entry):
    before = register.lines(book)
    with pytest.raises(CaseError, match="no such file"):
        register.signer(tmp_path / "absent")
    (tmp_path / "junk").write_text("no key", encoding="utf-8")
    with pytest.raises(CaseError, match="can sign"):
        signed(book, make_entry(signer="alice"), tmp_path / "junk")
    assert register.lines(book) == before


def test_an_absent_file_of_signers_is_refused(book, tmp_path):
    with pytest.raises(CaseError, match="allowed-signers"):
        register.verify(book, allowed_signers=tmp_path / "absent")
