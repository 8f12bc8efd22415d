# SPDX-License-Identifier: MIT
"""cases/*.toml: what is compared, how often, and against which targets."""
import dataclasses
import pathlib
import tomllib

from .targets import Target

_FOLDER = pathlib.Path(__file__).resolve().parents[1] / "cases"


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    kind: str        # which module of parts/ runs it
    rounds: int      # in the form that was asked for; 0: not in this form
    settings: dict   # the rest of the file, for that module
    targets: list

    @property
    def cases(self):
        return self.settings.get("case", [])


def names():
    """In the order in which they run."""
    texts = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
             for path in _FOLDER.glob("*.toml")}
    return sorted(texts, key=lambda name: texts[name]["order"])


def load(name, form):
    """`form` is "short" or "full"."""
    settings = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    targets = [Target(**target) for target in settings.pop("target", [])]
    return Part(name, settings.pop("kind"), settings.pop("rounds")[form], settings, targets)
