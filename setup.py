"""The compiled twins: every ``_name.pyx`` beside its reference ``name.py``. All else is in pyproject.toml."""

from pathlib import Path

import lxml
from Cython.Build import cythonize
from setuptools import Extension, setup

_SETTINGS = {"boundscheck": False, "wraparound": False, "language_level": 3}


def _extensions() -> list[Extension]:
    sources = sorted(Path("cleaner").rglob("_*.pyx"))
    if not sources:
        return []
    names = [".".join(source.with_suffix("").parts) for source in sources]
    found = [
        Extension(name, [str(source)], include_dirs=lxml.get_include())
        for name, source in zip(names, sources, strict=True)
    ]
    made: list[Extension] = cythonize(found, compiler_directives=_SETTINGS)
    for extension in made:
        # Where no compiler is, or it fails, the reference does the same work, only slower. cythonize drops the mark.
        extension.optional = True
    return made


setup(ext_modules=_extensions())
