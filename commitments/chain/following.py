"""Following a chain link by link: is it one unbroken row, signed by whoever may sign? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from commitments.models import Link

from .digests import digest, link_content
from .keys import PublicKeys, key_id_of, signed_by

SIGNED = ("digest", "signature")
"""What a link says of itself; the rest is what its digest covers."""


def as_data(link: Link) -> dict[str, Any]:
    """A link as plain data, as it is followed and exported."""
    return {**link_content(link), "digest": link.digest, "signature": link.signature}


@dataclass
class Signers:
    """Who may sign the next link: whoever signed the last one, or the key which that introduced.

    The first link of a chain may be by any trusted key. Once a new key signs, the one before it is
    done with: whoever stole a retired key continues nothing.
    """

    last: str = ""
    introduced: str = ""

    def accept(self, key: str) -> bool:
        return not self.last or key in (self.last, self.introduced)

    def follow(self, link: Mapping[str, Any]) -> None:
        if link["key"] != self.last:
            self.last, self.introduced = link["key"], ""
        if link["kind"] == Link.Kind.KEY:
            self.introduced = key_id_of(link["subject_digest"])


@dataclass
class Followed:
    """What was found on the way: numbers of broken links, keys that nobody knows, the head."""

    broken: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    signers: Signers = field(default_factory=Signers)
    number: int = 0
    digest: str = ""


def follow(links: Iterable[Mapping[str, Any]], keys: PublicKeys, *, committee: int) -> Followed:
    """Go along one committee's links in order. Trusts ``keys`` and no other.

    Links that were taken over stand at the beginning only: nothing slips into a chain later as if
    it were older than it.
    """
    found, is_begun = Followed(), False
    for link in links:
        said = {name: value for name, value in link.items() if name not in SIGNED}
        known = link["key"] in keys
        whole = (
            link["committee"] == committee
            and link["number"] == found.number + 1
            and link["previous"] == found.digest
            and link["digest"] == digest(said)
            and not (is_begun and link["taken_over_on"])
            and found.signers.accept(link["key"])
        )
        if not known and link["key"] not in found.unknown:
            found.unknown.append(link["key"])
        if known and not (
            whole and signed_by(keys[link["key"]], link["signature"], link["digest"])
        ):
            found.broken.append(link["number"])
        found.signers.follow(link)
        is_begun = is_begun or not link["taken_over_on"]
        found.number, found.digest = link["number"], link["digest"]
    return found
