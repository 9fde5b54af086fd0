"""What Slack accepts as blocks and views: tables of fields and limits, read by a small schema library.

Where sources disagree about a limit, the smaller one holds here, so that what passes here passes there.
"""
