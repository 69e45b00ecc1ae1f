"""The page about the service at ``/docs``, made of its OpenAPI description: nothing from elsewhere, no script."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Any

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
body { color: #222; background: #fff }
h2 { margin-top: 2.5rem; border-top: 1px solid #ccc; padding-top: 1rem }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; background: #f3f3f3; padding: 0.1em 0.3em }
pre { padding: 0.8rem; overflow-x: auto }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #e3e3e3 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } code, pre { background: #2a2a2a } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy of the page: its own style and nothing else."""
_EXAMPLES = """\
curl -H 'Content-Type: text/html' --data-binary @page.html 'ADDRESS/clean?format=markdown'
curl --json '{"html": "<h1>…", "url": "https://paper.example/story", "keep": ["caption"]}' ADDRESS/clean
curl -H 'Content-Type: text/plain' --data-binary @page.txt ADDRESS/clean_text
curl -sN -H 'Content-Type: application/x-ndjson' -T pages.jsonl -X POST ADDRESS/batch"""


def docs_page(api: dict[str, Any], address: str) -> str:
    """The page. address: of the service, for the examples."""
    info = api["info"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['description'])}</p>",
        f"<pre>{escape(_EXAMPLES.replace('ADDRESS', address))}</pre>",
        "<p>The same for programs: <a href=openapi.json>openapi.json</a>.</p>",
    ]
    for path, methods in api["paths"].items():
        for method, route in methods.items():
            parts += _route(f"{method.upper()} {path}", route)
    return "\n".join(parts)


def _route(name: str, route: dict[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{escape(name)}</code></h2><p>{escape(route.get('description') or route.get('summary', ''))}</p>"
    if parameters := route.get("parameters"):
        yield "<h3>In the address</h3>" + _fields({field["name"]: field["schema"] for field in parameters})
    for kind, body in route.get("requestBody", {}).get("content", {}).items():
        properties = body["schema"].get("properties")
        yield f"<h3>Body: <code>{escape(kind)}</code></h3>" + (_fields(properties) if properties else "")
    rows = "".join(
        f"<tr><td><code>{escape(status)}</code><td>{escape(answer['description'])}"
        for status, answer in route.get("responses", {}).items()
    )
    yield f"<h3>Answers</h3><table>{rows}</table>"


def _fields(fields: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code><td>{escape(_kind(schema))}<td>{escape(schema.get('description', ''))}"
        for name, schema in fields.items()
    )
    return f"<table>{rows}</table>"


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "")
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if kind == "array":
        return f"array of {schema['items'].get('type', '')}s"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
