# One image for worker, API, relay and migrations; the command says which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONPATH=/siaga PYTHONSAFEPATH=1 \
    NUMBA_CACHE_DIR=/tmp/numba
WORKDIR /siaga

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# Each case imports its own file anew: without bytecode it would compile it anew, and the image is read-only later.
RUN python -m compileall -q . \
 && useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin siaga
USER siaga

CMD ["python", "-m", "worker"]
