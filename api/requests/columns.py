"""The properties of a request as a feature (申请字段)."""

from __future__ import annotations

from collections.abc import Mapping

from api.words import MARKS
from data.kinds import Column

STATES: Mapping[str, str] = {
    "drafted": "已起草",
    "checked": "已核查",
    "submitted": "已报送",
    "returned": "已退回",
    "adopted": "已采纳",
    "refused": "未采纳",
    "withdrawn": "已撤回",
}

COLUMNS: Mapping[str, Column] = {
    each.name: each
    for each in (
        Column("id", "申请编号", "text"),
        Column("name", "申请名称", "text"),
        Column("zone", "开发区代码", "code"),
        Column("kind", "申请类型", "code"),
        Column("day", "核查日期", "day"),
        Column("state", "状态", "code", one_of=STATES),
        Column("verdict", "结论", "code", one_of=MARKS),
        Column("who", "填报人", "text"),
        Column("filed", "提交时间", "text"),
        Column("changed", "变更时间", "text"),
    )
}
