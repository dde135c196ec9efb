# docker build -t kalint . && docker run --rm -v "$PWD:/w:ro" kalint check /w
#
# A user without rights, nothing to write: runs with --read-only, --cap-drop ALL and --network none. kalint starts no
# process that outlives it, so it needs no init.

FROM python:3.12-slim AS build
COPY . /src
RUN python -m venv /opt/kalint && /opt/kalint/bin/pip install --no-cache-dir "/src[watch,yaml]"

FROM python:3.12-slim
COPY --from=build /opt/kalint /opt/kalint
ENV PATH="/opt/kalint/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /w
ENTRYPOINT ["kalint"]
CMD ["--help"]
