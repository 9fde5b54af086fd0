"""`python -m bot` is `releasedesk`."""

from bot.cli.main import main

main()
