from cleaner.tag.characters import Floats
from cleaner.tag.numbers import Integers
from cleaner.tag.rules import Rules
from cleaner.tag.verdict import Verdict

def numbers(rules: Rules, verdict: Verdict, boxes: Integers) -> Floats: ...
