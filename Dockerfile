# Small and unprivileged: the wheel is built in one stage from the development lock, run in another from the
# production lock. `make image-check` proves these steps in a clean folder, without an engine.
FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
RUN python3 -m venv .venv && .venv/bin/pip install -q --no-cache-dir --require-hashes -r requirements-dev.txt
RUN .venv/bin/pip wheel -q --no-deps --no-build-isolation -w dist .

FROM python:3.11-slim
WORKDIR /srv/portal
COPY requirements.txt .
RUN python3 -m venv venv && venv/bin/pip install -q --no-cache-dir --require-hashes -r requirements.txt
COPY --from=build /src/dist dist
RUN venv/bin/pip install -q --no-cache-dir --no-deps dist/*.whl && rm -r dist requirements.txt
USER 10001:10001
EXPOSE 8000
CMD ["venv/bin/portal", "serve", "--host", "0.0.0.0", "--port", "8000"]
