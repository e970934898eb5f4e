"""All commitments of a province as PDF against compiling the bare template as often: a ratio.

    python benchmarks/documents.py

Two hundred papers of twelve lines, made here and written to no table. The bare side compiles the
same template with the same standards on data made beforehand, each time others, for typst remembers
what it has set: what a document costs before anything of ours is asked. Ours reads each paper's
content, builds its document, fits its table, draws its code, sets it on one page and counts the
pages. Both run in turn in one process, in processor time; the median of the paired ratios is
printed.
"""

import hashlib
import json
import statistics
from datetime import date
from time import process_time

from bare import timed
from bare.aims import tell
from django.utils import translation

from commitments.models import Paper, PaperState
from districts.models import Unit
from reports.documents.commitment import commitment
from reports.documents.files import commitment_files
from reports.documents.promised import Promised, of_paper
from reports.documents.setting import pdf
from steering.committee.letterheads import usual
from steering.committee.models import Committee

UNITS, LINES, ROUNDS = 200, 12, 3
PROVINCE = Unit(code="99", tier="province", name="Suối Trong", full_name="Tỉnh Suối Trong")


def content(number: int, seed: int) -> str:
    """A paper of one unit, as preparing freezes it; another seed, other words and numbers."""
    unit = f"Xã Mường Số {number} {chr(ord('A') + seed)}"
    return json.dumps(
        {
            "unit": {"code": f"{number:05d}", "since": "1900-01-01", "name": unit},
            "year": 2025,
            "version": 1,
            "committee": {"unit": "99", "name": "Ban Chỉ đạo"},
            "decisions": [
                {
                    "number": "148/QĐ-UBND",
                    "issued_on": "2025-01-26",
                    "issuer": "UBND tỉnh Suối Trong",
                    "kind": "decision",
                }
            ],
            "parties": {
                "assigning": {"post": "Chủ tịch UBND tỉnh", "unit_name": PROVINCE.full_name},
                "receiving": {"post": f"Chủ tịch UBND {unit}", "unit_name": unit},
            },
            "lines": [
                {
                    "position": position,
                    "indicator": f"I{position}",
                    "name_vi": f"Số người tham gia bảo hiểm, nhóm {position}",
                    "name_en": f"Participants of group {position}",
                    "measure": "person",
                    "decimals": 0,
                    "operator": "at_least",
                    "last_year": number * 100 + seed * 20 + position,
                    "assigned": number * 100 + seed * 20 + 2 * position,
                    "committed": number * 100 + seed * 20 + 3 * position,
                    "deadline": "2025-12",
                }
                for position in range(1, LINES + 1)
            ],
        }
    )


def papers(seed: int) -> list[Paper]:
    committee = Committee(unit=PROVINCE, name="Ban Chỉ đạo tỉnh Suối Trong")
    return [
        Paper(
            committee=committee,
            year=2025,
            code=hashlib.sha256(text.encode()).hexdigest()[:26].upper(),
            content=text,
            content_digest=hashlib.sha256(text.encode()).hexdigest(),
            chain_number=1,
            chain_head="0" * 64,
            prepared_on=date(2025, 2, 20),
        )
        for text in (content(number, seed) for number in range(1, UNITS + 1))
    ]


def promised(found: list[Paper]) -> list[Promised]:
    letterhead = usual(found[0].committee)
    for paper in found:
        paper.state = PaperState.PREPARED
    return [of_paper(paper, None, letterhead) for paper in found]


def bare(seed: int) -> list[str]:
    """What the template is given for as many others."""
    documents = (commitment(one).normalised() for one in promised(papers(seed)))
    return [json.dumps(pdf.as_data(document)) for document in documents]


def measure() -> list[tuple[str, float]]:
    """How many times the bare template do all commitments of a province take?"""
    pairs = []
    with translation.override("vi"):
        pdf.compiled(bare(2 * ROUNDS)[0])
        for turn in range(ROUNDS):
            found, data = papers(2 * turn), bare(2 * turn + 1)
            mine = timed(lambda found=found: commitment_files(promised(found), "pdf"), process_time)
            pairs.append(
                (
                    mine,
                    timed(lambda data=data: [pdf.compiled(one) for one in data], process_time),
                )
            )
    return [("commitments_pdf", statistics.median(mine / other for mine, other in pairs))]


if __name__ == "__main__":
    tell(measure())
