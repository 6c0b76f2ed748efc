# The web process, the worker and beat run from this one image; the command tells them apart.
FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore \
 && rm -rf /var/lib/apt/lists/*

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/portal
COPY requirements.txt .
RUN pip install --requirement requirements.txt
COPY . .
# Neither step needs a real secret or a database.
RUN python -m config.messages \
 && PRODUCTION=1 SECRET_KEY=only-for-collecting-static-files-at-build-time ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://none@none/none REDIS_URL=redis://none python manage.py collectstatic --noinput --verbosity 0 \
 && useradd --system --uid 10001 portal \
 && mkdir -p var && chown portal var
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD python -c "import urllib.request; urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}), timeout=4)"
# Web processes: twice the server's cores and one, as a save waits for the disk (docs/production.env.example).
ENV WEB_CONCURRENCY=5
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--max-requests", "5000", "--max-requests-jitter", "500", "--access-logfile", "-"]
