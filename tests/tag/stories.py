"""A story of our own to plant asks into."""

from __future__ import annotations

STORY = [
    "The last ferry of the year left the harbour at noon on Friday, with nine islanders, two dogs and a bed aboard.",
    "Nobody on the quay had expected it to sail so late, least of all the harbour master, Ena Brock, who was asleep.",
    "She had closed the ticket office in October and given the key to the postman, who lost it in the first snow.",
    "The island council will meet on Monday to ask why the timetable was never changed, and who should do it.",
    "Until the ice breaks in April, letters will go by sledge, as they did in the winters before the harbour.",
    "The ferry itself will spend the winter in the dry dock at Wick, where its engine is to be taken apart.",
]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)
