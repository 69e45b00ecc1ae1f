"""Cleaner inside other libraries; each module needs its own, and is imported only by who has it."""
