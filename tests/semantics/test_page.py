"""docs/semantics.md and the profiles say the same."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from kalint.semantics.page import BEGIN, END, field_texts, generated
from kalint.semantics.profile import Profile
from kalint.semantics.profiles import PROFILES, profile_for
from kalint.version import NEWEST, OLDEST, parse_version

PAGE = Path(__file__).parents[2] / "docs" / "semantics.md"


def test_the_page_is_made_from_the_present_profiles():
    """`python -m kalint.semantics.page docs/semantics.md` would change nothing."""
    text = PAGE.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == generated()


def test_every_difference_has_a_name_a_meaning_and_a_source():
    """Each field of a profile says what it means, and in which file of which release that is to be seen."""
    texts = field_texts()
    assert set(Profile._fields) == set(texts)
    without = [name for name, text in texts.items() if name != "since" and not re.search(r"Source: .*\d", text)]
    assert without == []


def test_every_kind_of_history_is_on_the_page():
    """What `Instance.history` may say is explained in the page."""
    text = PAGE.read_text(encoding="utf-8")
    source = (PAGE.parents[1] / "kalint/semantics/resolved.py").read_text(encoding="utf-8")
    kinds = re.findall(r'"([a-z-]+)"', source.split("History = Literal[")[1].split("]")[0])
    assert "shared-interface-fault" in kinds
    assert [kind for kind in kinds if kind not in text] == []


def test_profiles_are_in_order_and_each_differs_from_the_one_before():
    """Releases ascend from the oldest that kalint knows, and no profile is there for nothing."""
    releases = [profile.since for profile in PROFILES]
    assert releases == sorted(set(releases))
    assert releases[0] == OLDEST
    for before, after in pairwise(PROFILES):
        assert before._replace(since=after.since) != after


def test_a_release_has_the_newest_profile_that_is_not_newer():
    """Between two profiles the older one holds; a release to come is taken for the newest."""
    assert profile_for(OLDEST) is PROFILES[0]
    assert profile_for(NEWEST) is PROFILES[-1]
    assert profile_for(parse_version("9.9.9")) is PROFILES[-1]
    assert profile_for(parse_version("2.1.2")).since == parse_version("2.1.0")
    assert profile_for(parse_version("2.2")).since == parse_version("2.2.0")


def test_no_release_is_compared_anywhere_else():
    """Only the profiles and the keyword table know which release came first."""
    root = PAGE.parents[1] / "kalint"
    allowed = {root / "semantics/profiles.py", root / "version.py"}
    comparing = re.compile(r"\b(?:version|release|since)\b\s*(?:<|>|<=|>=)\s*(?:Version\(|\(|parse_version)")
    found = [
        str(path)
        for path in root.rglob("*.py")
        if path not in allowed and "keywords" not in path.parts and comparing.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
