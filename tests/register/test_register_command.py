"""The commands add, list, show and verify do what they say, and say plainly what they refuse."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bailiwick.cli import app
from bailiwick.errors import CaseError

DECISION = ["--kind", "decision", "--title", "One command", "--reference", "PCD 1", "--day", "2018-02-12", "--by",
            "Deputy Mayor", "--summary", "It is decided."]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def ran(*told, code=0):
        done = CliRunner().invoke(app, ["register", *told], catch_exceptions=code == 0)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.output

    return ran


def test_an_entry_is_added_listed_shown_and_verified(run, tmp_path):
    (tmp_path / "record.json").write_text('{"schema": "bailiwick/record/1", "fingerprint": "BW-0123456789ab"}')
    assert "Entry 1 is in register.sqlite" in run("add", *DECISION, "--evidence", "record.json", "--risk", "Delay.")
    run("add", "--kind", "stop-rule reading", "--title", "First month", "--day", "2018-07-01", "--by", "the Met",
        "--summary", "Read.", "--measure", "calls in target", "--reading", "84", "--limit", "83", "--unit", "%")
    listed = run("list")
    assert "PCD 1: One command (Deputy Mayor)" in listed
    assert len(listed.splitlines()) == 2
    assert len(json.loads(run("list", "--kind", "decision", "--json"))) == 1
    page = run("show", "1")
    assert all(word in page for word in ("Executive summary", "Risks", "BW-0123456789ab", "Not signed"))
    assert "84 % (stop at 83)" in run("show", "2")
    assert "Whole: 2 entries" in run("verify")
    (tmp_path / "record.json").write_text("{}")
    assert "record.json was changed" in run("verify", code=1)
    assert json.loads(run("verify", "--json", code=1))["whole"] is False
    assert "cut off" in run("verify", "--head", "0123456789ab", code=1)


def test_a_file_holds_the_words_and_options_come_first(run, tmp_path):
    (tmp_path / "entry.toml").write_text('kind = "condition"\ntitle = "T"\nday = 2018-02-12\nby = "me"\n'
                                         'summary = "S"\nsigns_off = []\n', encoding="utf-8")
    told = json.loads(run("add", "--from", "entry.toml", "--title", "Other", "--json"))
    assert (told["title"], told["kind"], told["number"]) == ("Other", "condition", 1)


@pytest.mark.parametrize(("told", "word"), [
    (["add", "--from", "absent.toml"], "TOML"),
    (["add", *DECISION, "--signer", "alice"], "together"),
    (["add", *DECISION, "--evidence", "absent.pdf"], "absent.pdf"),
    (["add", "--kind", "decision"], "title"),
    (["list"], "no such file"),
    (["list", "--kind", "decsion"], "did you mean"),
    (["verify", "absent.sqlite"], "no such file"),
])
def test_what_is_refused_is_said(run, told, word):
    with pytest.raises(CaseError, match=word):
        run(*told, code=2)


def test_a_number_that_no_entry_has_is_refused(run):
    run("add", *DECISION)
    with pytest.raises(CaseError, match="1 to 1"):
        run("show", "7", code=2)
