"""`python -m bot` is `releasedesk`."""

from bot.cli import main

main()
