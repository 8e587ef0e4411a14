"""Who vouches for an entry?  A signature by an SSH key, made and checked with OpenSSH's own `ssh-keygen -Y`.

The key signs the entry's digest in the namespace `bailiwick`.  An allowed-signers file (ssh-keygen(1), ALLOWED
SIGNERS) says whose key is whose; nothing here touches the network.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bailiwick.errors import CaseError
from bailiwick.register.chain import Line

NAMESPACE = "bailiwick"
PROGRAM = "ssh-keygen"


def signer(key: Path) -> Callable[[bytes], str]:
    """What turns a digest into a signature by that private key; CaseError where the key cannot sign."""
    if not key.is_file():
        raise CaseError(str(key), "--sign", got="no such file", expected="a private SSH key",
                        hint="make one with `ssh-keygen -t ed25519`")

    def sign(message: bytes) -> str:
        """The armoured signature of a message."""
        done = _run(["sign", "-q", "-f", str(key), "-n", NAMESPACE], message)
        if done.returncode or b"BEGIN SSH SIGNATURE" not in done.stdout:
            raise CaseError(str(key), "--sign", got=_said(done), expected="a private SSH key that can sign")
        return done.stdout.decode("ascii")

    return sign


def unsigned(lines: Sequence[Line], allowed: Path | None) -> tuple[str, ...]:
    """The entries whose signature does not hold, one line each; without an allowed-signers file only by their key."""
    if allowed is not None and not allowed.is_file():
        raise CaseError(str(allowed), "--allowed-signers", got="no such file", expected="an allowed-signers file",
                        hint='a line is: name namespaces="bailiwick" ssh-ed25519 AAAA...')
    return tuple(said for line in lines for said in _unsigned(line, allowed))


def _unsigned(line: Line, allowed: Path | None) -> Iterator[str]:
    try:
        name = line.entry.signer
    except CaseError:
        return
    if name and not line.signature:
        yield f"entry {line.number} is said to be signed by {name}, but its signature is gone"
    elif line.signature and not name:
        yield f"entry {line.number} bears a signature but names no signer"
    elif line.signature:
        said = _checked(line, name, allowed)
        if said:
            yield f"entry {line.number}: the signature of {name} does not hold ({said})"


def _checked(line: Line, name: str, allowed: Path | None) -> str:
    """Why a signature does not hold, or nothing where it does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "signature"
        file.write_bytes(line.signature.encode("utf-8", "surrogateescape"))
        if allowed is None:
            done = _run(["check-novalidate", "-n", NAMESPACE, "-s", str(file)], line.digest.encode())
        else:
            day = line.entry.recorded[:19].replace("-", "").replace(":", "").replace("T", "") + "Z"
            done = _run(["verify", "-f", str(allowed), "-I", name, "-n", NAMESPACE, "-s", str(file),
                         "-O", f"verify-time={day}"], line.digest.encode())
    return _said(done) or "it was refused" if done.returncode else ""


def _run(told: list[str], message: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run([PROGRAM, "-Y", *told], input=message, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise CaseError(PROGRAM, "", got="not installed", expected="OpenSSH 8.9 or later, which signs and checks",
                        hint="install the package openssh-client") from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    told = (done.stderr + b"\n" + done.stdout).decode("utf-8", "replace")
    return "; ".join(line.strip() for line in told.splitlines() if line.strip())[:200]
