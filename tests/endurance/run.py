"""Kills the site and its worker at random moments, and looks each time whether anything broke."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

from django.db.models import Sum
from django.utils import timezone

from commitments.models import Move, Revision, State, Submission
from districts.months import Month
from steering.accounts.models import JournalEntry
from steering.jobs.models import Job
from steering.serve import Child, web, worker

from . import province
from .acts import Act, DecideAll, HandIn, PassClean, ReturnOne, TypeIn
from .checks import Books, wrong_database
from .visiting import Visitor, answers

LONGEST = {"web": 0.8, "worker": 1.5}
"""Seconds within which one of the two is killed, once it has begun what it is to be killed in."""
ANYWHERE = 0.15
"""How often the worker is killed whether or not it has begun anything."""
REST = 240
"""Seconds within which everything must have come to rest."""
OFTEN = 0.2
"""How often the same is killed again before anything has come to rest."""


def tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def wait(happened: Callable[[], bool], *, seconds: float) -> None:
    """Until something has happened, and no longer than so many seconds."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.1)


class Endurance:
    """A province at work, and the two programs that serve it."""

    def __init__(self, seed: int, bind: str):
        self.random, self.bind = random.Random(seed), bind
        people = province.build()
        self.importer = people.importer
        self.typist, self.reviewer = Visitor(people.typist, bind), Visitor(people.reviewer, bind)
        self.books, self.turn = Books(), 0
        self.communes = {month: province.communes(month) for month in province.MONTHS}
        self.children = {"web": Child("web server", web(bind)), "worker": Child("worker", worker())}
        self.caught: Counter[str] = Counter()

    def run(self, kills: int) -> int:
        """Kill so many times; how many sentences were said about what broke."""
        wrong, killed = self.come_to_rest([]), 0
        while killed < kills:
            role = self.random.choice(["web", "worker"])
            twice = killed + 2 <= kills and self.random.random() < OFTEN
            acts = self.begin(role)
            for _again in range(2 if twice else 1):
                killed += 1
                self.kill(role, acts, killed)
            found = self.come_to_rest(acts)
            wrong += found
            for sentence in found:
                tell(f"    WRONG  {sentence}")
        wrong += (found := list(wrong_database()))
        self.summarise(killed, wrong)
        return len(wrong)

    # --- what goes on ----------------------------------------------------------------------------

    def begin(self, role: str) -> list[Act]:
        """Let people begin at once, most of them with what ``role`` serves."""
        files = 2 if role == "worker" else self.random.randint(0, 1)
        acts = [self.hand_in() for _file in range(files)] + [self.type_in(), self.decide()]
        for act in acts:
            act.start()
        return acts

    def hand_in(self) -> Act:
        self.turn += 1
        month = self.random.choice(province.MONTHS)
        units = self.communes[month][province.TYPED :]
        chosen = self.random.sample(units, self.random.randint(10, len(units)))
        return HandIn(month, chosen, self.turn, self.importer, timezone.localdate())

    def type_in(self) -> Act:
        self.turn += 1
        month = self.random.choice(province.MONTHS)
        unit = self.random.choice(self.communes[month][: province.TYPED])
        send = self.random.random() < 0.8
        return TypeIn(self.typist, unit, month, self.turn, send=send)

    def decide(self) -> Act:
        """Verify, approve or pass on everything that waits in one of the months; rarely return."""
        month = self.random.choice(self._waiting() or province.MONTHS)
        states = set(Submission.objects.filter(month=month).values_list("state", flat=True))
        districts = month < Month.of(2025, 7)
        if self.random.random() < 0.1:
            return ReturnOne(self.reviewer, month, State.SUBMITTED)
        if State.VERIFIED in states:
            return DecideAll(self.reviewer, month, "approve", State.VERIFIED)
        if districts:
            return DecideAll(self.reviewer, month, "verify", State.SUBMITTED)
        if self.random.random() < 0.4:
            return PassClean(self.reviewer, month)
        return DecideAll(self.reviewer, month, "approve", State.SUBMITTED)

    def _waiting(self) -> list[Month]:
        """Months with reports that wait for a decision."""
        waiting = Submission.objects.filter(state__in=[State.SUBMITTED, State.VERIFIED])
        return sorted(set(waiting.values_list("month", flat=True)))

    # --- killing and waiting ---------------------------------------------------------------------

    def kill(self, role: str, acts: Sequence[Act], number: int) -> None:
        """SIGKILL to every process of one of the two, after a random delay; start it again."""
        if role == "worker" and self.random.random() >= ANYWHERE:
            wait(lambda: any(act.under_way for act in acts if act.served_by == role), seconds=30)
        delay = self.random.uniform(0, LONGEST[role])
        time.sleep(delay)
        broken = [
            act.name
            for act in acts
            if act.under_way and (role == "worker") is isinstance(act, HandIn)
        ]
        child = self.children[role]
        child.clear()
        child.start()
        self.caught[role] += 1
        self.caught[f"{role} at work"] += bool(broken)
        tell(f"{number:4}  {role:6} after {delay:.2f} s  in {'; '.join(broken) or 'nothing'}")

    def come_to_rest(self, acts: Sequence[Act]) -> list[str]:
        """Wait until nobody waits for anything; what is wrong then."""
        end = time.monotonic() + REST
        unfinished = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
        wait(lambda: answers(self.bind) and not unfinished.exists(), seconds=REST)
        ended = [child for child in self.children.values() if child.ended()]
        for act in acts:
            act.rest(max(0, end - time.monotonic()))
        for child in ended:
            child.clear()
            child.start()
        return [
            *(f"The {child.name} ended by itself." for child in ended),
            *(sentence for act in acts for sentence in act.judge()),
            *self.books.wrong(),
        ]

    def end(self) -> None:
        for child in self.children.values():
            child.end()
        wait(lambda: all(child.ended() for child in self.children.values()), seconds=20)
        for child in self.children.values():
            child.clear()

    def summarise(self, killed: int, wrong: Sequence[str]) -> None:
        """How often what was killed, what was done meanwhile, and what broke."""
        moves = Counter(Move.objects.values_list("verb", flat=True))
        jobs = Counter(Job.objects.values_list("state", flat=True))
        losses = Job.objects.aggregate(losses=Sum("losses", default=0))["losses"]
        caught = ", ".join(f"{role} {number}" for role, number in sorted(self.caught.items()))
        tell(f"{killed} kills: {caught}")
        tell(f"jobs: {dict(jobs)}, workers lost in the middle of one {losses}")
        tell(f"reports moved: {dict(moves)}")
        tell(
            f"{Revision.objects.count()} revisions, {JournalEntry.objects.count()} journal entries"
        )
        for sentence in wrong:
            tell(f"WRONG  {sentence}")
        tell("Everything or nothing of each act." if not wrong else f"{len(wrong)} things broke.")
