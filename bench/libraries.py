"""What the libraries alone take that Release Desk stands on: loaded, connected to nothing, without its code."""

import subprocess
import sys

LIBRARIES = (
    "aiohttp",
    "slack_bolt.async_app",
    "sqlmodel.ext.asyncio.session",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "apscheduler.schedulers.asyncio",
    "jinja2",
    "pydantic_settings",
    "structlog",
)

_PROGRAM = """
import sys
sys.modules["rich"] = None  # as `releasedesk run` keeps structlog from loading it
for name in sys.argv[1:]:
    __import__(name)
status = open("/proc/self/status").read()
print(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
"""


def memory() -> float:
    """Resident megabytes of a Python that has loaded :data:`LIBRARIES`."""
    command = [sys.executable, "-c", _PROGRAM, *LIBRARIES]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024
