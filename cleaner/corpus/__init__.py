"""Many pages: a corpus on all cores of one machine, or as a function of batches for an engine of many machines."""

from cleaner.corpus.arrow import clean_batch, clean_batches
from cleaner.corpus.manifest import CannotResume
from cleaner.corpus.pool import TaskFailed
from cleaner.corpus.run import State, run
from cleaner.corpus.schema import SCHEMA_VERSION, schema

__all__ = ["SCHEMA_VERSION", "CannotResume", "State", "TaskFailed", "clean_batch", "clean_batches", "run", "schema"]
