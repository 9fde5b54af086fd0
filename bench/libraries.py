"""The memory of the libraries alone: loaded, connected to nothing, without our code."""

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
sys.modules["rich"] = None  # `releasedesk run` keeps structlog from loading it, too
for name in sys.argv[1:]:
    __import__(name)
status = open("/proc/self/status").read()
print(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
"""


def memory() -> float:
    """Resident memory of a Python that has loaded :data:`LIBRARIES`, in megabytes."""
    command = [sys.executable, "-c", _PROGRAM, *LIBRARIES]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024
