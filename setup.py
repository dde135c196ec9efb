"""The README as a package index shows it: what is a path in a checkout is an address there.

All else stands in setup.cfg.
"""

import re
from pathlib import Path

from setuptools import setup

PLACE = "https://github.com/kalint/kalint/blob/main/"
PICTURES = "https://raw.githubusercontent.com/kalint/kalint/main/"

text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
text = re.sub(r"(!\[[^]]*\]\()(?!\w+:)", rf"\g<1>{PICTURES}", text)
text = re.sub(r"^(\[[^]]+\]: )(?!\w+:)", rf"\g<1>{PLACE}", text, flags=re.MULTILINE)
setup(long_description=text, long_description_content_type="text/markdown")
