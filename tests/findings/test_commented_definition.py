"""A definition of several lines, each of them commented out, is one finding."""

from __future__ import annotations

from kalint.findings.folding import folded
from kalint.pipeline.diagnosing import diagnose
from kalint.pipeline.reading import Request, load

CONTENT = b"""# $SCRIPT= \\
# vrrp_script chk { \\
#     interval 1 \\
# }
nonsense
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 151
    virtual_ipaddress {
        10.0.0.9/24
    }
}
"""


def test_comments_that_end_in_a_backslash_are_one_finding() -> None:
    """Another unknown keyword stays a finding of its own."""
    request = Request()
    found = [each for each in folded(diagnose(load("a.conf", CONTENT, request), request)) if each.code == "KA002"]
    assert [(each.span.line, [other.span.line for other in each.related]) for each in found] == [(1, [2, 3]), (5, [])]
