"""The exported chain: a small file that proves something by itself and against the database."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.chain import keys
from commitments.chain.digests import digest

from .promises import against, answer_of, sign


class TestExport:
    def test_it_holds_no_name(self, promised, clean):
        text = clean.read_text()
        assert promised.committee.name not in text
        assert "Chủ tịch" not in text and "QĐ" not in text

    def test_the_command_writes_what_the_other_commands_read(self, promised, public_key, tmp_path):
        path = tmp_path / "out.json"
        answer = answer_of("export_chain", "--unit", "99", "--output", str(path))
        assert answer == {"ok": True, "file": str(path), "unit": "99", "links": 8, "status": 0}
        answer = answer_of("verify_chain", str(path), "--key", str(public_key))
        assert answer["ok"] and answer["links"] == 8 and answer["status"] == 0
        assert against(path)["against"]["ok"] is True

    def test_a_chain_that_grew_since_still_holds(self, promised, clean, catalogue):
        sign(promised.committee, catalogue["HI"], (promised.unit, 300))
        assert against(clean)["status"] == 0

    def test_the_key_in_hexadecimal_is_taken_too(self, promised, clean, tmp_path):
        path = tmp_path / "key.txt"
        path.write_text(keys.raw(keys.signing_key().public_key()).hex())
        assert answer_of("verify_chain", str(clean), "--key", str(path))["ok"]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "chain_unreadable"),
            (b"{", "chain_unreadable"),
            (b"[]", "chain_unreadable"),
            (b'{"form": "chain of commitments", "version": 1}', "chain_unreadable"),
            (b"[" * 100_000, "chain_unreadable"),
        ],
    )
    def test_a_file_that_is_no_chain_is_refused(
        self, promised, public_key, tmp_path, content, code
    ):
        path = tmp_path / "broken.json"
        path.write_bytes(content)
        for answer in (
            answer_of("verify_chain", str(path), "--key", str(public_key)),
            against(path),
        ):
            assert (answer["ok"], answer["status"]) == (False, 1)
            assert [error["code"] for error in answer["errors"]] == [code]

    def test_half_a_character_is_no_crash(self, clean, public_key):
        text = clean.read_text().replace('"unit": "99"', '"unit": "\\ud800"')
        clean.write_text(text)
        answer = answer_of("verify_chain", str(clean), "--key", str(public_key))
        assert [error["code"] for error in answer["errors"]] == ["file_changed"]

    def test_a_missing_file_or_key_is_an_error(self, clean, public_key, tmp_path):
        for file, key in ((tmp_path / "none", public_key), (clean, tmp_path / "none")):
            answer = answer_of("verify_chain", str(file), "--key", str(key))
            assert (answer["status"], answer["errors"][0]["code"]) == (1, "file_unreadable")

    def test_a_file_that_is_no_key_is_an_error(self, clean):
        answer = answer_of("verify_chain", str(clean), "--key", str(clean))
        assert (answer["status"], answer["errors"][0]["code"]) == (1, "key_unreadable")

    @given(chosen=st.data())
    @settings(max_examples=40)
    def test_any_change_of_the_file_is_found(self, clean, public_key, chosen):
        data = json.loads(clean.read_text())
        link = chosen.draw(st.sampled_from(data["links"]))
        name = chosen.draw(st.sampled_from(sorted(link)))
        link[name] = 77 if isinstance(link[name], int) else "0" * 64
        path = clean.with_name("changed.json")
        path.write_text(json.dumps(data))
        answer = answer_of("verify_chain", str(path), "--key", str(public_key))
        assert (answer["ok"], answer["status"]) == (False, 1)

    def test_another_key_verifies_nothing(self, promised, clean, tmp_path):
        keys.make_key(tmp_path / "other.pem")
        other = tmp_path / "other-public.pem"
        other.write_bytes(keys.as_pem(keys.read_private(tmp_path / "other.pem").public_key()))
        answer = answer_of("verify_chain", str(clean), "--key", str(other))
        assert [error["code"] for error in answer["errors"]] == ["key_unknown"]

    def test_a_file_of_another_committee_is_refused(self, promised, clean):
        data = json.loads(clean.read_text())
        data["committee"]["id"] += 1000
        clean.write_bytes(signed_anew(data))
        answer = against(clean)
        assert answer["status"] == 1
        assert "link_broken" in {error["code"] for error in answer["errors"]}

    def test_a_unit_without_a_committee_has_no_chain(self, province, tmp_path):
        for code in ("901", "77777"):
            answer = answer_of("export_chain", "--unit", code, "--output", str(tmp_path / "x"))
            assert (answer["status"], answer["errors"][0]["code"]) == (1, "unknown_unit")
        assert not (tmp_path / "x").exists()


def signed_anew(data: dict) -> bytes:
    data.pop("signature")
    data["signature"] = keys.signing_key().sign(digest(data).encode()).hex()
    return json.dumps(data).encode()


# --- without a database: no test below asks for one, so that any query fails ---------------------


def chain_by_hand(key, *kinds, introducing="") -> dict:
    """An exported chain of links by one key."""
    name, links, previous = keys.key_id(key.public_key()), [], ""
    for number, kind in enumerate(kinds, start=1):
        said = {
            "committee": 1,
            "number": number,
            "kind": kind,
            "subject": number,
            "subject_digest": introducing if kind == "key" else digest(number),
            "at": "2024-03-07T00:00:00.000000+00:00",
            "taken_over_on": None,
            "previous": previous,
            "key": name,
        }
        previous = digest(said)
        links.append({**said, "digest": previous, "signature": key.sign(previous.encode()).hex()})
    return {
        "form": "chain of commitments",
        "version": 1,
        "committee": {"id": 1, "unit": "99", "since": "1997-01-01"},
        "exported_at": "2024-04-01T00:00:00.000000+00:00",
        "links": links,
        "head": {"number": len(links), "digest": previous},
        "key": name,
    }


def made_key(folder, name):
    keys.make_key(folder / name)
    key = keys.read_private(folder / name)
    (folder / f"{name}.pub").write_bytes(keys.as_pem(key.public_key()))
    return key


def written(path, data: dict, key):
    data["key"] = keys.key_id(key.public_key())
    data["signature"] = key.sign(digest(data).encode()).hex()
    path.write_text(json.dumps(data))
    return str(path)


class TestOffline:
    def test_a_chain_is_verified_with_the_key_alone(self, tmp_path):
        key = made_key(tmp_path, "a")
        path = written(tmp_path / "chain.json", chain_by_hand(key, "decision", "event"), key)
        answer = answer_of("verify_chain", path, "--key", str(tmp_path / "a.pub"))
        assert answer["ok"] and answer["status"] == 0
        assert (answer["unit"], answer["links"]) == ("99", 2)

    def test_a_chain_of_two_keys_needs_both(self, tmp_path):
        old, new = made_key(tmp_path, "a"), made_key(tmp_path, "b")
        introduced = keys.raw(new.public_key()).hex()
        data = chain_by_hand(old, "decision", "key", introducing=introduced)
        path = written(tmp_path / "chain.json", data, new)
        both = ("--key", str(tmp_path / "a.pub"), "--key", str(tmp_path / "b.pub"))
        assert answer_of("verify_chain", path, *both)["ok"]
        answer = answer_of("verify_chain", path, "--key", str(tmp_path / "b.pub"))
        assert [error["code"] for error in answer["errors"]] == ["key_unknown"]

    def test_a_key_that_nobody_introduced_ends_no_chain(self, tmp_path):
        old, new = made_key(tmp_path, "a"), made_key(tmp_path, "b")
        path = written(tmp_path / "chain.json", chain_by_hand(old, "decision"), new)
        both = ("--key", str(tmp_path / "a.pub"), "--key", str(tmp_path / "b.pub"))
        answer = answer_of("verify_chain", path, *both)
        assert [error["code"] for error in answer["errors"]] == ["key_not_introduced"]
