"""What a GeoPackage book does with requests (申请办理): the doors of `data.book.filed`, over its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from data import kinds
from data.book import filing, histories, remarks, writing
from data.book import looks as seen
from data.book.connecting import Connections
from data.book.filed import Box, Check, Decided, Draft, Filed, Handed, Look, Step, Weigh
from data.book.periods import Period
from data.errors import StepNotAllowed


class KeepsRequests:
    """The part of a GeoPackage book that keeps requests."""

    _links: Connections

    def _writing(self, who: str, when: datetime | None) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def file_request(self, draft: Draft, *, who: str, when: datetime) -> str:
        """See `RequestDoors.file_request`."""
        at = writing.utc(when)
        with self._writing(who, when) as link:
            number = filing.file(link, draft, who, when, at)
            filing.add_step(link, Step(number, "drafted", who, when), at)
            instead = f", a variant of {draft.variant_of}" if draft.variant_of else ""
            what = f"request {number}: drafted, {draft.kind} of {draft.zone}{instead}"
            remarks.write_journal(link, at, who, what)
        return number

    def add_check(self, check: Check) -> None:
        """See `RequestDoors.add_check`."""
        at = writing.utc(check.when)
        with self._writing(check.who, check.when) as link:
            state = filing.request(link, check.request).state
            filing.add_check(link, check, at)
            what = "checked" if state in ("drafted", "checked") else "rechecked"
            filing.add_step(link, Step(check.request, what, check.who, check.when, note=check.verdict), at)
            remarks.write_journal(link, at, check.who, f"request {check.request}: {what}, {check.verdict}")

    def take_step(self, step: Step, *, after: str) -> None:
        """See `RequestDoors.take_step`."""
        with self._writing(step.who, step.when) as link:
            self._step(link, step, after)

    def decide(self, step: Step, boundary: Decided | None, *, after: str) -> str:
        """See `RequestDoors.decide`."""
        of = kinds.kind("zones")
        version = ""
        with self._writing(step.who, step.when) as link:
            if boundary is not None:
                said = writing.Ingest(
                    boundary.source, step.who, step.when, Period(boundary.since, None), note=boundary.note
                )
                if boundary.frame is None:
                    number = writing.end(link, of, boundary.zone, said)
                else:
                    number = writing.take_in(link, of, boundary.frame, said)
                    writing.refresh_contents(link, of, step.when)
                version = histories.version(link, number).name
            self._step(link, replace(step, version=version), after)
        return version

    def requests(
        self,
        *,
        zone: str | None = None,
        state: str | None = None,
        box: Box | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Filed]:
        """See `RequestDoors.requests`."""
        with self._links.reading() as link:
            return filing.requests(link, filing.Sought(None, zone, state, box, limit, offset))

    def request(self, number: str) -> Filed:
        """See `RequestDoors.request`."""
        with self._links.reading() as link:
            return filing.request(link, number)

    def request_files(self, number: str) -> Mapping[str, Handed]:
        """See `RequestDoors.request_files`."""
        with self._links.reading() as link:
            return filing.files(link, number)

    def request_steps(self, number: str) -> list[Step]:
        """See `RequestDoors.request_steps`."""
        with self._links.reading() as link:
            return filing.steps(link, number)

    def request_checks(self, number: str) -> list[Check]:
        """See `RequestDoors.request_checks`."""
        with self._links.reading() as link:
            return filing.checks(link, number)

    def look(self, looks: Sequence[Look], weigh: Weigh, *, span: timedelta, around: float) -> str:
        """See `RequestDoors.look`."""
        if not looks:
            return ""
        with self._writing(looks[0].who, looks[0].when) as link:
            return seen.look(link, looks, weigh, span, around)

    def looks(self, since: datetime) -> list[Look]:
        """See `RequestDoors.looks`."""
        with self._links.reading() as link:
            return seen.since(link, since)

    def _step(self, link: sqlite3.Connection, step: Step, after: str) -> None:
        state = filing.request(link, step.request).state
        if state != after:
            raise StepNotAllowed(
                f"Request {step.request} was {after} when this was begun, and is {state} now: somebody else "
                "has taken a step. Nothing was written. Look at it again."
            )
        at = writing.utc(step.when)
        filing.add_step(link, step, at)
        said = ", ".join(each for each in (step.what, step.paper, step.version, step.note) if each)
        remarks.write_journal(link, at, step.who, f"request {step.request}: {said}")
