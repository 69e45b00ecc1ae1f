# The service of Cleaner: docs/service.md says how to build, run and bound it.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
WORKDIR /build
# For the compiled twins of slow modules; without a compiler Cleaner is the same, but slower.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY pyproject.toml setup.py README.md LICENSE ./
COPY cleaner ./cleaner
RUN python -m venv /opt/cleaner
RUN /opt/cleaner/bin/pip install --no-cache-dir --disable-pip-version-check '.[web]'

FROM python:${PYTHON}-slim
COPY --from=build /opt/cleaner /opt/cleaner
ENV PATH=/opt/cleaner/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    CLEANER_HOST=0.0.0.0 \
    CLEANER_PORT=8000
# Nobody's: it needs to write nothing.
USER 65532:65532
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['CLEANER_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["cleaner", "serve"]
