"""The chain as a small file that anybody can verify offline, and what such a file still proves.

    {"form": "chain of commitments", "version": 1, "committee": {"id", "unit", "since"},
     "exported_at", "links": [{..., "digest", "signature"}], "head": {"number", "digest"},
     "key", "signature"}

It holds digests, numbers and times, no names and no keys: whoever verifies brings the public key.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from commitments.rules import Fault, Refused
from steering.committee.models import Committee

from .digests import digest, moment
from .following import as_data, follow
from .keys import PublicKeys, key_id, signed_by, signing_key

FORM = "chain of commitments"
VERSION = 1
LARGEST = 64 * 1024 * 1024
"""Bytes; a chain of a hundred thousand links takes half of it."""


def exported(committee: Committee, *, at: datetime) -> bytes:
    """The links and the signed head of a committee's chain. Raises NoKey, or Refused if empty."""
    links = [as_data(link) for link in committee.links.order_by("number")]
    if not links:
        message = _("%(committee)s has no chain yet: nothing is signed or taken over.")
        raise Refused.because("chain_empty", message % {"committee": committee})
    key = signing_key()
    content = {
        "form": FORM,
        "version": VERSION,
        "committee": {
            "id": committee.pk,
            "unit": committee.unit.code,
            "since": committee.unit.established_on.isoformat(),
        },
        "exported_at": moment(at),
        "links": links,
        "head": {"number": links[-1]["number"], "digest": links[-1]["digest"]},
        "key": key_id(key.public_key()),
    }
    content["signature"] = key.sign(digest(content).encode("ascii")).hex()
    return json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"


def read_export(content: bytes) -> dict[str, Any]:
    """The file as data of the right shape. Raises Refused for anything else, however broken."""
    if len(content) > LARGEST:
        raise _unreadable(_("it is larger than any chain"))
    if not content.strip():
        raise _unreadable(_("it is empty"))
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise _unreadable(_("it is no JSON")) from None
    if not isinstance(data, dict) or data.get("form") != FORM or data.get("version") != VERSION:
        raise _unreadable(_("it is no exported chain"))
    if not _is_whole(data):
        raise _unreadable(_("parts of it are missing"))
    return data


_LINK = {
    "committee": int,
    "number": int,
    "kind": str,
    "subject": int,
    "subject_digest": str,
    "at": str,
    "taken_over_on": str | None,
    "previous": str,
    "key": str,
    "digest": str,
    "signature": str,
}


def _is_whole(data: Mapping[str, Any]) -> bool:
    links, head, committee = data.get("links"), data.get("head"), data.get("committee")
    return (
        isinstance(links, list)
        and bool(links)
        and isinstance(head, dict)
        and isinstance(committee, dict)
        and isinstance(committee.get("id"), int)
        and isinstance(data.get("key"), str)
        and isinstance(data.get("signature"), str)
        and all(
            isinstance(link, dict)
            and link.keys() == _LINK.keys()
            and all(isinstance(link[name], kind) for name, kind in _LINK.items())
            for link in links
        )
    )


def _unreadable(reason: str) -> Refused:
    message = _("The file of the chain cannot be used: %(reason)s. Export it again.")
    return Refused.because("chain_unreadable", message % {"reason": reason})


def faults_of_export(data: Mapping[str, Any], keys: PublicKeys) -> list[Fault]:
    """What is wrong with a file by itself: its head, its links, its signatures."""
    if data["key"] not in keys:
        message = _("The file is signed with the key %(key)s, which is not the one given.")
        return [Fault("key_unknown", message % {"key": data["key"]}, read=data["key"])]
    body = {name: value for name, value in data.items() if name != "signature"}
    if not signed_by(keys[data["key"]], data["signature"], digest(body)):
        return [Fault("file_changed", _("The file was changed after it was exported."))]
    found = follow(data["links"], keys, committee=data["committee"]["id"])
    faults = [_unknown_key(name) for name in found.unknown]
    for number in found.broken:
        message = _("Link %(number)s of the file is not what was signed.") % {"number": number}
        faults.append(Fault("link_broken", message, row=number))
    if data["head"] != {"number": found.number, "digest": found.digest}:
        faults.append(Fault("head_differs", _("The head of the file is not its last link.")))
    if not found.signers.accept(data["key"]):
        message = _("The file is signed with a key that its last link does not lead to.")
        faults.append(Fault("key_not_introduced", message, read=data["key"]))
    return faults


def _unknown_key(name: str) -> Fault:
    message = _("Links of the file are signed with the key %(key)s, which was not given.")
    return Fault("key_unknown", message % {"key": name}, read=name)


def faults_against(data: Mapping[str, Any], committees: Mapping[int, Committee]) -> list[Fault]:
    """What the database no longer holds of an exported chain: cut off or rewritten since."""
    committee = committees.get(data["committee"]["id"])
    unit = data["committee"].get("unit")
    if committee is None or committee.unit.code != unit:
        message = _("The file is of a committee that is not here, of the unit %(unit)s.")
        return [Fault("other_committee", message % {"unit": unit}, read=str(unit))]
    held = dict(committee.links.values_list("number", "digest"))
    for link in data["links"]:
        if held.get(link["number"]) != link["digest"]:
            message = (
                _("The chain was rewritten from link %(number)s on since the file was exported.")
                if link["number"] in held
                else _("The chain was cut off: link %(number)s of the file is gone.")
            )
            details = {"number": link["number"]}
            return [Fault("chain_rewritten", message % details, row=link["number"])]
    return []
