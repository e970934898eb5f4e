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
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steering.settings")
django.setup()

from django.utils import translation  # noqa: E402

from commitments.models import Paper, PaperState  # noqa: E402
from districts.models import Unit  # noqa: E402
from reports.documents.commitment import commitment  # noqa: E402
from reports.documents.files import commitment_files  # noqa: E402
from reports.documents.promised import Promised, of_paper  # noqa: E402
from reports.documents.setting import pdf  # noqa: E402
from steering.committee.letterheads import usual  # noqa: E402
from steering.committee.models import Committee  # noqa: E402

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


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def bare(seed: int) -> list[str]:
    """What the template is given for as many others."""
    documents = (commitment(one).normalised() for one in promised(papers(seed)))
    return [json.dumps(pdf.as_data(document)) for document in documents]


def main() -> None:
    pairs = []
    with translation.override("vi"):
        pdf.compiled(bare(2 * ROUNDS)[0])
        for turn in range(ROUNDS):
            found, data = papers(2 * turn), bare(2 * turn + 1)
            mine = timed(lambda found=found: commitment_files(promised(found), "pdf"))
            pairs.append((mine, timed(lambda data=data: [pdf.compiled(one) for one in data])))
    print(
        f"documents: {UNITS} commitments as PDF {statistics.median(m for m, _b in pairs):.2f} s, "
        f"the bare template as often {statistics.median(b for _m, b in pairs):.2f} s, "
        f"ratio {statistics.median(mine / other for mine, other in pairs):.2f} (at most 3)"
    )


if __name__ == "__main__":
    main()
