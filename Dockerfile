# `tmad web` on a processor: no root, and nothing is written but below /tmp.
#   docker build -t tmad .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -p 127.0.0.1:7860:7860 tmad
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/tmad
ENV PATH=/opt/tmad/bin:$PATH
# torch and what it needs from its own index alone: there it comes without CUDA's 2 GB
RUN pip install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cpu
COPY . /source
# OpenCV without windows needs no X libraries
RUN pip install --no-cache-dir opencv-python-headless "/source[web]"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/tmad /opt/tmad
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tmad
USER 10001
ENV PATH=/opt/tmad/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 7860
STOPSIGNAL SIGTERM
ENTRYPOINT ["tmad", "web", "--host", "0.0.0.0"]
