# Pullquote for CPUs, with its model. The container needs no network and no writable disk:
#
#   docker build -t pullquote .
#   docker run --read-only -p 8000:8000 pullquote
#
# compose.yaml starts it with Prometheus and Grafana.
#
# tests/follow_dockerfile.py runs these steps on machines without Docker.

FROM python:3.11-slim-bookworm AS build
# Address of PyTorch's CPU wheel index (see install.sh). Without it, the image contains several GB of unused CUDA libraries.
ARG PULLQUOTE_TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1
WORKDIR /src
# strip, for slim.sh
# hadolint ignore=DL3008
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/pullquote
COPY constraints.txt install.sh slim.sh ./
RUN sh install.sh /opt/pullquote/bin/python torch
COPY pyproject.toml README.md LICENSE NOTICE openapi.yaml ./
COPY pullquote pullquote
COPY schemas schemas
COPY service service
# Extras to install, for example '[archive]' for `pullquote archive`.
ARG PULLQUOTE_EXTRAS=""
RUN sh install.sh /opt/pullquote/bin/python ".$PULLQUOTE_EXTRAS"
# Without extras, which could need it, the image leaves out what the service never imports.
RUN test -n "$PULLQUOTE_EXTRAS" || sh slim.sh /opt/pullquote

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home pullquote
COPY --from=build /opt/pullquote /opt/pullquote
ENV PATH=/opt/pullquote/bin:$PATH \
    HOME=/dev/shm \
    TMPDIR=/dev/shm \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PULLQUOTE_HOST=0.0.0.0 \
    PULLQUOTE_PORT=8000
WORKDIR /
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PULLQUOTE_PORT']}/healthz\", timeout=3)"]
ENTRYPOINT ["pullquote", "serve"]
