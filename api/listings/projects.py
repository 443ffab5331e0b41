"""Projects of a zone (项目管控): each finding on control values, promises, agreed starts and admission."""

from __future__ import annotations

from api.listings.exits import projects_of
from api.listings.listing import FINDING, Asked, Listing, columns, findings_frame
from api.zone_tables import parcels_of
from data.book.interface import Ask
from geo.projects import Projects, measure

SHOWN = {
    **columns(("subject", "项目编号"), ("project_name", "项目名称"), ("stage_label", "阶段")),
    **{name: column for name, column in FINDING.items() if name != "subject"},
}
STAGES = {"signed": "签约", "started": "开工", "operating": "投产", "stopped": "终止", "": None}


def make(asked: Asked) -> Listing:
    """Everything that was found about the projects of a zone at the end of the year."""
    told = projects_in(asked)
    rows = projects_of(asked).drop_duplicates("project_id").set_index("project_id")
    frame = findings_frame(told.findings)
    stages = dict(zip(told.frame["project_id"], told.frame["stage"].map(STAGES), strict=True))
    frame = frame.assign(
        project_name=frame["subject"].map(rows["name"]),
        stage_label=frame["subject"].map(stages),
        parcel_id=frame["subject"].map(rows["parcel_id"]),
    )
    limits = tuple(dict.fromkeys(each.limit for each in told.findings if each.limit))
    return Listing(
        name="projects",
        title=f"{asked.zone['name']}项目管控",
        asked=asked,
        columns=SHOWN,
        frame=frame,
        results=told.results,
        faults=told.faults,
        articles=limits,
        notes=(
            "控制指标按项目受理之日施行的取；没有受理日期的按签约日期，都没有则无法判断。",
            "未核实的限值只供参考，审批以原文为准。",
        ),
        placed_by="parcel_id",
        whys=tuple(
            {"formula": each.formula, "inputs": [one.as_json() for one in each.inputs]}
            for each in told.findings
        ),
    )


def projects_in(asked: Asked) -> Projects:
    """Everything about the projects of a zone at the end of the year."""
    zone = asked.zone
    parcels, _ = parcels_of(asked.book, zone, asked.day)
    return measure(
        projects_of(asked),
        asked.book.read("controls"),
        asked.book.read("admissions", Ask(zone=asked.code)),
        day=asked.day,
        region=asked.region,
        zone=zone,
        parcels=parcels,
    )
