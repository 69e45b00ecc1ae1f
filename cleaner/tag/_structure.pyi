from cleaner.html.blocks import Blocks, Containers
from cleaner.tag.structure import Sign

class SignFinder:
    def __init__(
        self,
        tags: dict[str, tuple[int, Sign]],
        words: list[str],
        signs: list[tuple[int, Sign]],
        whole: list[bool],
    ) -> None: ...
    def signs(self, containers: Containers) -> list[Sign | None]: ...
    def zones(self, blocks: Blocks, total: list[int], headline: int, forum: bool) -> list[Sign | None]: ...
