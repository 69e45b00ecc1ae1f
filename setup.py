"""The compiled twins: every ``_name.pyx`` beside its reference ``name.py``. All else is in pyproject.toml."""

from pathlib import Path

import lxml
from Cython.Build import cythonize
from setuptools import Extension, setup

_SETTINGS = {"boundscheck": False, "wraparound": False, "language_level": 3}


def _extension(source: Path) -> Extension:
    name = ".".join(source.with_suffix("").parts)
    # Optional: where no compiler is, or it fails, the reference does the same work, only slower.
    return Extension(name, [str(source)], include_dirs=lxml.get_include(), optional=True)


sources = sorted(Path("cleaner").rglob("_*.pyx"))
setup(
    ext_modules=cythonize([_extension(source) for source in sources], compiler_directives=_SETTINGS) if sources else []
)
