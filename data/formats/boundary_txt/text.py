"""Bytes to lines (文本行): encodings, line ends and full-width characters, without a string for each line.

A file of five million points has as many lines, so the lines are places in one array of bytes; only those
that are looked at one by one become text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import FileBroken
from data.formats.faults import reader_fault
from data.formats.text_encoding import ENOUGH, guess, named
from data.records import Fault

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
WORDS = ("坐标", "地块", "属性", "带号", "项目", "精度")
"""Words of every header: the encoding in which one of them stands there is the file's"""
HEAD = 1 << 16
BLANKS_MOST = 16
WIDE: dict[int, int | None] = {0xFF01 + i: 0x21 + i for i in range(94)}
WIDE |= {0x3000: 0x20, 0xA0: 0x20, 0x3010: 0x5B, 0x3011: 0x5D, 0x3014: 0x5B, 0x3015: 0x5D, 0xFEFF: None}
"""Full-width characters, blanks and brackets -> plain ones"""
BLANK = np.zeros(256, bool)
BLANK[[0x09, 0x0B, 0x0C, 0x0D, 0x20]] = True


def plain(text: str) -> str:
    """Text with full-width letters, digits, marks and brackets made plain, and no blanks around it.

    >>> plain(" 【地块坐标】"), plain("Ｊ１，１，３８５００００．５　")
    ('[地块坐标]', 'J1,1,3850000.5')
    """
    return text.translate(WIDE).strip()


@dataclass(frozen=True)
class Lines:
    """The lines of a text.

    Parameters
    ----------
    raw : (n,) bytes of the text
    begins : (m + 1,) where each line begins with its blanks, and n at the end
    starts, ends : (m,) the line without the blanks around it; equal where nothing is left
    encoding : of the bytes
    """

    raw: Bytes
    begins: Ints
    starts: Ints
    ends: Ints
    encoding: str

    def said(self, line: int) -> str:
        """A line as the file has it; bytes that fit no character are shown as �."""
        return self.raw[self.starts[line] : self.ends[line]].tobytes().decode(self.encoding, "replace")

    def text(self, line: int) -> str:
        """A line in plain characters."""
        return plain(self.said(line))

    def made_plain(self) -> Lines:
        """The whole text in plain characters, as UTF-8: for files whose very digits are full-width."""
        text = self.raw.tobytes().decode(self.encoding, "replace").translate(WIDE)
        return lines_of(text.encode(), "utf-8")


def lines_of(content: bytes, encoding: str) -> Lines:
    r"""Lines that end in LF, CRLF or CR, also mixed.

    >>> lines = lines_of(b"a\r\n\n b \rc", "utf-8")
    >>> [lines.said(i) for i in range(4)]
    ['a', '', 'b', 'c']
    """
    raw = np.frombuffer(content, np.uint8)
    breaks, returns = np.flatnonzero(raw == 0x0A), np.flatnonzero(raw == 0x0D)
    if len(returns):
        alone = returns[raw[np.minimum(returns + 1, len(raw) - 1)] != 0x0A]
        alone = alone if returns[-1] != len(raw) - 1 else np.union1d(alone, returns[-1:])
        breaks = np.sort(np.concatenate([breaks, alone])) if len(alone) else breaks
    last = [len(raw)] if not len(breaks) or breaks[-1] != len(raw) - 1 else []
    ends = np.concatenate([breaks, np.array(last, np.int64)])
    begins = np.concatenate([[0], breaks + 1, last]).astype(np.int64)
    starts, ends = _trimmed(raw, begins[:-1].copy(), ends.copy())
    return Lines(raw, begins, starts, ends, encoding)


def _trimmed(raw: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Without the blanks before and behind each line: a few at a time, and long runs of them line by line."""
    for _ in range(BLANKS_MOST):
        todo = np.flatnonzero(ends > starts)
        before, behind = todo[BLANK[raw[starts[todo]]]], todo[BLANK[raw[ends[todo] - 1]]]
        if not len(before) and not len(behind):
            return starts, ends
        starts[before] += 1
        ends[behind] -= ends[behind] > starts[behind]
    todo = np.flatnonzero(ends > starts)
    for line in todo[BLANK[raw[starts[todo]]] | BLANK[raw[ends[todo] - 1]]].tolist():
        text = raw[starts[line] : ends[line]].tobytes()
        starts[line] += len(text) - len(text.lstrip())
        ends[line] = starts[line] + len(text.strip())
    return starts, ends


def read_lines(path: Path, encoding: str | None, faults: list[Fault]) -> Lines:
    """The lines of a file, in the encoding that is named, marked, or borne out by its words.

    Raises
    ------
    FileBroken : it is no text
    """
    content = path.read_bytes()
    mark, found = next(((mark, name) for mark, name in BOMS if content.startswith(mark)), (b"", ""))
    content = content[len(mark) :]
    name = named(encoding) if encoding else found or _wide_zeros(content)
    if name.startswith("utf-16"):
        content, name = content.decode(name, "replace").encode(), name
        if b"\0" in content or content.count(b"\xef\xbf\xbd") > 8:
            raise _no_text(path)
        return replace(lines_of(content, "utf-8"), encoding="utf-8")
    if b"\0" in content:
        raise _no_text(path)
    return lines_of(content, name or _guessed(content, path, faults))


def _wide_zeros(content: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain digits is zero."""
    head = np.frombuffer(content[: HEAD - HEAD % 2], np.uint8)
    even, odd = (float((head[at::2] == 0).mean()) if len(head) > 1 else 0.0 for at in (0, 1))
    if max(even, odd) < 0.4 or min(even, odd) > 0.05:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _guessed(content: bytes, path: Path, faults: list[Fault]) -> str:
    """The encoding in which the header's words stand there; else that in which the texts make sense."""
    head = content[:HEAD]
    for name in ("utf-8", "gb18030", "cp950"):
        if any(word.encode(name, "ignore") in head for word in WORDS if word.encode(name, "ignore")):
            return name
    sample = [(line, True) for line in content[: HEAD * 4].splitlines() if not line.isascii()]
    if not sample:
        return "utf-8"
    best = guess(sample)
    if best is None:
        raise _no_text(path)
    if best.name not in {"utf-8", "gb18030"} or best.fit < ENOUGH / 2:
        said = f"Nothing sound says which encoding the text is in; it was read as {best.name}."
        remedy = "Look at the names; if they are garbled, name the encoding (--encoding gb18030, utf-8)."
        faults.append(reader_fault("encoding_guessed", said, remedy, file=path.name))
    return best.name


def _no_text(path: Path) -> FileBroken:
    return FileBroken(
        f"{path.name} is no text: its bytes make sense in no encoding, or hold zeros. "
        "It was damaged or is something else under this name: copy or export it again."
    )
