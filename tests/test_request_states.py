"""Whatever is done with requests in whatever order: states, steps, journal and boundaries stay in step."""

from __future__ import annotations

import runpy
import shutil
import tempfile
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from api.requests import life
from api.requests.freshness import fingerprint, stale
from api.requests.wishes import Wishes
from data.book import Ask, open_book
from data.book.filed import Check, Draft, Handed
from data.errors import StepNotAllowed

made = runpy.run_path(str(Path(__file__).with_name("filed_requests.py")))
drawn, make, square, take = (made[name] for name in ("drawn", "make", "square", "take"))
DAY, WHEN = made["DAY"], made["WHEN"]
SINCE = date(2026, 9, 1)
CORNER = {made["ZONE"]: 0, made["OTHER"]: -3000}
MOVES = {
    "drafted": {"withdrawn"},
    "checked": {"submitted", "withdrawn"},
    "submitted": {"returned", "adopted", "refused", "withdrawn"},
    "returned": {"submitted", "withdrawn"},
    "adopted": set(),
    "refused": set(),
    "withdrawn": set(),
}


class Office(RuleBasedStateMachine):
    """A book, and beside it what should be in it."""

    filed = Bundle("filed")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mutan-states-"))
        self.path = make(self.folder / "mutan.gpkg")
        self.book = open_book(self.path, write=True)
        self.state: dict[str, str] = {}
        self.zone: dict[str, str] = {}
        self.good: dict[str, bool] = {}
        self.moved: set[str] = set()
        self.lines, self.hours, self.layers = len(self.book.journal()), 0, 0

    def when(self):
        self.hours += 1
        return WHEN + timedelta(hours=self.hours)

    @rule(target=filed, zone=st.sampled_from(sorted(CORNER)))
    def file(self, zone: str) -> str:
        shape = square(1000, CORNER[zone], 1500, CORNER[zone] + 1000)
        content = drawn(self.folder, shape).read_bytes()
        handed = {"asked": Handed("asked.geojson", content, sha256(content).hexdigest())}
        wishes = Wishes("expansion", zone, DAY).as_json()
        draft = Draft("申请", zone, "expansion", DAY, wishes, handed, shape)
        number = self.book.file_request(draft, who="甲", when=self.when())
        self.state[number], self.zone[number], self.good[number] = "drafted", zone, False
        self.lines += 1
        return number

    @rule(number=filed)
    def check(self, number: str) -> None:
        filed = self.book.request(number)
        self.book.add_check(Check(number, "甲", self.when(), "met", {}, fingerprint(self.book, filed)))
        self.good[number] = True
        if self.state[number] == "drafted":
            self.state[number] = "checked"
        self.lines += 1

    @rule()
    def a_layer_changes(self) -> None:
        self.layers += 1
        said = {"kind": ["water"], "name": ["河"], "level": None, "restricted": [False]}
        take(self.book, "constraints", said, [square(9000, 0, 9500 + self.layers, 500)])
        self.good = dict.fromkeys(self.good, False)
        self.lines += 1

    @rule(number=filed, what=st.sampled_from(["submitted", "returned", "withdrawn", "adopted", "refused"]))
    def step(self, number: str, what: str) -> None:
        may = what in MOVES[self.state[number]]
        may &= what != "submitted" or self.good[number]
        may &= what != "adopted" or self.zone[number] not in self.moved
        if not may:
            with pytest.raises(StepNotAllowed):
                self.do(number, what)
            return
        self.do(number, what)
        self.state[number] = what
        self.lines += 1
        if what == "adopted":
            mine = self.zone[number]
            self.moved.add(mine)
            # the two zones lie 2 km apart: a check of the other one looks as far as that
            for other in self.good:
                filed = self.book.request(other)
                if self.good[other]:
                    newest = self.book.request_checks(other)[-1]
                    changed = stale(self.book, filed, newest)
                    assert (changed == ["zones"]) if self.zone[other] == mine else set(changed) <= {"zones"}
                    self.good[other] = not changed

    @rule(number=filed, pick=st.sampled_from([0, 0, 0, 1, 2]))
    def onward(self, number: str, pick: int) -> None:
        """A step that may follow, if there is one; a check where one is needed first."""
        if self.state[number] in ("drafted", "checked", "returned") and not self.good[number]:
            self.check(number)
        if may := sorted(MOVES[self.state[number]] - {"withdrawn"}):
            self.step(number, may[pick % len(may)])

    def do(self, number: str, what: str) -> None:
        if what in ("adopted", "refused"):
            said = {"paper": "1号", "since": SINCE, "who": "丙", "when": self.when()}
            life.decide(self.book, number, what, **said)
        else:
            life.step(self.book, number, what, who="乙", when=self.when())

    @invariant()
    def the_book_says_the_same(self) -> None:
        if not hasattr(self, "book"):
            return
        assert {each.number: each.state for each in self.book.requests()} == self.state
        assert len(self.book.journal()) == self.lines
        for zone in CORNER:
            areas = [
                self.book.read("zones", Ask(zone=zone, on=day))["area_m2"].sum() / 1e6 for day in (DAY, SINCE)
            ]
            assert areas == pytest.approx([1.0, 1.5 if zone in self.moved else 1.0], rel=2e-3)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            with open_book(self.path) as another:  # what is in the file is what was said
                assert {each.number: each.state for each in another.requests()} == self.state
            self.book.close()
            shutil.rmtree(self.folder)


TestOffice = Office.TestCase
TestOffice.settings = settings(
    max_examples=12, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
)
