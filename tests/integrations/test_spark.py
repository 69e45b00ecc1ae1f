"""Spark: a local one of two workers gives the rows that clean_batch gives, whatever the pages are."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark import cloudpickle
from pyspark.sql import DataFrame, SparkSession

import cleaner
from cleaner import corpus
from cleaner.html.decode import decode
from cleaner.integrations.spark import SCHEMA, clean, clean_udf, schema, text_udf
from tests.conftest import ROOT, SAMPLES, read_sample, sample_folders

DOCS = ROOT / "docs/integrations/spark.md"
ENCODED = sorted((SAMPLES / "encodings").glob("*.html"))[::8]
MODEL = Path(cleaner.__file__).with_name("tag") / "model"
RUSSIAN = SAMPLES / "encodings/windows-1251-ru.html"
STORY = read_sample(SAMPLES / "wordpress-local-news")
BROKEN = {
    "cut": "<p>Eine Brücke über die Förde, und was sie kostet.</p>".encode()[:11],
    "mixed": b"<p>caf\xe9 and caf\xc3\xa9, in one page</p>",
    "zeros": bytes(1000),
    "noise": bytes(range(256)) * 40,
    "lone surrogate": b"<p>\xed\xa0\x80 stands here</p>",
    "unclosed": b"<!--" + b"<div>" * 3000,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "nothing": b"",
}
CONFIG = {
    "spark.ui.enabled": "false",
    "spark.driver.memory": "512m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # So that each worker gets several batches.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "5",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        pytest.fail("Spark needs Java 17 or newer: install default-jre-headless, or set JAVA_HOME", pytrace=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master("local[2]").appName("tests")
        for key, value in CONFIG.items():
            builder = builder.config(key, value)
        session = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate()
        yield session
        session.stop()


def pages_of_samples(step: int = 1) -> dict[str, list[Any]]:
    samples = [sample for sample in map(read_sample, sample_folders()) if sample.page.suffix == ".html"][::step]
    return {
        "id": [sample.name for sample in samples],
        "url": [sample.about.get("url") for sample in samples],
        "html": [sample.page.read_bytes() for sample in samples],
    }


def frame_of(spark: SparkSession, columns: dict[str, list[Any]], parts: int = 2) -> DataFrame:
    return spark.createDataFrame(pa.table(columns)).repartition(parts)


def by_id(rows: DataFrame) -> dict[str, dict[str, Any]]:
    found = rows.toArrow().to_pylist()
    assert len({row["id"] for row in found}) == len(found)
    return {row.pop("id"): row for row in found}


def expected(columns: dict[str, list[Any]], **options: Any) -> dict[str, dict[str, Any]]:
    batch = pa.RecordBatch.from_pydict(columns)
    return dict(zip(columns["id"], corpus.clean_batch(batch, **options).to_pylist(), strict=True))


def test_rows_of_all_samples_are_those_of_a_batch(spark: SparkSession) -> None:
    columns = pages_of_samples()
    rows = clean(frame_of(spark, columns, parts=3), passing="id", markdown=True)
    found = by_id(rows)
    assert found == expected(columns, markdown=True)
    for name, url, html in zip(*columns.values(), strict=True):
        assert found[name]["text"] == cleaner.clean(html, url).text
    assert rows.schema.names == ["id", *corpus.schema(markdown=True).names]
    assert rows.schema[1:] == schema(markdown=True)


def test_pages_as_strings(spark: SparkSession) -> None:
    columns = pages_of_samples(step=4)
    columns["html"] = [decode(html)[0].decode("utf-8") for html in columns["html"]]
    found = by_id(clean(frame_of(spark, columns), passing=["id"]))
    assert found == expected(columns)
    for name, url, html in zip(*columns.values(), strict=True):
        assert found[name]["text"] == cleaner.clean(html, url).text


def text_of(html: bytes) -> str | None:
    """The text of a page; None for what is no page."""
    (page,) = cleaner.load(html)
    return None if page.error else cleaner.clean(html).text


def test_missing_and_broken_pages_are_rows_as_well(spark: SparkSession) -> None:
    pages = {"null": None, **BROKEN, **{path.name: path.read_bytes() for path in ENCODED}}
    columns = {"id": list(pages), "html": list(pages.values())}
    found = by_id(clean(frame_of(spark, columns), passing=["id"]))
    assert found == expected(columns)
    assert found.pop("null")["error"] == "is missing"
    assert {name: row["text"] for name, row in found.items()} == {
        name: text_of(html) for name, html in pages.items() if html is not None
    }


def test_declared_charsets_and_other_names(spark: SparkSession) -> None:
    article = "<title>Добрый день</title><p>Мост открыли осенью, и весь город вышел на берег.</p>"
    columns = {
        "id": ["koi8", "cp866", "none"],
        "body": [article.encode("koi8-r"), article.encode("cp866"), article.encode()],
        "address": ["https://a.example/", None, "https://b.example/"],
        "header": ["koi8-r", "ibm866", None],
    }
    names = {"html": "body", "url": "address", "charset": "header"}
    found = by_id(clean(frame_of(spark, columns), passing=["id"], **names))
    assert found == expected(columns, **names)
    assert {row["title"] for row in found.values()} == {"Добрый день"}


def test_strings_that_are_no_utf_8(spark: SparkSession) -> None:
    """Spark casts any bytes to a string, and does not look at them."""
    pages = {
        "russian": RUSSIAN.read_bytes(),
        "fine": "<p>Größe und Maß, in UTF-8.</p>".encode(),
        "null": None,
        **BROKEN,
    }
    binary = frame_of(spark, {"id": list(pages), "html": list(pages.values())}, parts=1)
    addresses = {"fine": b"https://a.example/b", "null": None, "mixed": b"https://b.example/\xe9"}
    addressed = frame_of(spark, {"key": list(addresses), "url": list(addresses.values())})
    strings = binary.join(addressed, binary["id"] == addressed["key"], "left").selectExpr(
        "id", "string(html) AS html", "string(url) AS url"
    )
    assert strings.where("NOT is_valid_utf8(html)").count() > 2
    found = by_id(clean(strings, passing=["id"]))
    assert {name: row["text"] for name, row in found.items()} == {
        name: None if html is None else text_of(html) for name, html in pages.items()
    }
    assert found["fine"]["url"] == "https://a.example/b"
    assert found["mixed"]["url"].startswith("https://b.example/")


@pytest.mark.parametrize("large", ["false", "true"])
def test_parquet_in_parquet_out_with_columns_of_any_type(spark: SparkSession, tmp_path: Path, large: str) -> None:
    count = 12
    columns = {
        "id": list(range(count)),
        "html": [STORY.page.read_bytes()] * (count - 1) + [None],
        "fetched": [datetime(2026, 5, number + 1, tzinfo=UTC) for number in range(count)],
        "headers": [[("server", "nginx")]] * count,
        "links": pa.array([["a", "b"], None, []] * (count // 3), pa.list_(pa.string())),
        "site": [{"rank": number, "name": f"site {number}"} for number in range(count)],
    }
    kinds = {"headers": pa.map_(pa.string(), pa.string())}
    arrays = {name: pa.array(values, kinds.get(name)) for name, values in columns.items()}
    pq.write_table(pa.table(arrays), tmp_path / "pages.parquet", row_group_size=4)
    passing = [name for name in columns if name != "html"]
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", large)
    try:
        frame = spark.read.parquet(str(tmp_path / "pages.parquet"))
        clean(frame.repartition(2), passing=passing).write.parquet(str(tmp_path / "rows"))
    finally:
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
    table = pq.read_table(tmp_path / "rows").sort_by("id")
    assert table.column_names == [*passing, *corpus.schema().names]
    assert table.select(passing).to_pylist() == pa.table(arrays).select(passing).to_pylist()
    assert table["text"].to_pylist() == [cleaner.clean(STORY.page.read_bytes()).text] * (count - 1) + [None]
    assert table["digest"].null_count == 1
    assert spark.read.parquet(str(tmp_path / "rows")).schema[len(passing) :] == SCHEMA


def test_options_of_the_cleaner(spark: SparkSession) -> None:
    html, label = STORY.page.read_bytes(), "caption"
    frame = frame_of(spark, {"html": [html], "id": ["story"]}, parts=1)
    for options in ({"keep": [label]}, {"drop": ["body"]}, {"model": False}):
        row = clean(frame, **options).collect()[0]
        assert row["text"] == cleaner.Cleaner(**options).clean(html).text  # type: ignore[arg-type]
    row = clean(frame, full_metadata=True).collect()[0]
    assert row.asDict() == expected({"id": [0], "html": [html]}, full_metadata=True)[0]
    rows = frame.mapInArrow(clean_udf(keep=label), schema=SCHEMA)
    assert rows.columns == corpus.schema().names
    assert rows.collect()[0]["text"] == cleaner.clean(html, keep=label).text


def test_a_frame_without_rows(spark: SparkSession) -> None:
    frame = spark.createDataFrame([], "id long, html binary, url string")
    assert clean(frame, passing=["id"]).collect() == []


def test_wrong_calls_are_told_before_the_job(spark: SparkSession) -> None:
    frame = spark.createDataFrame([], "id long, html binary, Title string")
    with pytest.raises(ValueError, match="no column body, address, key; there are id, html"):
        clean(frame, html="body", url="address", passing=["key"])
    with pytest.raises(ValueError, match="Title would be there twice"):
        clean(frame, passing=["id", "Title"])
    with pytest.raises(ValueError, match="the labels are"):
        clean(frame, keep=["captions"])
    with pytest.raises(ValueError, match="the labels are"):
        text_udf(drop="captions")
    with pytest.raises(TypeError, match="colour"):
        clean(frame, colour="blue")


def test_the_text_alone(spark: SparkSession) -> None:
    html = STORY.page.read_bytes()
    frame = frame_of(spark, {"id": [1, 2, 3], "html": [html, None, b""]}, parts=1)
    wanted = [cleaner.clean(html, keep="caption").text, None, ""]
    spark.udf.register("story", text_udf(keep="caption"))  # type: ignore[arg-type]
    for page in ("html", "string(html)"):
        assert [row[0] for row in frame.orderBy("id").selectExpr(f"story({page})").collect()] == wanted


def test_a_worker_gets_the_options_and_reads_the_model_once(tmp_path: Path) -> None:
    for name in ("tagger.onnx", "tagger.json"):
        shutil.copy(MODEL / name, tmp_path)
    sent = cloudpickle.dumps(clean_udf(keep=["caption"], passing=["id"], model=tmp_path / "tagger.onnx"))
    assert len(sent) < 4000
    batch = pa.RecordBatch.from_pydict({"html": [STORY.page.read_bytes()], "id": [1]})
    (first,) = pickle.loads(sent)(iter([batch]))
    shutil.rmtree(tmp_path)
    (again,) = pickle.loads(sent)(iter([batch]))
    assert again == first


def test_the_example_of_the_docs(spark: SparkSession, tmp_path: Path) -> None:
    samples = pages_of_samples(step=3)
    columns = {
        "id": samples["id"],
        "body": samples["html"],
        "address": samples["url"],
        "fetched": [datetime(2026, 5, 1, tzinfo=UTC)] * len(samples["id"]),
    }
    frame_of(spark, columns).write.parquet(f"{tmp_path}/pages")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", DOCS.read_text("utf-8"), re.M | re.S))
    assert "crawl/stories" in code
    names: dict[str, Any] = {}
    try:
        exec(code.replace("crawl/", f"{tmp_path}/"), names)
        assert names["rows"].count() == names["texts"].count() == len(columns["id"])
    finally:
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "5")
    stories = {row["id"]: row for row in pq.read_table(tmp_path / "stories").to_pylist()}
    about = {name: tomllib.loads((SAMPLES / name / "about.toml").read_text("utf-8")) for name in columns["id"]}
    wanted = {name for name, said in about.items() if (said["page_type"], said["access"]) == ("article", "full")}
    assert stories.keys() == wanted
    for name, html, url, fetched in zip(*columns.values(), strict=True):
        if name in wanted:
            assert stories[name]["text"] == cleaner.clean(html, url).text
            assert stories[name]["fetched"] == fetched
