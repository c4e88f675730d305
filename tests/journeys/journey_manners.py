"""The manners in which a person walks a journey: at a desk, with a phone, with a browser that runs no scripts (M16)."""

import os
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Manner:
    """A kind of browser: its window, whether it is touched, whether it runs scripts."""

    name: str
    width: int = 1280
    height: int = 900
    touch: bool = False
    scripts: bool = True

    def context(self, *, scripts: bool) -> dict[str, Any]:
        """How a browser of this kind is opened; `scripts` false switches them off in any manner."""
        return {
            "viewport": {"width": self.width, "height": self.height},
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "java_script_enabled": self.scripts and scripts,
        }


DESKTOP = Manner("desktop")
PHONE = Manner("phone", width=390, height=844, touch=True)
NO_SCRIPTS = Manner("no_scripts", scripts=False)
_EVERY = (DESKTOP, PHONE, NO_SCRIPTS)


def manners_of_the_run() -> list[Manner]:
    """Those that PORTAL_TEST_MANNERS names, separated by blanks; all of them unless told otherwise."""
    named = os.environ.get("PORTAL_TEST_MANNERS", "").split()
    return [manner for manner in _EVERY if not named or manner.name in named]
