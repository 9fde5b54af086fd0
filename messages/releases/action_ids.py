"""Action ids of the buttons on a release's card. Slack sends them back for as long as a message exists."""

APPROVE = "release:approve"

APPROVE_AFTERWARDS = "release:approve_afterwards"

REJECT = "release:reject"

REQUEST_CHANGES = "release:request_changes"

EDIT = "release:edit"

CANCEL = "release:cancel"
